package jdpvs.bench;

import java.util.ArrayList;
import java.util.Collections;
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
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import jdpvs.stack.Device;
import jdpvs.stack.Egress;
import jdpvs.stack.Handover;
import jdpvs.stack.WorkerContext;
import jdpvs.stack.WorkerStack;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/**
 * One worker between two memory ports, with a full-NAT service and as many established connections as asked for, opened by real handshakes. A cycle is what
 * the daemon's worker does: clock, receive, balancer, timers, transmit, for either port.
 */
final class PipelineRig implements AutoCloseable {
    static final int SEQUENCE = 1000;

    private static final int SMALLEST_TABLE = 65_536;
    private static final int BUFFERS = 8192;
    private static final int BUFFER_BYTES = 2048;

    final int flows;
    final int capacity;
    private final Mapping memory;
    private final Mapping counterMemory;
    private final Mapping handshakeMemory = Mapping.anonymous(4096, true);
    private final DropCounters drops = new DropCounters();
    private final BootClock clock = new BootClock();
    private final WorkerContext context;
    private final WorkerBalancer balancer;
    private final WorkerStack stack;
    private final RigEgress egress = new RigEgress();
    private final Traffic[] traffic;
    private final MemoryPort[] ports;
    private final PortQueue[] queues;
    private final Family family;
    private final Look look;
    private final Burst burst = new Burst();
    private long stackDueMillis;

    PipelineRig(Family family, int flows) {
        this.family = family;
        this.look = new Look(family);
        this.flows = flows;
        this.capacity = Math.max(flows, SMALLEST_TABLE);
        Limits limits = new Limits(16, 64, 256);
        memory = Mapping.anonymous(WorkerBalancer.memoryBytes(capacity), true);
        counterMemory = Mapping.anonymous(ServerCounters.bytes(limits.servers()), true);
        ServerCounters counters = new ServerCounters(counterMemory.address());
        ServiceTable table = new ServiceTable(limits, new ServerStatistics(List.of(counters), limits.servers()));
        int locals = Topology.localAddresses(flows);
        Topology.configure(table, family, locals);
        context = new WorkerContext(0, 1, egress, new NoHandover(), drops, Topology.network(family, locals));
        context.nowMillis = clock.millis();
        stack = new WorkerStack(context);
        balancer = new WorkerBalancer(
                memory.address(),
                capacity,
                context,
                stack,
                counters,
                new SchedulerState(0, 1, limits.services()),
                table.current(),
                Timeouts.DEFAULT,
                new Random(1));
        stack.tick();
        List<Traffic.Flow> in = new ArrayList<>(flows);
        List<Traffic.Flow> out = new ArrayList<>(flows);
        open(in, out);
        int packets = Math.max(1 << 17, Integer.highestOneBit(flows) * 2);
        traffic = new Traffic[] {
            new Traffic(in, packets, Topology.WAN.macAddress(), 7),
            new Traffic(out, packets, Topology.LAN.macAddress(), 11)
        };
        ports = new MemoryPort[] {port(Topology.WAN, traffic[0]), port(Topology.LAN, traffic[1])};
        queues = new PortQueue[] {ports[0].queue(0), ports[1].queue(0)};
    }

    /** Bytes of native memory a connection of a full table takes. */
    double bytesPerConnection() {
        return (double) WorkerBalancer.memoryBytes(capacity) / capacity;
    }

    /** One cycle of the worker over both ports; returns the packets received. */
    int cycle() {
        context.nowMillis = clock.millis();
        int received = 0;
        for (int device = 0; device < queues.length; device++) {
            received += queues[device].receive(burst);
            balancer.process(burst, device);
            egress.flush(queues);
            queues[device].release();
        }
        ticks();
        return received;
    }

    /** A cycle that only receives and sends: every frame leaves by the other port as it came. */
    int emptyCycle() {
        context.nowMillis = clock.millis();
        int received = 0;
        for (int device = 0; device < queues.length; device++) {
            received += queues[device].receive(burst);
            for (int i = 0; i < burst.count; i++) {
                egress.send(1 - device, burst.address[i], burst.length[i]);
            }
            egress.flush(queues);
            queues[device].release();
        }
        return received;
    }

