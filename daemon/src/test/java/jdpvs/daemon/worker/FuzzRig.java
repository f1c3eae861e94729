package jdpvs.daemon.worker;

import java.util.List;
import java.util.stream.IntStream;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.ServiceTransaction;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;
import jdpvs.stack.RouteRequest;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/**
 * The daemon's real workers, cycle by cycle on the test's own thread, between two {@link GuardedPort}s: full-NAT services for TCP 80 and UDP 53 of both families, to servers of
 * either, and one established connection that must survive everything. After every cycle the books are balanced:
 *
 * <pre>
 *  received = sent in place + dropped + kept,   0 ≤ kept ≤ ARP + fragments + ICMP errors + frames the workers made
 * </pre>
 */
final class FuzzRig implements AutoCloseable {
    static final int VIP = Ipv4Address.parse("10.0.96.204");
    static final int LIP = Ipv4Address.parse("192.168.229.204");
    static final int CLIENT = Ipv4Address.parse("172.16.0.1");
    static final int GATEWAY = Ipv4Address.parse("10.0.96.254");
    static final int SERVER = Ipv4Address.parse("192.168.229.1");
    /** The service of IPv4 with a server of IPv6. */
    static final int VIP_46 = Ipv4Address.parse("10.0.96.46");

    static final Address CLIENT_6 = Address.parse("2408::1");
    static final Address VIP_6 = Address.parse("2001:db8:96::204");
    static final Address LIP_6 = Address.parse("2001:db8:229::204");
    static final Address SERVER_6 = Address.parse("2001:db8:229::1");
    /** The service of IPv6 with a server of IPv4. */
    static final Address VIP_64 = Address.parse("2001:db8:96::64");

    static final long GATEWAY_MAC = 0x0200_0000_00feL;
    static final long SERVER_MAC = 0x0200_0000_0001L;
    static final long LAN_MAC = 0x0200_0000_0101L;
    static final long WAN_MAC = 0x0200_0000_0201L;
    /** Of the connection that must survive; no hostile frame may end it lawfully. */
    static final int CLIENT_PORT = 50_000;

    private static final Address GATEWAY_6 = Address.parse("2001:db8:96::254");
    private static final Limits LIMITS = new Limits(16, 16, 16);
    private static final int CONNECTIONS = 4096;
    private static final String REQUEST = "a request";
    private static final String REPLY = "a reply";

    private final GuardedPort lan;
    private final GuardedPort wan;
    private final DataPlane data;
    private final List<WorkerUnit> units;
    private long received;
    private long inPlace;
    private long made;
    private long mayBeKept;
    private boolean keepsCopy;
    private byte[] lastSent = {};
    private String lastPort = "";
    private final int localPort;
    private final int serverSequence;
    private final int isn;

    FuzzRig(int workers) {
        lan = new GuardedPort("dpdk0", LAN_MAC, workers, this::sent);
        wan = new GuardedPort("dpdk2", WAN_MAC, workers, this::sent);
        LinkFlags links = new LinkFlags(2);
        links.set(0, true);
        links.set(1, true);
        List<WorkerPlan> plans = IntStream.range(0, workers)
                .mapToObj(i -> new WorkerPlan(
                        "cpu" + (i + 1), -1, List.of(new WorkerPlan.Binding(0, i), new WorkerPlan.Binding(1, i))))
                .toList();
        Snapshot first = new Snapshot(network(), ServiceConfiguration.EMPTY, Timeouts.DEFAULT);
        data = new DataPlane(List.of(lan, wan), plans, links, CONNECTIONS, LIMITS, false, first);
        units = data.units();
        Snapshot next = first.with(first.network(), services());
        units.forEach(unit -> unit.worker().publish(next));
        cycle();
        made = 0;
        keepsCopy = true;
        offer(0, fromClient(Tcp.SYN, 999, 0));
        cycle();
        expect("dpdk0");
        localPort = at(34);
        isn = net32(38);
        offer(ownerQueue(), fromServer(Tcp.SYN | Tcp.ACK, 7000, isn + 1));
        cycle();
        expect("dpdk2");
        serverSequence = net32(38);
        offer(0, fromClient(Tcp.ACK, 1000, serverSequence + 1));
        cycle();
        keepsCopy = false;
        checkSurvivor();
    }

