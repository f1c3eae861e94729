package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.VirtioNetHeader;

/** Answers echo requests to own addresses in place (RFC 792, RFC 1122 §3.2.2.6; RFC 4443 §4.2). */
final class EchoResponder {
    /** The type is the high byte of the message's first word. */
    private static final int REQUEST_TO_REPLY = Checksum.delta16(Icmp.ECHO_REQUEST << 8, Icmp.ECHO_REPLY << 8);

    private static final int REQUEST_TO_REPLY6 = Checksum.delta16(Icmp6.ECHO_REQUEST << 8, Icmp6.ECHO_REPLY << 8);

    private final WorkerContext context;
    private final LocalStack stack;

    EchoResponder(WorkerContext context, LocalStack stack) {
        this.context = context;
        this.stack = stack;
    }

    /** An ICMP or ICMPv6 message to an own address, at {@code frame + offset}. */
    void input(Device device, long frame, int offset) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = frame + offset;
        boolean ipv6 = Ip.isIpv6(ip);
        int length = Ethernet.LENGTH + Ip.totalLength(ip) - offset;
        if ((ipv6 ? Icmp6.sum(ip, icmp, length) : Checksum.sum(icmp, length)) != 0xffff) {
            context.drops.count(DropReason.BAD_ICMP_HEADER);
            return;
        }
        int request = ipv6 ? Icmp6.ECHO_REQUEST : Icmp.ECHO_REQUEST;
        if (Icmp.type(icmp) != request || Icmp.code(icmp) != 0) {
            boolean kernels = context.toKernel(device, frame, offset + length);
            context.drops.count(kernels ? DropReason.LEFT_TO_KERNEL : DropReason.LOCAL_PORT_CLOSED);
            return;
        }
        Route route = context.network.route(device.id(), Ip.sourceHigh(ip), Ip.sourceLow(ip));
        if (route == null || route.scope() == RouteScope.KNI_HOST) {
            context.drops.count(DropReason.NO_ROUTE);
            if (ipv6) {
                context.ipv6.noRoute();
            }
            return;
        }
        if (ipv6) {
            reply6(ip, icmp);
        } else {
            reply4(ip, icmp);
        }
        if (!ipv6 || VirtioNetHeader.gsoType(frame) != VirtioNetHeader.GSO_UDP) {
            // What came in fragments goes in fragments.
            VirtioNetHeader.clear(frame);
        }
        context.step(Step.ANSWERED, 0, 0);
        stack.output(route, frame, offset + length);
    }

    /** Swapping the addresses leaves the sums as they are, the header's here and the pseudo header's below. */
    private void reply4(long ip, long icmp) {
        int client = Ipv4.source(ip);
        Ipv4.setSource(ip, Ipv4.destination(ip));
        Ipv4.setDestination(ip, client);
        int oldTtl = Ipv4.ttl(ip);
        int newTtl = context.network.settings().ttl();
        Ipv4.setTtl(ip, newTtl);
        Checksum.apply(ip + 10, Checksum.delta16(oldTtl << 8, newTtl << 8));
        Icmp.setType(icmp, Icmp.ECHO_REPLY);
        Checksum.apply(icmp + Icmp.CHECKSUM_OFFSET, REQUEST_TO_REPLY);
    }

    private void reply6(long ip, long icmp) {
        long clientHigh = Ipv6.high(ip + Ipv6.SOURCE);
        long clientLow = Ipv6.low(ip + Ipv6.SOURCE);
        Ipv6.setAddress(ip + Ipv6.SOURCE, Ipv6.high(ip + Ipv6.DESTINATION), Ipv6.low(ip + Ipv6.DESTINATION));
        Ipv6.setAddress(ip + Ipv6.DESTINATION, clientHigh, clientLow);
        Ipv6.setHopLimit(ip, context.network.settings().ttl());
        Icmp6.setTypeAndCode(icmp, Icmp6.ECHO_REPLY, 0);
        Checksum.apply(icmp + Icmp6.CHECKSUM_OFFSET, REQUEST_TO_REPLY6);
    }
}
