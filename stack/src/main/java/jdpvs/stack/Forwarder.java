package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.fragment.Fragmenter;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import org.jspecify.annotations.Nullable;

/**
 * IPv4 forwarding between devices (RFC 1812 §5), when the switch is on. A packet that is larger than the route's MTU leaves in fragments, or,
 * when it must not be fragmented, is dropped with "fragmentation needed" to its source (RFC 1191). A segmented frame counts with the size
 * of its segments. Redirects are never sent.
 */
final class Forwarder {
    /** The time to live is the high byte of its word: one less subtracts 0x0100. */
    private static final int TTL_MINUS_ONE = Checksum.delta16(0x0100, 0);

    private final WorkerContext context;
    private final LocalStack stack;
    private final IcmpErrors errors;

    Forwarder(WorkerContext context, LocalStack stack, IcmpErrors errors) {
        this.context = context;
        this.stack = stack;
        this.errors = errors;
    }

    void forward(Device device, long frame, int classification, @Nullable Route route) {
        long ip = frame + Ethernet.LENGTH;
        int destination = Ipv4.destination(ip);
        if (route == null) {
            context.drops.count(DropReason.NO_ROUTE);
            errors.send(device.id(), frame, Icmp.UNREACHABLE, Icmp.NET, 0);
            return;
        }
        context.step(Step.ROUTE_FOUND, route.device().id(), route.nextHop(destination));
        if (isDirectedBroadcast(route, destination)) {
            context.drops.count(DropReason.UNKNOWN_PROTOCOL);
            return;
        }
        if (Ipv4.ttl(ip) <= 1) {
            context.drops.count(DropReason.TTL_EXCEEDED);
            errors.send(device.id(), frame, Icmp.TIME_EXCEEDED, 0, 0);
            return;
        }
        if (!Fragmenter.canPass(frame, Ethernet.LENGTH + Ipv4.totalLength(ip), route.mtu())) {
            context.drops.count(DropReason.TOO_BIG);
            errors.send(device.id(), frame, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, route.mtu());
            return;
        }
        Ipv4.setTtl(ip, Ipv4.ttl(ip) - 1);
        Checksum.apply(ip + 10, TTL_MINUS_ONE);
        stack.output(route, destination, frame, Ethernet.LENGTH + Ipv4.totalLength(ip));
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
