package jdpvs.stack;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;
import org.jspecify.annotations.Nullable;

/**
 * One worker's {@link LocalStack}; used by its thread only, but for {@link #neighbours}. Allocates nothing per packet.
 *
 * <p>Where a frame goes:
 *
 * <pre>
 *  malformed ------------------------------------> counted under its reason
 *  other host's MAC address ---------------------> OTHER_HOST
 *  ARP ------------------------------------------> {@link ArpResponder}
 *  neighbour discovery --------------------------> {@link DiscoveryResponder}
 *  neither ARP nor IP, broadcast, multicast -----> the kernel's, else UNKNOWN_PROTOCOL
 *  IP, destination ours -------------------------> echo request: answered; UDP port nobody serves: counted, with an error, unless the kernel has the address
 *                                                  too; any other, and a fragment (see Reassembly, which goes before): the kernel's, else counted
 *  IP, the kernel's address (kni_host) ----------> the kernel's
 *  IP, any other --------------------------------> shared device: LEFT_TO_KERNEL; forwarding on: {@link Forwarder}, or the kernel's when there is no route;
 *                                                  else the kernel's, else NOT_LOCAL
 * </pre>
 *
 * "The kernel's" counts as LEFT_TO_KERNEL. On a device that is shared the kernel has its copy already, of what is for none of our addresses. Beside a device with a
 * {@link Device#kernelSide} it gets the frame by {@link WorkerContext#toKernel}.
 *
 * Every frame given to {@link #input} is answered, forwarded, kept for a next hop, learnt from, or counted under exactly one reason. Packets
 * that dpvs itself wanted to send and could not are counted as well.
 */
public final class WorkerStack implements LocalStack {
    private final WorkerContext context;
    private final Neighbours neighbours;
    private final Announcements announcements;
    private final ArpResponder arp;
    private final DiscoveryResponder discovery;
    private final EchoResponder echo;
    private final Forwarder forwarder;
    private final IcmpErrors errors;
    /** Tentative addresses that the link was asked for. */
    private final Set<Address> asked = new HashSet<>();

    private @Nullable NetworkConfiguration seen;

    public WorkerStack(WorkerContext context) {
        this(context, StackLimits.DEFAULTS, StackEvents.NONE);
    }

    public WorkerStack(WorkerContext context, StackLimits limits, StackEvents events) {
        this.context = context;
        errors = new IcmpErrors(context, this, limits.errorsPerSecond());
        this.neighbours =
                new Neighbours(context, limits, events, frame -> errors.send(-1, frame, ErrorKind.HOST_UNREACHABLE, 0));
        this.announcements = new Announcements(context);
        this.arp = new ArpResponder(context, neighbours, events);
        this.discovery = new DiscoveryResponder(context, neighbours, events);
        this.echo = new EchoResponder(context, this);
        this.forwarder = new Forwarder(context, neighbours, errors);
    }

    @Override
    public void input(int deviceId, long frame, int length, int classification) {
        synchronise();
        int kind = FrameKind.kind(classification);
        Device device = context.network.device(deviceId);
        if (device == null) {
            // A VLAN device that was deleted while another worker handed the frame over.
            context.drops.count(DropReason.UNKNOWN_VLAN);
        } else if (kind == FrameKind.BAD_TRUNCATED) {
            context.drops.count(DropReason.TRUNCATED);
            if (length >= Ethernet.LENGTH && isForUs(frame, device)) {
                context.ipv6.malformed(frame, length, kind);
            }
        } else if (!isForUs(frame, device)) {
            context.drops.count(DropReason.OTHER_HOST);
        } else if (kind >= FrameKind.FIRST_BAD) {
            context.drops.count(reason(kind));
            context.ipv6.malformed(frame, length, kind);
        } else if (kind == FrameKind.ARP) {
            arp.input(device, frame, length);
        } else if (FrameKind.isIpv6(kind) && context.network.settings().ipv6()) {
            ipv6(device, frame, length, classification);
        } else if (FrameKind.isIpv4(kind)) {
            ipv4(device, frame, length, classification);
        } else {
            if (FrameKind.isIpv6(kind)) {
                context.ipv6.count(Ipv6Counter.IN_DISCARDS, frame, length);
            }
            // Classified as another type, it is as long as its Ethernet header at least.
            boolean tagged = kind == FrameKind.OTHER && Ethernet.type(frame) == Ethernet.TYPE_VLAN;
            context.leave(device, frame, length, tagged ? DropReason.UNKNOWN_VLAN : DropReason.UNKNOWN_PROTOCOL);
        }
    }

