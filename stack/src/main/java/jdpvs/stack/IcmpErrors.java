package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/**
 * Errors about packets that dpvs could not pass on: ICMP (RFC 792, RFC 1812 §4.3.2, RFC 1191) with as much of the packet as fits 576 bytes, ICMPv6 (RFC 4443 §3) with as
 * much as fits 1,280. Never about errors, fragments but the first, broadcast or multicast (RFC 1122 §3.2.2, RFC 4443 §2.4 (e)); rate limited. What
 * is suppressed by the limit counts as {@code REPLY_LIMITED}, beside the count of the packet itself.
 *
 * <p>The source of an error is the address that the packet was sent to when it is ours (RFC 1122 §3.2.2, RFC 4443 §2.2: a client that asked the VIP is answered by
 * the VIP), else one of the interface that it came in by (RFC 1812 §4.3.2.4). A packet from an own address was rewritten here: the error about
 * it goes to {@link OwnPacketErrors}.
 */
final class IcmpErrors {
    private static final int LARGEST_IPV4 = 576;

    private final WorkerContext context;
    private final LocalStack stack;
    private final TokenBucket bucket;
    private OwnPacketErrors ownPackets = OwnPacketErrors.NOBODY;
    private int identification;

    IcmpErrors(WorkerContext context, LocalStack stack, int errorsPerSecond) {
        this.context = context;
        this.stack = stack;
        this.bucket = new TokenBucket(errorsPerSecond, context.nowMillis);
    }

    void ownPacketErrors(OwnPacketErrors taker) {
        ownPackets = taker;
    }

    /**
     * Sends an error to the source of a packet.
     *
     * @param device where the packet came in, or -1
     * @param frame the packet as it came in; its lengths have been checked
     * @param mtu of the next hop for {@link ErrorKind#TOO_BIG}, else 0
     */
    void send(int device, long frame, ErrorKind kind, int mtu) {
        long offending = frame + Ethernet.LENGTH;
        boolean ipv6 = Ip.isIpv6(offending);
        long toHigh = Ip.sourceHigh(offending);
        long toLow = Ip.sourceLow(offending);
        Route route = context.network.route(device, toHigh, toLow);
        if (!mayReport(frame, offending) || route == null || route.scope() == RouteScope.KNI_HOST) {
            return;
        }
        boolean own = route.scope() == RouteScope.HOST;
        Address from = own ? route.prefix() : source(device, route, offending);
        if (from.isNone()) {
            return;
        }
        if (!bucket.take(context.nowMillis)) {
            context.drops.count(DropReason.REPLY_LIMITED);
            return;
        }
        long reply = context.egress.allocate();
        if (reply == 0) {
            context.drops.count(DropReason.BUFFERS_EXHAUSTED);
            return;
        }
        long ip = reply + Ethernet.LENGTH;
        int length = Ethernet.LENGTH
                + (ipv6 ? ipv6(ip, from, offending, kind, mtu) : ipv4(ip, from.ipv4(), offending, kind, mtu));
        if (own) {
            ownPackets.passOn(reply, length);
        } else {
            context.step(Step.ICMP_SENT, kind.type(ipv6), kind.code(ipv6));
            stack.output(route, reply, length);
        }
    }

    private Address source(int device, Route route, long offending) {
        Route asked = context.network.route(Ip.destinationHigh(offending), Ip.destinationLow(offending));
        if (asked != null && asked.scope() == RouteScope.HOST) {
            return asked.prefix();
        }
        long toHigh = Ip.sourceHigh(offending);
        long toLow = Ip.sourceLow(offending);
        Address from = context.network.sourceAddress(device, toHigh, toLow);
        return from.isNone() ? context.network.sourceAddress(route.device().id(), toHigh, toLow) : from;
    }

