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
import jdpvs.wire.Arp;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/** What the local stack does with a frame that is neither of a connection nor for a service: ARP, ping, forwarding, or a reason. */
final class StackJudge {
    private final Tables tables;
    private final Hop hop;

    StackJudge(Tables tables, Hop hop) {
        this.tables = tables;
        this.hop = hop;
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
            return arp(worker, device, frame);
        }
        if (FrameKind.isIpv6(kind) || kind == FrameKind.OTHER) {
            return leave(device);
        }
        return ipv4(worker, device, frame, classification, findings);
    }

    private Verdict ipv4(WorkerTables worker, Device device, long frame, int classification, Findings findings) {
        long ip = frame + Ethernet.LENGTH;
        int destination = Ipv4.destination(ip);
        if (destination >>> 28 >= 0xe || Ethernet.isGroup(Ethernet.destination(frame))) {
            return leave(device);
        }
        Route route = tables.network().route(destination);
        if (route != null && route.scope() == RouteScope.HOST) {
            findings.note("stack", () -> Texts.address(destination) + " is dpvs's own address", "dpip addr show");
            return local(worker, frame, classification, findings);
        }
        if (device.shared() || (route != null && route.scope() == RouteScope.KNI_HOST)) {
            return Findings.dropped(DropReason.LEFT_TO_KERNEL);
        }
        if (tables.network().isLocal(Ipv4.source(ip))) {
            return Findings.dropped(DropReason.BAD_IP_HEADER, "its source is an address of dpvs's own", "");
        }
        if (!tables.network().settings().ipv4Forwarding()) {
            return Findings.dropped(
                    DropReason.NOT_LOCAL,
                    Texts.address(destination)
                            + " is neither an address nor a service of dpvs, and ipv4_forward is off",
                    "dpip addr add " + Texts.address(destination) + "/32 dev " + device.name());
        }
        return forward(worker, ip, destination, route, findings);
    }

    private Verdict local(WorkerTables worker, long frame, int classification, Findings findings) {
        long ip = frame + Ethernet.LENGTH;
        if (tables.network().isLocal(Ipv4.source(ip))) {
            return Findings.dropped(DropReason.BAD_IP_HEADER, "its source is an address of dpvs's own", "");
        }
        int kind = FrameKind.kind(classification);
        if (kind != FrameKind.ICMP4) {
            return Findings.dropped(DropReason.LOCAL_PORT_CLOSED);
        }
        int offset = FrameKind.transportOffset(classification);
        long icmp = frame + offset;
        int total = Ipv4.totalLength(ip);
        if (Checksum.sum(icmp, Ethernet.LENGTH + total - offset) != 0xffff) {
            return Findings.dropped(DropReason.BAD_ICMP_HEADER);
        }
        if (Icmp.type(icmp) != Icmp.ECHO_REQUEST || Icmp.code(icmp) != 0) {
            return Findings.dropped(DropReason.LOCAL_PORT_CLOSED);
        }
        int client = Ipv4.source(ip);
        Route route = tables.network().route(client);
        if (route == null || route.scope() == RouteScope.KNI_HOST) {
            return hop.noRoute(Address.ofIpv4(client), "the client", "DEVICE");
        }
        if (!Fragmenter.canPass(frame, Ethernet.LENGTH + total, route.mtu())) {
            return Findings.dropped(DropReason.TOO_BIG);
        }
        Verdict verdict = hop.judge(worker, route, Address.ofIpv4(client), "the client", findings);
        return verdict != null ? verdict : Findings.fate(Fate.ANSWERED, "answered: an echo reply");
    }

    private Verdict forward(WorkerTables worker, long ip, int destination, @Nullable Route route, Findings findings) {
        if (route == null) {
            return Findings.dropped(DropReason.NO_ROUTE, "no route leads to " + Texts.address(destination), "");
        }
        int host = route.length() == 0 ? -1 : -1 >>> route.length();
        boolean link = route.scope() == RouteScope.LINK && route.length() < 31;
        if (link && ((destination & host) == host || (destination & host) == 0)) {
            return Findings.dropped(DropReason.UNKNOWN_PROTOCOL, "directed broadcasts are not passed on", "");
        }
        if (Ipv4.ttl(ip) <= 1) {
            return Findings.dropped(DropReason.TTL_EXCEEDED);
        }
        boolean whole = (Ipv4.flagsAndOffset(ip) & Ipv4.DONT_FRAGMENT) != 0;
        if (whole && Ipv4.totalLength(ip) > route.mtu()) {
            return Findings.dropped(DropReason.TOO_BIG);
        }
        Verdict verdict = hop.judge(worker, route, Address.ofIpv4(destination), "the host", findings);
        return verdict != null
                ? verdict
                : Findings.fate(
                        Fate.ROUTED,
                        "passed on to " + Texts.address(destination) + " by "
                                + route.device().name());
    }

    private Verdict arp(WorkerTables worker, Device device, long frame) {
        long arp = frame + Ethernet.LENGTH;
        long senderMac = Arp.senderMac(arp);
        int sender = Arp.senderAddress(arp);
        int target = Arp.targetAddress(arp);
        int operation = Arp.operation(arp);
        if (tables.network().isOwnMac(senderMac)) {
            return notOurs(device);
        }
        int net = sender >>> 24;
        boolean plausible =
                senderMac != 0 && !Ethernet.isGroup(senderMac) && net != 127 && net < 224 && (net != 0 || sender == 0);
        if (!plausible || (sender != 0 && tables.network().isLocal(sender))) {
            return Findings.dropped(DropReason.BAD_ARP);
        }
        boolean known = worker.stack().neighbour(device.id(), Address.ofIpv4(sender)) != null;
        if (operation == Arp.REQUEST && tables.network().isLocalOn(target, device.id())) {
            return tables.linkUp().test(device.id())
                    ? Findings.fate(Fate.ANSWERED, "answered: " + Texts.address(target) + " is at " + device.name())
                    : Findings.dropped(DropReason.LINK_DOWN);
        }
        boolean answer = tables.network().isLocalOn(target, device.id())
                || (target == 0 && Arp.targetMac(arp) == device.macAddress() && known);
        if (sender != 0 && ((operation == Arp.REPLY && answer) || (isRequestOrReply(operation) && known))) {
            return Findings.fate(Fate.LEARNT, "learnt: the MAC address of " + Texts.address(sender));
        }
        return notOurs(device);
    }

    private static boolean isRequestOrReply(int operation) {
        return operation == Arp.REQUEST || operation == Arp.REPLY;
    }

    private static Verdict leave(Device device) {
        return Findings.dropped(device.shared() ? DropReason.LEFT_TO_KERNEL : DropReason.UNKNOWN_PROTOCOL);
    }

    private static Verdict notOurs(Device device) {
        return Findings.dropped(device.shared() ? DropReason.LEFT_TO_KERNEL : DropReason.NOT_LOCAL);
    }
}
