package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.VirtioNetHeader;

/** Answers ICMP echo requests to own addresses in place (RFC 792, RFC 1122 §3.2.2.6). */
final class EchoResponder {
    /** Type 8 becomes type 0 in the high byte of the message's first word. */
    private static final int REQUEST_TO_REPLY = Checksum.delta16(Icmp.ECHO_REQUEST << 8, Icmp.ECHO_REPLY << 8);

    private final WorkerContext context;
    private final LocalStack stack;

    EchoResponder(WorkerContext context, LocalStack stack) {
        this.context = context;
        this.stack = stack;
    }

    /** An ICMP message to an own address, at {@code frame + offset}. */
    void input(long frame, int offset) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = frame + offset;
        int totalLength = Ipv4.totalLength(ip);
        if (Checksum.sum(icmp, Ethernet.LENGTH + totalLength - offset) != 0xffff) {
            context.drops.count(DropReason.BAD_ICMP_HEADER);
            return;
        }
        if (Icmp.type(icmp) != Icmp.ECHO_REQUEST || Icmp.code(icmp) != 0) {
            context.drops.count(DropReason.LOCAL_PORT_CLOSED);
            return;
        }
        int client = Ipv4.source(ip);
        Route route = context.network.route(client);
        if (route == null || route.scope() == RouteScope.KNI_HOST) {
            context.drops.count(DropReason.NO_ROUTE);
            return;
        }
        // Swapping the addresses leaves the header's sum as it is.
        Ipv4.setSource(ip, Ipv4.destination(ip));
        Ipv4.setDestination(ip, client);
        int oldTtl = Ipv4.ttl(ip);
        int newTtl = context.network.settings().ttl();
        Ipv4.setTtl(ip, newTtl);
        Checksum.apply(ip + 10, Checksum.delta16(oldTtl << 8, newTtl << 8));
        Icmp.setType(icmp, Icmp.ECHO_REPLY);
        Checksum.apply(icmp + Icmp.CHECKSUM_OFFSET, REQUEST_TO_REPLY);
        VirtioNetHeader.clear(frame);
        context.step(Step.ANSWERED, 0, 0);
        stack.output(route, client, frame, Ethernet.LENGTH + totalLength);
    }
}
