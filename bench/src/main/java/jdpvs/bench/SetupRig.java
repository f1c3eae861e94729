package jdpvs.bench;

import java.util.List;
import java.util.Random;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.linux.BootClock;
import jdpvs.linux.Mapping;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.port.FrameBuffers;
import jdpvs.port.PortQueue;
import jdpvs.port.memory.FrameSource;
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import jdpvs.stack.Device;
import jdpvs.stack.Egress;
import jdpvs.stack.Handover;
import jdpvs.stack.WorkerContext;
import jdpvs.stack.WorkerStack;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/**
 * One worker that does nothing but set connections up: every SYN is a new client's, every SYN that leaves for a server comes back as its
 * SYN-ACK some {@link #DELAY} set-ups later, nobody finishes the handshake, and after a second the connection ends by its time-out or
 * makes room. A part of the table is filled with established connections before.
 */
final class SetupRig implements AutoCloseable {
    static final int LOCAL_ADDRESSES = 100;
    /** Set-ups under way between a SYN and its SYN-ACK: about a millisecond's. */
    static final int DELAY = 1024;

    private static final int RING = 4096;
    private static final int FRAME_BYTES = 60;

    long setUps;
    private final int setUpsPerMilli;
    private final long beginMillis;
    private final Mapping memory;
    private final Mapping counterMemory;
    private final Mapping templates = Mapping.anonymous(4096, true);
    private final DropCounters drops = new DropCounters();
    private final BootClock clock = new BootClock();
    private final WorkerContext context;
    private final WorkerBalancer balancer;
    private final RigEgress egress = new RigEgress();
    private final MemoryPort[] ports;
    private final PortQueue[] queues;
    private final Burst burst = new Burst();
    private final Burst one = new Burst();

    /** SYNs that wait for their answer: addresses, ports, sequence number + 1 of what was sent to the server. */
    private final long[] ringAddresses = new long[RING];

    private final int[] ringPorts = new int[RING];
    private final int[] ringNumbers = new int[RING];
    private int ringHead;
    private int ringTail;
    private long client;
    private boolean flowing;
    private boolean finishing;

    /** @param setUpsPerMilli how many set-ups the worker's clock lets into a millisecond; 0 = it is the machine's clock */
    SetupRig(int capacity, int setUpsPerMilli) {
        this.setUpsPerMilli = setUpsPerMilli;
        Limits limits = new Limits(16, 64, 256);
        memory = Mapping.anonymous(WorkerBalancer.memoryBytes(capacity), true);
        counterMemory = Mapping.anonymous(ServerCounters.bytes(limits.servers()), true);
        ServerCounters counters = new ServerCounters(counterMemory.address());
        ServiceTable table = new ServiceTable(limits, new ServerStatistics(List.of(counters), limits.servers()));
        Topology.configure(table, Family.FOUR, LOCAL_ADDRESSES);
        context = new WorkerContext(
                0, 1, egress, new NoHandover(), drops, Topology.network(Family.FOUR, LOCAL_ADDRESSES));
        beginMillis = clock.millis();
        context.nowMillis = beginMillis;
        WorkerStack stack = new WorkerStack(context);
        Timeouts d = Timeouts.DEFAULT;
        Timeouts timeouts = new Timeouts(
                d.none(),
                3600,
                d.synSent(),
                1,
                d.finWait(),
                d.timeWait(),
                d.close(),
                d.closeWait(),
                d.lastAck(),
                d.listen(),
                d.synAck(),
                d.last(),
                d.udpOneWay(),
                d.udpNormal(),
                d.udpLast(),
                d.connectionInit());
        balancer = new WorkerBalancer(
                memory.address(),
                capacity,
                context,
                stack,
                counters,
                new SchedulerState(0, 1, limits.services()),
                table.current(),
                timeouts,
                new Random(1));
        balancer.takeEverySyn();
        stack.tick();
        template(syn(), Topology.WAN.macAddress(), Tcp.SYN);
        template(answer(), Topology.LAN.macAddress(), Tcp.SYN | Tcp.ACK);
        ports = new MemoryPort[] {port(Topology.WAN, this::writeFromClient), port(Topology.LAN, this::writeAnswer)};
        queues = new PortQueue[] {ports[0].queue(0), ports[1].queue(0)};
    }

    /** Establishes so many connections. */
    void establish(int count) {
        finishing = true;
        int before = balancer.connections().size();
        while (balancer.connections().size() - before < count) {
            cycle();
        }
        finishing = false;
        setUps = 0;
    }

    /** One cycle of the worker: a burst of SYNs, a burst of SYN-ACKs, timers. */
    void cycle() {
        context.nowMillis = setUpsPerMilli == 0 ? clock.millis() : beginMillis + client / setUpsPerMilli;
        for (int device = 0; device < queues.length; device++) {
            queues[device].receive(burst);
            balancer.process(burst, device);
            egress.flush(queues);
            queues[device].release();
        }
        balancer.tick();
    }

    int connections() {
        return balancer.connections().size();
    }

    long evicted() {
        return balancer.halfOpenEvicted();
    }

    /** @throws IllegalStateException when a packet went astray: the measurement would mean nothing */
    void check() {
        for (DropReason reason : DropReason.values()) {
            if (drops.get(reason) != 0) {
                throw new IllegalStateException("dropped " + drops.get(reason) + " " + reason);
            }
        }
    }

    @Override
    public void close() {
        for (MemoryPort port : ports) {
            port.close();
        }
        memory.close();
        counterMemory.close();
        templates.close();
    }