    private static NetworkConfiguration network() {
        Device dpdk0 = new Device(0, "dpdk0", LAN_MAC, 1500, false);
        Device dpdk2 = new Device(1, "dpdk2", WAN_MAC, 1500, false);
        try {
            return NetworkConfiguration.of(List.of(dpdk0, dpdk2))
                    .withAddress(InterfaceAddress.of(VIP, 32, dpdk2, false))
                    .withAddress(InterfaceAddress.of(LIP, 32, dpdk0, true))
                    .withRoute(RouteRequest.link(Ipv4Address.parse("192.168.229.0"), 24, dpdk0))
                    .withRoute(RouteRequest.link(Ipv4Address.parse("10.0.96.0"), 24, dpdk2))
                    .withRoute(RouteRequest.via(0, 0, GATEWAY, dpdk2))
                    .withNeighbour(GATEWAY, GATEWAY_MAC, dpdk2)
                    .withNeighbour(SERVER, SERVER_MAC, dpdk0)
                    .withAddress(InterfaceAddress.of(VIP_46, 32, dpdk2, false))
                    .withAddress(InterfaceAddress.of(VIP_6, 128, dpdk2, false))
                    .withAddress(InterfaceAddress.of(VIP_64, 128, dpdk2, false))
                    .withAddress(InterfaceAddress.of(LIP_6, 128, dpdk0, true))
                    .withRoute(RouteRequest.link(Address.parse("2001:db8:229::"), 64, dpdk0))
                    .withRoute(RouteRequest.link(Address.parse("2001:db8:96::"), 64, dpdk2))
                    .withRoute(RouteRequest.via(Address.NONE, 0, GATEWAY_6, dpdk2))
                    .withNeighbour(GATEWAY_6, GATEWAY_MAC, dpdk2)
                    .withNeighbour(SERVER_6, SERVER_MAC, dpdk0);
        } catch (NetworkException e) {
            throw new IllegalStateException(e);
        }
    }

