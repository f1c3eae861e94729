package jdpvs.daemon.explain;

import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.Route;
import jdpvs.stack.RouteScope;
import jdpvs.stack.WorkerStack;
import jdpvs.stack.fragment.Fragmenter;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.NeighbourDiscovery;
import org.jspecify.annotations.Nullable;

/** What the local stack does with a frame that is neither of a connection nor for a service: ARP, ping, forwarding, or a reason. */
final class StackJudge {
    private final Tables tables;
    private final Hop hop;
    private final LinkJudge link;

    StackJudge(Tables tables, Hop hop) {
        this.tables = tables;
        this.hop = hop;
        this.link = new LinkJudge(tables);
    }

    Verdict judge(WorkerTables worker, int deviceId, long frame, int classification, Findings findings) {
        int kind = FrameKind.kind(classification);
        Device device = tables.network().device(deviceId);
        if (device == null) {
            return Findings.dropped(DropReason.INTERNAL_ERROR);
        }
        if (kind == FrameKind.BAD_TRUNCATED) {
            return Findings.dropped(DropReason.TRUNCATED);
        }
        long destination = Ethernet.destination(frame);
        if (destination != device.macAddress() && !Ethernet.isGroup(destination)) {
            return Findings.dropped(DropReason.OTHER_HOST);
        }
        if (kind >= FrameKind.FIRST_BAD) {
            return Findings.dropped(WorkerStack.reason(kind));
        }
        if (kind == FrameKind.ARP) {
            return link.arp(worker, device, frame);
        }
        boolean ipv6 = FrameKind.isIpv6(kind);
        if (ipv6 ? !tables.network().settings().ipv6() : !FrameKind.isIpv4(kind)) {
            // Classified as another type, it is as long as its Ethernet header at least.
            boolean tagged = kind == FrameKind.OTHER && Ethernet.type(frame) == Ethernet.TYPE_VLAN;
            return leave(device, tagged ? DropReason.UNKNOWN_VLAN : DropReason.UNKNOWN_PROTOCOL);
        }
        int offset = FrameKind.transportOffset(classification);
        if (kind == FrameKind.ICMP6 && NeighbourDiscovery.isMessage(Icmp6.type(frame + offset))) {
            return link.discovery(worker, device, frame, offset);
        }
        long ip = frame + Ethernet.LENGTH;
        Address to = new Address(Ip.destinationHigh(ip), Ip.destinationLow(ip));
        boolean group = to.isIpv4() ? to.ipv4() >>> 28 >= 0xe : to.isMulticast();
        if (group || Ethernet.isGroup(destination)) {
            return leave(device, DropReason.UNKNOWN_PROTOCOL);
        }
        return unicast(worker, device, frame, classification, to, findings);
    }

    private Verdict unicast(
            WorkerTables worker,
            Device device,
            long frame,
            int classification,
            Address destination,
            Findings findings) {
        long ip = frame + Ethernet.LENGTH;
        Address source = new Address(Ip.sourceHigh(ip), Ip.sourceLow(ip));
        Route route = tables.network().route(destination);
        boolean kernels = device.kernelSide() && tables.network().isKernels(destination.high(), destination.low());
        if (route != null && route.scope() == RouteScope.HOST && !kernels) {
            findings.note("stack", () -> destination + " is dpvs's own address", "dpip addr show");
            return local(worker, device, frame, classification, source, findings);
        }
        if (kernels || device.shared() || (route != null && route.scope() == RouteScope.KNI_HOST)) {
            return Findings.dropped(DropReason.LEFT_TO_KERNEL);
        }
        if (tables.network().isLocal(source)) {
            return Findings.dropped(DropReason.BAD_IP_HEADER, "its source is an address of dpvs's own", "");
        }
        boolean ipv4 = destination.isIpv4();
        boolean on = ipv4
                ? tables.network().settings().ipv4Forwarding()
                : tables.network().settings().ipv6Forwarding();
        if (!on || source.isLinkLocal() || destination.isLinkLocal()) {
            String why = on
                    ? " is of one link only, and no address of dpvs"
                    : " is neither an address nor a service of dpvs, and "
                            + (ipv4 ? "ipv4_forward" : "forwarding in ipv6_defs") + " is off";
            if (device.kernelSide()) {
                return Findings.dropped(DropReason.LEFT_TO_KERNEL, destination + why, "");
            }
            return Findings.dropped(
                    DropReason.NOT_LOCAL,
                    destination + why,
                    "dpip addr add " + destination + "/" + destination.bits() + " dev " + device.name());
        }
        return forward(worker, device, frame, destination, route, findings);
    }

