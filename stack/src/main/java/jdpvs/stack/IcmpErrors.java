package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;

/**
 * ICMP errors about packets that dpvs could not pass on (RFC 792, RFC 1812 §4.3.2, RFC 1191). Quotes as much of the packet as fits 576 bytes.
 * Never about ICMP errors, fragments but the first, broadcast or multicast (RFC 1122 §3.2.2); rate limited. What is suppressed by the limit
 * counts as {@code REPLY_LIMITED}, beside the count of the packet itself.
 *
 * <p>The source of an error is the address that the packet was sent to when it is ours (RFC 1122 §3.2.2: a client that asked the VIP is answered by
 * the VIP), else one of the interface that it came in by (RFC 1812 §4.3.2.4). A packet from an own address was rewritten here: the error about
 * it goes to {@link OwnPacketErrors}.
 */
final class IcmpErrors {
    private static final int MAXIMUM_TOTAL = 576;
    private static final int HEADERS = Ipv4.MINIMUM_LENGTH + Icmp.LENGTH;

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
     * @param mtu of the next hop for "fragmentation needed", else 0
     */
    void send(int device, long frame, int type, int code, int mtu) {
        long offending = frame + Ethernet.LENGTH;
        int to = Ipv4.source(offending);
        Route route = context.network.route(to);
        if (!mayReport(frame, offending) || route == null || route.scope() == RouteScope.KNI_HOST) {
            return;
        }
        boolean own = route.scope() == RouteScope.HOST;
        int from = own ? to : source(device, route, Ipv4.destination(offending), to);
        if (from == 0) {
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
        int quoted = Math.min(Ipv4.totalLength(offending), MAXIMUM_TOTAL - HEADERS);
        write(reply + Ethernet.LENGTH, from, to, HEADERS + quoted);
        long icmp = reply + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH;
        Memory.copy(offending, icmp + Icmp.LENGTH, quoted);
        Memory.putByte(icmp, type);
        Memory.putByte(icmp + 1, code);
        Memory.putShortNet(icmp + 2, 0);
        Memory.putIntNet(icmp + 4, mtu);
        Icmp.setChecksum(icmp, Checksum.complement(Checksum.sum(icmp, Icmp.LENGTH + quoted)));
        int length = Ethernet.LENGTH + HEADERS + quoted;
        if (own) {
            ownPackets.passOn(reply, length);
        } else {
            context.step(Step.ICMP_SENT, type, code);
            stack.output(route, to, reply, length);
        }
    }

    private int source(int device, Route route, int asked, int to) {
        if (context.network.isLocal(asked)) {
            return asked;
        }
        int from = device < 0 ? 0 : context.network.sourceAddress(device, to);
        return from != 0 ? from : context.network.sourceAddress(route.device().id(), to);
    }

    private void write(long ip, int from, int to, int totalLength) {
        // Precedence "internetwork control" (RFC 1812 §4.3.2.5).
        Memory.putShortNet(ip, 0x45c0);
        Ipv4.setTotalLength(ip, totalLength);
        Memory.putShortNet(ip + 4, ++identification);
        Memory.putShortNet(ip + 6, 0);
        Ipv4.setTtl(ip, context.network.settings().ttl());
        Memory.putByte(ip + 9, Ipv4.ICMP);
        Ipv4.setChecksum(ip, 0);
        Ipv4.setSource(ip, from);
        Ipv4.setDestination(ip, to);
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
    }

    private static boolean mayReport(long frame, long ip) {
        int source = Ipv4.source(ip);
        if (Ethernet.isGroup(Ethernet.destination(frame))
                || (Ipv4.flagsAndOffset(ip) & Ipv4.OFFSET_MASK) != 0
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
}