    private ServiceConfiguration services() {
        ServiceTable table = new ServiceTable(LIMITS, new ServerStatistics(data.counters(), LIMITS.servers()));
        try {
            ServiceTransaction all = table.begin();
            add(all, Address.ofIpv4(VIP), Address.ofIpv4(SERVER), Address.ofIpv4(LIP));
            add(all, VIP_6, SERVER_6, LIP_6);
            add(all, VIP_64, Address.ofIpv4(SERVER), Address.ofIpv4(LIP));
            add(all, Address.ofIpv4(VIP_46), SERVER_6, LIP_6);
            return all.commit();
        } catch (ServiceException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(ServiceTransaction all, Address vip, Address server, Address lip) throws ServiceException {
        VirtualEndpoint web = new VirtualEndpoint(Protocol.TCP, vip, 80);
        VirtualEndpoint names = new VirtualEndpoint(Protocol.UDP, vip, 53);
        all.addService(web, ServiceSettings.of("rr"))
                .addServer(web, new ServerEndpoint(server, 80), ServerSettings.weight(1))
                .addLocalAddress(web, lip, 0)
                .addService(names, ServiceSettings.of("rr"))
                .addServer(names, new ServerEndpoint(server, 53), ServerSettings.weight(1))
                .addLocalAddress(names, lip, 0);
    }

    int workers() {
        return units.size();
    }

    /** The local port of the surviving connection. */
    int localPort() {
        return localPort;
    }

    /** Cycles until nothing more arrives. */
    void drain() {
        while (IntStream.range(0, units.size())
                .anyMatch(queue ->
                        lan.queue(queue).isWaiting() || wan.queue(queue).isWaiting())) {
            cycle();
        }
    }

    /** What became of all frames, in one line. */
    String summary() {
        StringBuilder line = new StringBuilder(
                "received %,d, sent in place %,d, made %,d; dropped:".formatted(received, inPlace, made));
        for (DropReason reason : DropReason.values()) {
            if (drops(reason) > 0) {
                line.append(" %s %,d".formatted(reason, drops(reason)));
            }
        }
        return line.toString();
    }

    /** Puts a frame into a queue of the port that its destination MAC address names; dpdk2 for all others. */
    void offer(int queue, byte[] frame) {
        offer(queue, frame, false);
    }

    void offer(int queue, byte[] frame, boolean withTrailer) {
        boolean toLan = frame.length > 5 && frame[4] == 1 && frame[5] == 1 && frame[0] == 2;
        (toLan ? lan : wan).queue(queue).offer(frame, withTrailer);
        received++;
        if (mayKeep(frame)) {
            mayBeKept++;
        }
    }

    private static boolean mayKeep(byte[] frame) {
        if (frame.length >= 54 && frame[12] == (byte) 0x86 && frame[13] == (byte) 0xdd) {
            return frame[20] != Ipv4.TCP && frame[20] != Ipv4.UDP;
        }
        if (frame.length < 34 || frame[12] != 8) {
            return frame.length > 13 && frame[12] == 8 && frame[13] == 6;
        }
        return frame[13] == 6 || (frame[20] & 0x3f) != 0 || frame[21] != 0 || frame[23] == Ipv4.ICMP;
    }

    /** One cycle of every worker, and one more for what they handed each other; balances the books. */
    void cycle() {
        for (int round = 0; round < 2; round++) {
            for (WorkerUnit unit : units) {
                unit.worker().doWork();
            }
        }
        long kept = received - inPlace - droppedFrames();
        if (drops(DropReason.INTERNAL_ERROR) != 0) {
            units.forEach(unit -> unit.worker().writeLogs());
            throw new AssertionError("a packet raised an exception; see the log");
        }
        if (kept < 0 || kept > mayBeKept + made) {
            throw new AssertionError("received " + received + ", sent " + inPlace + ", dropped " + droppedFrames()
                    + ", made " + made + ", of those " + mayBeKept + " may be kept, but " + kept + " are missing");
        }
    }

    long drops(DropReason reason) {
        return units.stream()
                .mapToLong(unit -> unit.worker().context().drops.get(reason))
                .sum();
    }

    /** What became of a frame that is offered now, by itself: a verdict of {@link Corpus}. */
    String verdict(byte[] frame) {
        long[] before = new long[DropReason.values().length];
        for (DropReason reason : DropReason.values()) {
            before[reason.ordinal()] = drops(reason);
        }
        long sentBefore = inPlace;
        long madeBefore = made;
        offer(0, frame);
        cycle();
        for (DropReason reason : DropReason.values()) {
            if (reason != DropReason.REPLY_LIMITED && drops(reason) != before[reason.ordinal()]) {
                return reason.name();
            }
        }
        if (inPlace != sentBefore) {
            return Corpus.SENT;
        }
        return made == madeBefore ? Corpus.KEPT : Corpus.MADE;
    }

    /** Answers of ours that were not given are no frames that came in. */
    private long droppedFrames() {
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            sum += reason == DropReason.REPLY_LIMITED ? 0 : drops(reason);
        }
        return sum;
    }

    /** The connection from before translates both ways, to the byte, with right checksums. */
    void checkSurvivor() {
        drain();
        keepsCopy = true;
        byte[] request = fromClient(Tcp.ACK | Tcp.PSH, 1000, serverSequence + 1);
        offer(0, request);
        cycle();
        expect("dpdk0");
        expectSegment(LIP, localPort, SERVER, 80, REQUEST);
        offer(ownerQueue(), fromServer(Tcp.ACK | Tcp.PSH, 7001, isn + 1));
        cycle();
        expect("dpdk2");
        expectSegment(VIP, 80, CLIENT, CLIENT_PORT, REPLY);
        keepsCopy = false;
    }

    /** A hostile frame that the survivor would have to obey: it belongs to its connection. */
    boolean isSurvivors(byte[] frame) {
        return frame.length >= 38
                && ((Frames.get16(frame, 34) == CLIENT_PORT || Frames.get16(frame, 36) == localPort)
                        || (Frames.get16(frame, 36) == CLIENT_PORT || Frames.get16(frame, 34) == localPort));
    }

    @Override
    public void close() {
        data.stop();
        lan.close();
        wan.close();
    }

    private byte[] fromClient(int flags, int sequence, int acknowledgement) {
        return PacketBuilder.tcp(CLIENT, CLIENT_PORT, VIP, 80)
                .macs(WAN_MAC, GATEWAY_MAC)
                .flags(flags)
                .sequence(sequence)
                .acknowledgement(acknowledgement)
                .payload((flags & Tcp.PSH) == 0 ? "" : REQUEST)
                .toBytes();
    }

    private byte[] fromServer(int flags, int sequence, int acknowledgement) {
        return PacketBuilder.tcp(SERVER, 80, LIP, localPort)
                .macs(LAN_MAC, SERVER_MAC)
                .flags(flags)
                .sequence(sequence)
                .acknowledgement(acknowledgement)
                .payload((flags & Tcp.PSH) == 0 ? "" : REPLY)
                .toBytes();
    }

    private int ownerQueue() {
        return localPort % units.size();
    }

    private void sent(String port, long frame, int length) {
        if (lan.recognise(frame) || wan.recognise(frame)) {
            inPlace++;
        } else {
            made++;
        }
        int kind = length < Ethernet.LENGTH ? FrameKind.FIRST_BAD : FrameKind.kind(Classifier.classify(frame, length));
        if (kind >= FrameKind.FIRST_BAD) {
            throw new AssertionError("sent a malformed frame of " + length + " bytes on " + port);
        }
        if (keepsCopy && Ethernet.type(frame) == Ethernet.TYPE_IPV4) {
            lastSent = new byte[length];
            Memory.copyOut(frame, lastSent, 0, length);
            lastPort = port;
            if (Ipv4.protocol(frame + 14) == Ipv4.TCP
                    && !VirtioNetHeader.needsChecksum(frame)
                    && !Checksum.isTransportValid(
                            Ipv4.source(frame + 14),
                            Ipv4.destination(frame + 14),
                            Ipv4.TCP,
                            frame + 34,
                            Ipv4.totalLength(frame + 14) - 20)) {
                throw new AssertionError("sent a segment with a wrong checksum on " + port);
            }
        }
    }

    private void expect(String port) {
        if (!lastPort.equals(port)) {
            throw new AssertionError("the connection's segment left by '" + lastPort + "', not by " + port);
        }
        lastPort = "";
    }

    private void expectSegment(int source, int sourcePort, int destination, int destinationPort, String payload) {
        String sent =
                Ipv4Address.format(net32(26)) + ":" + at(34) + " " + Ipv4Address.format(net32(30)) + ":" + at(36) + " "
                        + new String(
                                lastSent,
                                34 + (lastSent[46] >> 4 & 15) * 4,
                                payload.length(),
                                java.nio.charset.StandardCharsets.US_ASCII);
        String expected = Ipv4Address.format(source) + ":" + sourcePort + " " + Ipv4Address.format(destination) + ":"
                + destinationPort + " " + payload;
        if (!sent.equals(expected)) {
            throw new AssertionError("the connection's segment left as " + sent + ", not as " + expected);
        }
    }

    private int at(int offset) {
        return Frames.get16(lastSent, offset);
    }

    private int net32(int offset) {
        return at(offset) << 16 | at(offset + 2);
    }
}
