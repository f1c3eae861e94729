package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.fragment.Fragmenter;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import org.jspecify.annotations.Nullable;

/**
 * Forwarding between devices (RFC 1812 §5, RFC 8200 §4.5), when the family's switch is on. A packet that is larger than the route's MTU leaves in fragments, or,
 * when it must not be fragmented, which IPv6 never must, is dropped and its source told the MTU (RFC 1191, RFC 8201). A segmented frame counts with the size
 * of its segments. Redirects are never sent. What no route leads to is the kernel's where the device has a kernel interface.
 */
final class Forwarder {
    /** The time to live is the high byte of its word: one less subtracts 0x0100. */
    private static final int TTL_MINUS_ONE = Checksum.delta16(0x0100, 0);

    private final WorkerContext context;
    private final Neighbours neighbours;
    private final IcmpErrors errors;

    Forwarder(WorkerContext context, Neighbours neighbours, IcmpErrors errors) {
        this.context = context;
        this.neighbours = neighbours;
        this.errors = errors;
    }

    void forward(Device device, long frame, @Nullable Route route) {
        long ip = frame + Ethernet.LENGTH;
        boolean ipv6 = Ip.isIpv6(ip);
        int length = Ethernet.LENGTH + Ip.totalLength(ip);
        if (route == null) {
            context.ipv6.count(Ipv6Counter.IN_NO_ROUTES, frame, length);
            if (context.toKernel(device, frame, length)) {
                // It may know a way; if not, it says so.
                context.drops.count(DropReason.LEFT_TO_KERNEL);
            } else {
                context.drops.count(DropReason.NO_ROUTE);
                errors.send(device.id(), frame, ErrorKind.NO_ROUTE, 0);
            }
            return;
        }
        context.step(
                Step.ROUTE_FOUND,
                route.device().id(),
                route.nextHigh(Ip.destinationHigh(ip)),
                route.nextLow(Ip.destinationLow(ip)));
        if (!ipv6 && isDirectedBroadcast(route, Ipv4.destination(ip))) {
            context.drops.count(DropReason.UNKNOWN_PROTOCOL);
            return;
        }
        if ((ipv6 ? Ipv6.hopLimit(ip) : Ipv4.ttl(ip)) <= 1) {
            context.drops.count(DropReason.TTL_EXCEEDED);
            context.ipv6.count(Ipv6Counter.IN_HDR_ERRORS, frame, length);
            errors.send(device.id(), frame, ErrorKind.TIME_EXCEEDED, 0);
            return;
        }
        if (!Fragmenter.canPass(frame, length, route.mtu())) {
            context.drops.count(DropReason.TOO_BIG);
            // RFC 4293 counts what a router may not cut among the failures of cutting as well.
            context.ipv6.count(Ipv6Counter.IN_TOO_BIG_ERRORS, frame, length);
            context.ipv6.count(Ipv6Counter.FRAG_FAILS, frame, length);
            errors.send(device.id(), frame, ErrorKind.TOO_BIG, route.mtu());
            return;
        }
        if (ipv6) {
            Ipv6.setHopLimit(ip, Ipv6.hopLimit(ip) - 1);
        } else {
            Ipv4.setTtl(ip, Ipv4.ttl(ip) - 1);
            Checksum.apply(ip + 10, TTL_MINUS_ONE);
        }
        context.ipv6.count(Ipv6Counter.OUT_FORW_DATAGRAMS, frame, length);
        neighbours.send(route, frame, length);
    }

    /** Of a network on the link; never passed on (RFC 2644). */
    private static boolean isDirectedBroadcast(Route route, int destination) {
        if (route.scope() != RouteScope.LINK || route.length() >= 31) {
            return false;
        }
        int host = -1 >>> route.length();
        return (destination & host) == host || (destination & host) == 0;
    }
}
