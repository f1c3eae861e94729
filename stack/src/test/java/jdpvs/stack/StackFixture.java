package jdpvs.stack;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.port.PortQueue;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Ipv6;
import jdpvs.wire.MacAddress;
import jdpvs.wire.Memory;
import jdpvs.wire.NeighbourDiscovery;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;

/**
 * A worker's stack with a captured way out and a clock of its own.
 *
 * <pre>
 *  client .1 ---- 10.0.0.0/24 ---- wan (0): 10.0.0.100, shared or not, VIP
 *                                  lan (1): 192.168.0.100 ---- 192.168.0.0/24 ---- server .1
 *  default via 10.0.0.254 dev wan
 *
 *  Beside wan the kernel has 10.0.0.50, routed by hand; with a kernel interface it has KERNEL, KERNEL6 and LINK_LOCAL there.
 *
 *  the same with 2001:db8:a::/64 and 2001:db8:b::/64, wan also fe80::a:0, default via fe80::254 dev wan
 * </pre>
 */
final class StackFixture {
    static final int KNI = 2;
    private static final String[] WAYS = {"wan ", "lan ", "kni "};

    static final long WAN_MAC = 0x0200_0000_0a00L;
    static final long LAN_MAC = 0x0200_0000_0b00L;
    static final long CLIENT_MAC = 0x0200_0000_0001L;
    static final long SERVER_MAC = 0x0200_0000_0002L;
    static final int CLIENT = ip("10.0.0.1");
    static final int SERVER = ip("192.168.0.1");
    static final int VIP = ip("10.0.0.100");
    static final int LIP = ip("192.168.0.100");
    static final Address CLIENT6 = Address.parse("2001:db8:a::1");
    static final Address SERVER6 = Address.parse("2001:db8:b::1");
    static final Address VIP6 = Address.parse("2001:db8:a::100");
    static final Address LIP6 = Address.parse("2001:db8:b::100");
    static final int KERNEL = ip("10.0.0.60");
    /** Given to dpvs as a host route, and on an interface of the kernel's. */
    static final int VIP_OF_BOTH = ip("10.0.0.101");

    static final Address KERNEL6 = Address.parse("2001:db8:a::60");
    static final Address LINK_LOCAL = Address.parse("fe80::a:0");

    record Learnt(int device, Address address, long macAddress) {
        Learnt(int device, int address, long macAddress) {
            this(device, Address.ofIpv4(address), macAddress);
        }
    }

    final FakeEgress egress = new FakeEgress();
    final List<Learnt> handedOver = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final DropCounters drops = new DropCounters();
    final Device wan;
    final Device lan;
    final WorkerContext context;
    final WorkerStack stack;
    private final long buffer = Arena.global().allocate(70_000, 64).address() + PortQueue.HEADROOM;

    StackFixture(boolean shared) {
        this(shared, StackLimits.DEFAULTS, 0);
    }

    StackFixture(boolean shared, StackLimits limits, int worker) {
        this(shared, false, limits, worker);
    }

    /** With a kernel interface beside wan; what is given to it is seen as sent by {@code kni}. */
    static StackFixture besideKernel() {
        StackFixture fixture = new StackFixture(false, true, StackLimits.DEFAULTS, 0);
        fixture.context.kernel = fixture::toKernel;
        try {
            fixture.context.network = fixture.context
                    .network
                    .edit()
                    .addRoute(RouteRequest.host(VIP_OF_BOTH, fixture.wan, RouteScope.HOST))
                    .kernelAddresses(
                            Map.of(Address.ofIpv4(KERNEL), fixture.wan, KERNEL6, fixture.wan, LINK_LOCAL, fixture.wan))
                    .kernelHasToo(Set.of(Address.ofIpv4(VIP_OF_BOTH)))
                    .build();
        } catch (NetworkException e) {
            throw new IllegalStateException(e);
        }
        fixture.stack.tick();
        return fixture;
    }

    private boolean toKernel(int device, long frame, int length) {
        if (device != wan.id()) {
            return false;
        }
        egress.send(KNI, frame, length);
        return true;
    }

    private StackFixture(boolean shared, boolean kernelSide, StackLimits limits, int worker) {
        wan = new Device(0, "wan", WAN_MAC, 1500, shared, kernelSide);
        lan = new Device(1, "lan", LAN_MAC, 1400, shared);
        context = new WorkerContext(worker, 2, egress, new RecordingHandover(), drops, network(wan, lan));
        context.nowMillis = 1_000_000;
        stack = new WorkerStack(context, limits, new RecordingEvents());
        stack.tick();
        advance(1000);
        advance(1000);
        egress.sent.clear();
    }