    private void ipv4(Device device, long frame, int length, int classification) {
        long ip = frame + Ethernet.LENGTH;
        // RFC 1122 §3.3.6: a unicast packet in a link-layer broadcast is silently discarded.
        if (Ipv4.destination(ip) >>> 28 >= 0xe || Ethernet.isGroup(Ethernet.destination(frame))) {
            context.leave(device, frame, length, DropReason.UNKNOWN_PROTOCOL);
            return;
        }
        unicast(
                device,
                frame,
                length,
                classification,
                context.network.settings().ipv4Forwarding());
    }

    private void ipv6(Device device, long frame, int length, int classification) {
        long ip = frame + Ethernet.LENGTH;
        boolean toGroup = Ipv6.isMulticast(Ipv6.high(ip + Ipv6.DESTINATION));
        if (toGroup) {
            context.ipv6.receivedByGroup(frame, length);
        }
        int offset = FrameKind.transportOffset(classification);
        if (FrameKind.kind(classification) == FrameKind.ICMP6
                && NeighbourDiscovery.isMessage(Icmp6.type(frame + offset))) {
            context.ipv6.delivered(frame, length);
            discovery.input(device, frame, offset);
            return;
        }
        if (toGroup || Ethernet.isGroup(Ethernet.destination(frame))) {
            context.ipv6.count(Ipv6Counter.IN_ADDR_ERRORS, frame, length);
            context.leave(device, frame, length, DropReason.UNKNOWN_PROTOCOL);
            return;
        }
        // RFC 4291 §2.5.6: what is for or from one link's addresses stays on it.
        boolean forwardable = !isLinkLocal(ip + Ipv6.SOURCE) && !isLinkLocal(ip + Ipv6.DESTINATION);
        unicast(
                device,
                frame,
                length,
                classification,
                forwardable && context.network.settings().ipv6Forwarding());
    }

    private static boolean isLinkLocal(long address) {
        return Address.isLinkLocal(Ipv6.high(address));
    }

    private void unicast(Device device, long frame, int length, int classification, boolean forwarding) {
        long ip = frame + Ethernet.LENGTH;
        long high = Ip.destinationHigh(ip);
        long low = Ip.destinationLow(ip);
        Route route = context.network.route(high, low);
        // Both may have an automatic link-local address, which follows from the MAC address: then it is the kernel that
        // serves ports on it.
        boolean kernels = device.kernelSide() && context.network.isKernels(high, low);
        if (route != null && route.scope() == RouteScope.HOST && !kernels) {
            local(device, frame, length, classification);
        } else if (kernels || device.shared()) {
            context.drops.count(DropReason.LEFT_TO_KERNEL);
            context.ipv6.count(Ipv6Counter.IN_ADDR_ERRORS, frame, length);
        } else if (route != null && route.scope() == RouteScope.KNI_HOST) {
            context.ipv6.count(Ipv6Counter.IN_ADDR_ERRORS, frame, length);
            byOtherDevice(route.device(), frame, length);
        } else if (context.network.isLocal(Ip.sourceHigh(ip), Ip.sourceLow(ip))) {
            // RFC 1812 §5.3.7: somebody else's packet cannot come from our own address.
            context.drops.count(DropReason.BAD_IP_HEADER);
            context.ipv6.count(Ipv6Counter.IN_HDR_ERRORS, frame, length);
        } else if (forwarding) {
            forwarder.forward(device, frame, route);
        } else {
            context.ipv6.count(Ipv6Counter.IN_ADDR_ERRORS, frame, length);
            context.leave(device, frame, length, DropReason.NOT_LOCAL);
        }
    }