    /** Writes the error behind an Ethernet header. @return bytes from the IP header on */
    private int ipv4(long ip, int from, long offending, ErrorKind kind, int mtu) {
        int headers = Ipv4.MINIMUM_LENGTH + Icmp.LENGTH;
        int quoted = Math.min(Ipv4.totalLength(offending), LARGEST_IPV4 - headers);
        // Precedence "internetwork control" (RFC 1812 §4.3.2.5).
        Memory.putShortNet(ip, 0x45c0);
        Ipv4.setTotalLength(ip, headers + quoted);
        Memory.putShortNet(ip + 4, ++identification);
        Memory.putShortNet(ip + 6, 0);
        Ipv4.setTtl(ip, context.network.settings().ttl());
        Memory.putByte(ip + 9, Ipv4.ICMP);
        Ipv4.setChecksum(ip, 0);
        Ipv4.setSource(ip, from);
        Ipv4.setDestination(ip, Ipv4.source(offending));
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        long icmp = ip + Ipv4.MINIMUM_LENGTH;
        Memory.copy(offending, icmp + Icmp.LENGTH, quoted);
        Memory.putByte(icmp, kind.type(false));
        Memory.putByte(icmp + 1, kind.code(false));
        Memory.putShortNet(icmp + 2, 0);
        Memory.putIntNet(icmp + 4, mtu);
        Icmp.setChecksum(icmp, Checksum.complement(Checksum.sum(icmp, Icmp.LENGTH + quoted)));
        return headers + quoted;
    }

    /** Likewise. */
    private int ipv6(long ip, Address from, long offending, ErrorKind kind, int mtu) {
        int headers = Ipv6.LENGTH + Icmp6.LENGTH;
        int quoted = Math.min(Ipv6.totalLength(offending), Ipv6.MINIMUM_MTU - headers);
        Ipv6.setFirstWord(ip, 0, 0);
        Ipv6.setPayloadLength(ip, Icmp6.LENGTH + quoted);
        Ipv6.setNextHeader(ip, Ipv6.ICMP);
        Ipv6.setHopLimit(ip, context.network.settings().ttl());
        Ipv6.setAddress(ip + Ipv6.SOURCE, from.high(), from.low());
        Memory.copy(offending + Ipv6.SOURCE, ip + Ipv6.DESTINATION, 16);
        long icmp = ip + Ipv6.LENGTH;
        Memory.copy(offending, icmp + Icmp6.LENGTH, quoted);
        Icmp6.setTypeAndCode(icmp, kind.type(true), kind.code(true));
        Icmp6.setChecksum(icmp, 0);
        Icmp6.setParameter(icmp, mtu);
        Icmp6.setChecksum(icmp, Checksum.complement(Icmp6.sum(ip, icmp, Icmp6.LENGTH + quoted)));
        return headers + quoted;
    }

    private static boolean mayReport(long frame, long ip) {
        return !Ethernet.isGroup(Ethernet.destination(frame)) && (Ip.isIpv6(ip) ? mayReport6(ip) : mayReport4(ip));
    }

    private static boolean mayReport4(long ip) {
        int source = Ipv4.source(ip);
        if ((Ipv4.flagsAndOffset(ip) & Ipv4.OFFSET_MASK) != 0
                || Ipv4.destination(ip) >>> 28 >= 0xe
                || source >>> 28 >= 0xe
                || source >>> 24 == 0
                || source >>> 24 == 127) {
            return false;
        }
        int headerLength = Ipv4.headerLength(ip);
        return Ipv4.protocol(ip) != Ipv4.ICMP
                || Ipv4.totalLength(ip) <= headerLength
                || !Icmp.isError(Icmp.type(ip + headerLength));
    }

    private static boolean mayReport6(long ip) {
        long end = ip + Ipv6.totalLength(ip);
        int walked = ExtensionHeaders.walk(ip, end);
        if (walked == ExtensionHeaders.REFUSED
                || Ipv6.isMulticast(Ipv6.high(ip + Ipv6.DESTINATION))
                || Ipv6.isMulticast(Ipv6.high(ip + Ipv6.SOURCE))
                || (Ipv6.high(ip + Ipv6.SOURCE) == 0 && Ipv6.low(ip + Ipv6.SOURCE) == 0)) {
            return false;
        }
        int header = ExtensionHeaders.header(walked);
        long at = ip + ExtensionHeaders.offset(walked);
        if (header == Ipv6.FRAGMENT) {
            if (at + Ipv6.FRAGMENT_LENGTH > end || (Memory.getShortNet(at + 2) & Ipv6.OFFSET_MASK) != 0) {
                return false;
            }
            header = Memory.getByte(at);
            at += Ipv6.FRAGMENT_LENGTH;
        }
        return header != Ipv6.ICMP || at >= end || !Icmp6.isError(Icmp6.type(at));
    }
}