    /** Runs some cycles and looks into every frame that leaves; returns the packets received. */
    long verify() {
        look.verifying = true;
        long received = 0;
        for (int i = 0; i < 64; i++) {
            received += cycle();
        }
        look.verifying = false;
        return received;
    }

    /** @throws IllegalStateException when packets went astray: the measurement would mean nothing */
    void check(long received) {
        long sent = look.packets;
        StringBuilder astray = new StringBuilder();
        for (DropReason reason : DropReason.values()) {
            if (drops.get(reason) != 0) {
                astray.append(' ').append(reason).append('=').append(drops.get(reason));
            }
        }
        if (sent != received || !astray.isEmpty() || balancer.connections().size() != flows) {
            throw new IllegalStateException("received " + received + ", sent " + sent + ", dropped" + astray
                    + ", connections " + balancer.connections().size());
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < ports.length; i++) {
            ports[i].close();
            traffic[i].close();
        }
        memory.close();
        counterMemory.close();
        handshakeMemory.close();
    }

    private MemoryPort port(Device device, Traffic source) {
        MemoryQueue queue = new MemoryQueue(new FrameBuffers(BUFFERS, BUFFER_BYTES), source, look);
        return new MemoryPort(device.name(), device.macAddress(), device.mtu(), List.of(queue));
    }

    private void ticks() {
        balancer.tick();
        if (context.nowMillis >= stackDueMillis) {
            stackDueMillis = context.nowMillis + 10;
            stack.tick();
        }
    }

    private void open(List<Traffic.Flow> in, List<Traffic.Flow> out) {
        long frame = handshakeMemory.address() + 1024;
        for (int flow = 0; flow < flows; flow++) {
            Address client = family.client(0x0b00_0000 + flow / 50_000 * 7919 + (flow & 0xff));
            int clientPort = 1024 + flow % 50_000;
            PacketBuilder toService = PacketBuilder.tcp(client, clientPort, family.vip(), 80)
                    .macs(Topology.WAN.macAddress(), 0x0200_0000_00feL)
                    .sequence(1);
            shake(Topology.WAN, frame, toService.flags(Tcp.SYN));
            long ip = egress.lastFrame + Ethernet.LENGTH;
            Address local = Ip.source(ip);
            int localPort = Tcp.sourcePort(ip + (local.isIpv4() ? Ipv4.MINIMUM_LENGTH : Ipv6.LENGTH));
            Address server = Ip.destination(ip);
            PacketBuilder toLocal = PacketBuilder.tcp(server, 80, local, localPort)
                    .macs(Topology.LAN.macAddress(), 0x0200_0000_00feL)
                    .sequence(SEQUENCE);
            shake(Topology.LAN, frame, toLocal.flags(Tcp.SYN | Tcp.ACK).acknowledgement(2));
            shake(Topology.WAN, frame, toService.flags(Tcp.ACK).acknowledgement(SEQUENCE + 1));
            // The server's first payload ends the time in which packets carry the client's address.
            shake(
                    Topology.LAN,
                    frame,
                    toLocal.flags(Tcp.ACK).sequence(SEQUENCE + 1).payload(1));
            shake(Topology.WAN, frame, toService.acknowledgement(SEQUENCE + 2));
            in.add(new Traffic.Flow(client, clientPort, family.vip(), 80));
            out.add(new Traffic.Flow(server, 80, local, localPort));
            if ((flow & 0xfff) == 0) {
                context.nowMillis = clock.millis();
                ticks();
            }
        }
        // As the connections came one after another, so would their memory be visited in order.
        Collections.shuffle(in, new Random(3));
    }

    private void shake(Device device, long frame, PacketBuilder packet) {
        burst.count = 0;
        burst.add(frame, packet.writeWithHeader(frame));
        balancer.process(burst, device.id());
        egress.discard();
    }

    /** Queues per device, as the daemon's does. */
    private static final class RigEgress implements Egress {
        private final Burst[] queued = {new Burst(), new Burst()};
        private long lastFrame;

        @Override
        public void send(int device, long frame, int length) {
            Burst queue = queued[device];
            if (queue.isFull()) {
                throw new IllegalStateException("more frames than a cycle receives");
            }
            queue.add(frame, length);
            lastFrame = frame;
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

        void discard() {
            queued[0].count = 0;
            queued[1].count = 0;
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