    /** For an address that the kernel has beside another device: it looks at the MAC address before it looks at the address. */
    private void byOtherDevice(Device beside, long frame, int length) {
        if (beside.kernelSide()) {
            Ethernet.setAddresses(frame, beside.macAddress(), Ethernet.source(frame));
            context.kernel.take(beside.id(), frame, length);
        }
        context.drops.count(DropReason.LEFT_TO_KERNEL);
    }

    private void local(Device device, long frame, int length, int classification) {
        long ip = frame + Ethernet.LENGTH;
        if (context.network.isLocal(Ip.sourceHigh(ip), Ip.sourceLow(ip))) {
            context.drops.count(DropReason.BAD_IP_HEADER);
            context.ipv6.count(Ipv6Counter.IN_HDR_ERRORS, frame, length);
            return;
        }
        int kind = FrameKind.kind(classification);
        context.ipv6.count(takenBy(kind), frame, length);
        if (kind == FrameKind.ICMP4 || kind == FrameKind.ICMP6) {
            echo.input(device, frame, FrameKind.transportOffset(classification));
            return;
        }
        boolean datagram = FrameKind.isFlow(kind) && FrameKind.isUdp(kind);
        // A kernel without the address would lose a datagram in silence, and traceroute with it.
        boolean kernels = !datagram || context.network.kernelHasToo(Ip.destinationHigh(ip), Ip.destinationLow(ip));
        if (kernels && context.toKernel(device, frame, length)) {
            context.drops.count(DropReason.LEFT_TO_KERNEL);
            return;
        }
        context.drops.count(DropReason.LOCAL_PORT_CLOSED);
        if (datagram) {
            // RFC 1122 §4.1.3.1; whoever asks a dead port is to learn it at once.
            errors.send(device.id(), frame, ErrorKind.PORT_UNREACHABLE, 0);
        }
    }

    /** How IPv6 counts what was sent to an own address: TCP and UDP are there, though nobody may serve the port. */
    private static Ipv6Counter takenBy(int kind) {
        return switch (kind) {
            case FrameKind.OTHER6 -> Ipv6Counter.IN_UNKNOWN_PROTOS;
            // The balancer puts fragments together before they come here.
            case FrameKind.FRAGMENT6 -> Ipv6Counter.IN_DISCARDS;
            default -> Ipv6Counter.IN_DELIVERS;
        };
    }

    @Override
    public boolean output(Route route, long frame, int length) {
        synchronise();
        context.ipv6.requested(frame, length);
        return neighbours.send(route, frame, length);
    }

    @Override
    public void error(int device, long frame, ErrorKind kind, int mtu) {
        errors.send(device, frame, kind, mtu);
    }

    @Override
    public void ownPacketErrors(OwnPacketErrors taker) {
        errors.ownPacketErrors(taker);
    }

    @Override
    public long macAddress(int device, long high, long low) {
        synchronise();
        return neighbours.macAddress(device, high, low);
    }

    @Override
    public int neighbourGeneration() {
        synchronise();
        return neighbours.generation();
    }

    @Override
    public void learn(int device, long high, long low, long macAddress) {
        neighbours.learn(device, high, low, macAddress, true);
    }

    @Override
    public void tick() {
        synchronise();
        neighbours.tick();
        announcements.tick();
        detectDuplicates();
    }

    /**
     * Tells the link that an address is ours (gratuitous ARP, unsolicited neighbour advertisement), three times a second apart. Worker 0 does so by itself for every address that
     * appears in the configuration; this is for telling it again, the kernel's addresses too.
     */
    public void announce(int device, Address address) {
        announcements.add(device, address);
    }

    /** Any thread: this worker's neighbours, each consistent in itself, in no order. */
    public List<NeighbourEntry> neighbours() {
        return neighbours.snapshot();
    }

    /** Unresolved neighbours that made room for others; any thread may see it late. */
    public long neighboursEvicted() {
        return neighbours.evicted();
    }