    static NetworkConfiguration network(Device wan, Device lan) {
        try {
            return NetworkConfiguration.of(List.of(wan, lan))
                    .edit()
                    .addAddress(InterfaceAddress.of(VIP, 24, wan, false))
                    .addAddress(InterfaceAddress.of(LIP, 24, lan, true))
                    .addAddress(InterfaceAddress.of(VIP6, 64, wan, false))
                    .addAddress(InterfaceAddress.of(LIP6, 64, lan, true))
                    .addAddress(InterfaceAddress.linkLocal(LINK_LOCAL, wan).in(AddressState.ASSIGNED))
                    .addRoute(RouteRequest.via(0, 0, ip("10.0.0.254"), wan))
                    .addRoute(RouteRequest.via(Address.NONE, 0, Address.parse("fe80::254"), wan))
                    .addRoute(RouteRequest.host(ip("10.0.0.50"), wan, RouteScope.KNI_HOST))
                    .build();
        } catch (NetworkException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives a frame to the stack as one cycle; returns what was sent and counted, one line each. */
    List<String> input(Device device, byte[] frame) {
        Memory.copyIn(frame, 0, buffer, frame.length);
        VirtioNetHeader.clear(buffer);
        return inputAt(device, buffer, frame.length);
    }

    List<String> input(Device device, PacketBuilder packet) {
        int length = packet.writeWithHeader(buffer);
        return inputAt(device, buffer, length);
    }

    private List<String> inputAt(Device device, long frame, int length) {
        Map<DropReason, Long> before = counts();
        egress.sent.clear();
        stack.input(device.id(), frame, length, Classifier.classify(frame, length));
        return outcome(before);
    }

    /** Sends a packet out as the balancer would. */
    List<String> output(Route route, PacketBuilder packet) {
        Map<DropReason, Long> before = counts();
        egress.sent.clear();
        int length = packet.writeWithHeader(buffer);
        stack.output(route, buffer, length);
        Memory.fill(buffer - 10, length + 10, 0xee);
        return outcome(before);
    }

    /** Lets time pass, then ticks. */
    List<String> advance(long millis) {
        Map<DropReason, Long> before = counts();
        context.nowMillis += millis;
        egress.sent.clear();
        stack.tick();
        return outcome(before);
    }

    private List<String> outcome(Map<DropReason, Long> before) {
        List<String> lines = new ArrayList<>();
        for (FakeEgress.Sent sent : egress.sent) {
            lines.add(WAYS[sent.device] + FrameText.of(sent.frame));
        }
        Map<DropReason, Long> after = counts();
        for (DropReason reason : DropReason.values()) {
            long times = after.getOrDefault(reason, 0L) - before.getOrDefault(reason, 0L);
            if (times > 0) {
                lines.add(times == 1 ? reason.name() : reason.name() + " x" + times);
            }
        }
        egress.endCycle();
        context.nowMillis++;
        return lines;
    }

    Map<DropReason, Long> counts() {
        Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            counts.put(reason, drops.get(reason));
        }
        return counts;
    }

    long dropped() {
        return counts().values().stream().mapToLong(Long::longValue).sum();
    }

    void know(Device device, Address address, long macAddress) {
        stack.learn(device.id(), address.high(), address.low(), macAddress);
    }

    /** Makes a neighbour known without a word on the wire. */
    void know(Device device, int address, long macAddress) {
        stack.learn(device.id(), address, macAddress);
    }

    static byte[] arpRequest(long senderMac, int sender, int target) {
        return PacketBuilder.arp(Arp.REQUEST, senderMac, sender, 0, target);
    }

    static byte[] arpReply(long senderMac, int sender, long targetMac, int target) {
        return PacketBuilder.arp(Arp.REPLY, senderMac, sender, targetMac, target);
    }

    /** A neighbour solicitation or advertisement; a MAC address of -1 is not told. */
    static byte[] discovery(
            int type, Address from, Address to, int flags, Address target, long linkAddress, long fromMac, long toMac) {
        try (Arena arena = Arena.ofConfined()) {
            long frame = arena.allocate(256).address();
            long ip = frame + Ethernet.LENGTH;
            int length = linkAddress == -1 ? NeighbourDiscovery.LENGTH : NeighbourDiscovery.LENGTH_WITH_OPTION;
            Ethernet.set(frame, toMac, fromMac, Ethernet.TYPE_IPV6);
            Ipv6.write(ip, 0, length, Ipv6.ICMP, NeighbourDiscovery.HOP_LIMIT, from, to);
            NeighbourDiscovery.write(ip, ip + Ipv6.LENGTH, type, flags, target.high(), target.low(), linkAddress);
            byte[] bytes = new byte[Ethernet.LENGTH + Ipv6.LENGTH + length];
            Memory.copyOut(frame, bytes, 0, bytes.length);
            return bytes;
        }
    }

    static PacketBuilder fromClient(PacketBuilder packet) {
        return packet.macs(WAN_MAC, CLIENT_MAC);
    }

    static int ip(String text) {
        return Ipv4Address.parse(text);
    }

    private final class RecordingHandover implements Handover {
        @Override
        public void frame(int worker, int device, long frame, int length) {
            throw new AssertionError("the stack hands no frames over");
        }

        @Override
        public void neighbour(int device, long high, long low, long macAddress) {
            if (egress.recording) {
                handedOver.add(new Learnt(device, new Address(high, low), macAddress));
            }
        }
    }

    private final class RecordingEvents implements StackEvents {
        @Override
        public void addressConflict(int device, Address address, long macAddress) {
            events.add("conflict " + device + " " + address + " " + MacAddress.format(macAddress));
        }

        @Override
        public void duplicateAddress(int device, Address address, long macAddress) {
            events.add("duplicate " + device + " " + address + " " + MacAddress.format(macAddress));
        }

        @Override
        public void unresolvedQueueFull(int device, Address nextHop) {
            events.add("queue full " + device + " " + nextHop);
        }
    }
}