    private long syn() {
        return templates.address() + 64;
    }

    private long answer() {
        return templates.address() + 192;
    }

    private long finish() {
        return templates.address() + 320;
    }

    private static void template(long frame, long mac, int flags) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = ip + Ipv4.MINIMUM_LENGTH;
        VirtioNetHeader.clear(frame);
        Ipv4.setChecksum(ip, 0);
        Ethernet.set(frame, mac, 0x0200_0000_00ffL, Ethernet.TYPE_IPV4);
        Memory.putIntNet(ip, 0x4500_0000 | (FRAME_BYTES - Ethernet.LENGTH));
        Memory.putIntNet(ip + 4, Ipv4.DONT_FRAGMENT);
        Memory.putIntNet(ip + 8, 64 << 24 | Ipv4.TCP << 16);
        Memory.putShortNet(tcp + 12, Tcp.MINIMUM_LENGTH << 10 | flags);
        Tcp.setSequence(tcp, PipelineRig.SEQUENCE);
    }

    private MemoryPort port(Device device, FrameSource source) {
        return new MemoryPort(
                device.name(),
                device.macAddress(),
                device.mtu(),
                List.of(new MemoryQueue(new FrameBuffers(8192, 2048), source, this::sent)));
    }

    /** A SYN of the next client; while connections are being established, every second frame finishes a handshake. */
    private int writeFromClient(long frame) {
        copy(syn(), frame);
        long ip = frame + Ethernet.LENGTH;
        int number = (int) client++;
        Ipv4.setSource(ip, 0x0b00_0000 + number / 60_000 * 7919);
        Ipv4.setDestination(ip, Topology.VIP);
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        Tcp.setSourcePort(ip + Ipv4.MINIMUM_LENGTH, 1024 + number % 60_000);
        Tcp.setDestinationPort(ip + Ipv4.MINIMUM_LENGTH, 80);
        setUps++;
        return FRAME_BYTES;
    }

    private int writeAnswer(long frame) {
        if (((ringTail - ringHead) & (RING - 1)) <= (finishing ? 0 : DELAY)) {
            return 0;
        }
        copy(answer(), frame);
        long ip = frame + Ethernet.LENGTH;
        Memory.putLong(ip + 12, Long.rotateLeft(ringAddresses[ringHead], 32));
        Memory.putInt(ip + 20, Integer.rotateLeft(ringPorts[ringHead], 16));
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        Tcp.setAcknowledgement(ip + Ipv4.MINIMUM_LENGTH, ringNumbers[ringHead]);
        ringHead = (ringHead + 1) & (RING - 1);
        return FRAME_BYTES;
    }

    /** What the balancer sends: SYNs to servers are remembered, SYN-ACKs to clients acknowledged at once where connections are to be established. */
    private void sent(Burst frames) {
        if (flowing) {
            return;
        }
        for (int i = 0; i < frames.count; i++) {
            long ip = frames.address[i] + Ethernet.LENGTH;
            long tcp = ip + Ipv4.MINIMUM_LENGTH;
            int flags = Tcp.flags(tcp) & (Tcp.SYN | Tcp.ACK);
            if (flags == Tcp.SYN) {
                ringAddresses[ringTail] = Memory.getLong(ip + 12);
                ringPorts[ringTail] = Memory.getInt(tcp);
                ringNumbers[ringTail] = Tcp.sequence(tcp) + 1;
                ringTail = (ringTail + 1) & (RING - 1);
            } else if (flags == (Tcp.SYN | Tcp.ACK) && finishing) {
                finishHandshake(ip, tcp);
            }
        }
    }

    private void finishHandshake(long answerIp, long answerTcp) {
        long frame = finish();
        long ip = frame + Ethernet.LENGTH;
        // The client's address was put into the last one.
        template(frame, Topology.WAN.macAddress(), Tcp.ACK);
        Memory.putLong(ip + 12, Long.rotateLeft(Memory.getLong(answerIp + 12), 32));
        Memory.putInt(ip + 20, Integer.rotateLeft(Memory.getInt(answerTcp), 16));
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        long tcp = ip + Ipv4.MINIMUM_LENGTH;
        Tcp.setSequence(tcp, PipelineRig.SEQUENCE + 1);
        Tcp.setAcknowledgement(tcp, Tcp.sequence(answerTcp) + 1);
        one.count = 0;
        one.add(frame, FRAME_BYTES);
        flowing = true;
        egress.ignoring = true;
        balancer.process(one, 0);
        egress.ignoring = false;
        flowing = false;
    }

    private static void copy(long from, long to) {
        for (int i = 0; i < 64; i += 8) {
            Memory.putLong(to + i, Memory.getLong(from + i));
        }
    }

    private static final class RigEgress implements Egress {
        private final Burst[] queued = {new Burst(), new Burst()};
        private boolean ignoring;

        @Override
        public void send(int device, long frame, int length) {
            if (!ignoring) {
                queued[device].add(frame, length);
            }
        }

        @Override
        public long allocate() {
            return 0;
        }

        void flush(PortQueue[] queues) {
            for (int device = 0; device < queued.length; device++) {
                if (queued[device].count != 0) {
                    queues[device].transmit(queued[device]);
                }
            }
        }
    }

    private static final class NoHandover implements Handover {
        @Override
        public void frame(int worker, int device, long frame, int length) {
            throw new IllegalStateException("there is only one worker");
        }

        @Override
        public void neighbour(int device, long high, long low, long macAddress) {}
    }
}