    /** Any thread: this worker's entry for one next hop, or null. */
    public @Nullable NeighbourEntry neighbour(int device, Address address) {
        return neighbours.snapshot(device, address);
    }

    /**
     * Any thread: since when a next hop has not told its MAC address, CLOCK_BOOTTIME milliseconds; -1 when it has, was not asked, or failed longer ago than is
     * remembered.
     */
    public long failedSinceMillis(int device, Address address) {
        return neighbours.failures().sinceMillis(device, address, context.nowMillis);
    }

    /** Packets that wait for a MAC address; for tests of the books. */
    int waiting() {
        return neighbours.waiting();
    }

    /** Tells the link once, with the next tick, that an address is ours; gratuitous ARP goes out in both of its forms. */
    public void announceOnce(int device, Address address) {
        announcements.addOnce(device, address);
    }

    /** Follows the configuration once per change: static neighbours, and on worker 0 announcements of new addresses. */
    private void synchronise() {
        NetworkConfiguration now = context.network;
        NetworkConfiguration before = seen;
        if (now == before) {
            return;
        }
        seen = now;
        if (before == null || !before.staticNeighbours().equals(now.staticNeighbours())) {
            neighbours.synchronise(now.staticNeighbours());
        }
        if (context.index == 0) {
            announceNew(before, now);
            asked.retainAll(now.tentative().keySet());
        }
    }

    /** Asks once for each address that has become tentative, as soon as there is a buffer; who has it answers within a second (RFC 4862 §5.1: one transmission). */
    private void detectDuplicates() {
        Map<Address, InterfaceAddress> tentative = context.network.tentative();
        if (context.index != 0 || asked.size() == tentative.size()) {
            return;
        }
        for (InterfaceAddress address : tentative.values()) {
            if (asked.contains(address.address())) {
                continue;
            }
            long frame = context.egress.allocate();
            if (frame == 0) {
                return;
            }
            asked.add(address.address());
            Device device = address.device();
            context.speak(device.id(), frame, Questions.duplicate(frame, device, address.address()));
        }
    }

    private void announceNew(@Nullable NetworkConfiguration before, NetworkConfiguration now) {
        Map<Address, InterfaceAddress> old = before == null ? Map.of() : before.addressesAdded();
        if (old.equals(now.addressesAdded())) {
            return;
        }
        for (InterfaceAddress address : now.addressesAdded().values()) {
            InterfaceAddress known = old.get(address.address());
            boolean news = known == null
                    || !known.isAssigned()
                    || known.device().id() != address.device().id();
            if (news && address.isAssigned()) {
                announcements.add(address.device().id(), address.address());
            }
        }
    }

    private static boolean isForUs(long frame, Device device) {
        long destination = Ethernet.destination(frame);
        return destination == device.macAddress() || Ethernet.isGroup(destination);
    }

    /** The reason under which a malformed kind of frame counts; also for those who drop such frames before they come here. */
    public static DropReason reason(int badKind) {
        return switch (badKind) {
            case FrameKind.BAD_TRUNCATED -> DropReason.TRUNCATED;
            case FrameKind.BAD_IP_HEADER -> DropReason.BAD_IP_HEADER;
            case FrameKind.BAD_IP_CHECKSUM -> DropReason.BAD_IP_CHECKSUM;
            case FrameKind.BAD_IP_LENGTH -> DropReason.BAD_IP_LENGTH;
            case FrameKind.BAD_TCP_HEADER -> DropReason.BAD_TCP_HEADER;
            case FrameKind.BAD_UDP_HEADER -> DropReason.BAD_UDP_HEADER;
            case FrameKind.BAD_ICMP_HEADER -> DropReason.BAD_ICMP_HEADER;
            case FrameKind.BAD_ARP -> DropReason.BAD_ARP;
            case FrameKind.BAD_EXTENSION_HEADER -> DropReason.BAD_EXTENSION_HEADER;
            default -> DropReason.UNKNOWN_PROTOCOL;
        };
    }
}