    private Verdict local(
            WorkerTables worker, Device device, long frame, int classification, Address client, Findings findings) {
        if (tables.network().isLocal(client)) {
            return Findings.dropped(DropReason.BAD_IP_HEADER, "its source is an address of dpvs's own", "");
        }
        int kind = FrameKind.kind(classification);
        long ip = frame + Ethernet.LENGTH;
        if (kind != FrameKind.ICMP4 && kind != FrameKind.ICMP6) {
            boolean datagram = FrameKind.isFlow(kind) && FrameKind.isUdp(kind);
            boolean kernels = tables.network().kernelHasToo(Ip.destinationHigh(ip), Ip.destinationLow(ip));
            return datagram && !kernels ? Findings.dropped(DropReason.LOCAL_PORT_CLOSED) : unclaimed(device);
        }
        boolean ipv6 = kind == FrameKind.ICMP6;
        int offset = FrameKind.transportOffset(classification);
        long icmp = frame + offset;
        int total = Ip.totalLength(ip);
        int length = Ethernet.LENGTH + total - offset;
        if ((ipv6 ? Icmp6.sum(ip, icmp, length) : Checksum.sum(icmp, length)) != 0xffff) {
            return Findings.dropped(DropReason.BAD_ICMP_HEADER);
        }
        if (Icmp.type(icmp) != (ipv6 ? Icmp6.ECHO_REQUEST : Icmp.ECHO_REQUEST) || Icmp.code(icmp) != 0) {
            return unclaimed(device);
        }
        Route route = tables.network().route(device.id(), client.high(), client.low());
        if (route == null || route.scope() == RouteScope.KNI_HOST) {
            return hop.noRoute(client, "the client", "DEVICE");
        }
        if (!Fragmenter.canPass(frame, Ethernet.LENGTH + total, route.mtu())) {
            return Findings.dropped(DropReason.TOO_BIG);
        }
        Verdict verdict = hop.judge(worker, route, client, "the client", findings);
        return verdict != null ? verdict : Findings.fate(Fate.ANSWERED, "answered: an echo reply");
    }

    private Verdict forward(
            WorkerTables worker,
            Device device,
            long frame,
            Address destination,
            @Nullable Route route,
            Findings findings) {
        if (route == null) {
            if (device.kernelSide()) {
                return Findings.dropped(DropReason.LEFT_TO_KERNEL, "no route leads to " + destination, "");
            }
            return Findings.dropped(DropReason.NO_ROUTE, "no route leads to " + destination, "");
        }
        long ip = frame + Ethernet.LENGTH;
        boolean ipv6 = Ip.isIpv6(ip);
        if (!ipv6 && isDirectedBroadcast(route, destination.ipv4())) {
            return Findings.dropped(DropReason.UNKNOWN_PROTOCOL, "directed broadcasts are not passed on", "");
        }
        if ((ipv6 ? Ipv6.hopLimit(ip) : Ipv4.ttl(ip)) <= 1) {
            return Findings.dropped(DropReason.TTL_EXCEEDED);
        }
        if (!Fragmenter.canPass(frame, Ethernet.LENGTH + Ip.totalLength(ip), route.mtu())) {
            return Findings.dropped(DropReason.TOO_BIG);
        }
        Verdict verdict = hop.judge(worker, route, destination, "the host", findings);
        return verdict != null
                ? verdict
                : Findings.fate(
                        Fate.ROUTED,
                        "passed on to " + destination + " by " + route.device().name());
    }

    private static boolean isDirectedBroadcast(Route route, int destination) {
        int host = route.length() == 0 ? -1 : -1 >>> route.length();
        return route.scope() == RouteScope.LINK
                && route.length() < 31
                && ((destination & host) == host || (destination & host) == 0);
    }

    private static Verdict unclaimed(Device device) {
        return Findings.dropped(device.kernelSide() ? DropReason.LEFT_TO_KERNEL : DropReason.LOCAL_PORT_CLOSED);
    }

    private static Verdict leave(Device device, DropReason otherwise) {
        boolean kernels = device.shared() || device.kernelSide();
        return Findings.dropped(kernels ? DropReason.LEFT_TO_KERNEL : otherwise);
    }
}
