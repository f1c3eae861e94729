package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.port.Step;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/**
 * The PROXY header before the payload of a UDP connection's first datagram, version 2; it is not repeated if that is lost (facts: behaviour §5.3). A header that the client sends itself
 * is replaced, or, where it is believed, stays alone.
 */
final class ProxyDatagram {
    static final long NO_ROOM = 0;

    /** Bytes of a frame that {@link jdpvs.stack.Egress#allocate} has room for. */
    private static final int BUFFER = 2048;

    private final WorkerContext context;
    private final ProxySource source;
    private long added;

    ProxyDatagram(BalancerState state) {
        this.context = state.context;
        this.source = new ProxySource(state.addresses);
    }

    /** Frames made here that went beside the client's. */
    long added() {
        return added;
    }

    /**
     * Puts the header into a client's datagram, rewritten already, that is one packet. One with a wrong checksum stays as it is: its receiver will not have it.
     *
     * @return where the frame begins now, or {@link #NO_ROOM} when the datagram would be longer than any can be
     */
    long insert(long record, long frame, int transportOffset) {
        long udp = frame + transportOffset;
        boolean partial = VirtioNetHeader.needsChecksum(frame);
        boolean complete = !partial && Udp.checksum(udp) != 0;
        if (complete && sum(frame, transportOffset) != 0xffff) {
            return frame;
        }
        long payload = udp + Udp.LENGTH;
        int bytes = Udp.length(udp) - Udp.LENGTH;
        int own = source.read(payload, bytes);
        if (own > 0 && !source.isAsWanted(record)) {
            own = 0;
        }
        if (own > 0 && (Connection.flags(record) & Connection.PROXY_INSECURE) != 0) {
            context.step(Step.PROXY_HEADER_KEPT, own, source.versionRead());
            Connection.clearProxied(record);
            return frame;
        }
        int header = source.own(record);
        int growth = header - own;
        if (Udp.length(udp) + growth > 0xffff || Ip.totalLength(frame + Ethernet.LENGTH) + growth > 0xffff) {
            return NO_ROOM;
        }
        Connection.clearProxied(record);
        if (own > 0) {
            context.step(Step.PROXY_HEADER_REPLACED, own, source.versionRead());
        }
        long sent = move(frame, transportOffset, -growth);
        source.copy(sent + transportOffset + Udp.LENGTH);
        resize(sent, transportOffset, bytes + growth);
        if (complete) {
            Udp.setChecksum(sent + transportOffset, 0);
            int checksum = Checksum.complement(sum(sent, transportOffset));
            Udp.setChecksum(sent + transportOffset, checksum == 0 ? 0xffff : checksum);
        }
        context.step(Step.PROXY_HEADER_SENT, header, source.versionWritten());
        return sent;
    }

    /** Lets a datagram that its header has made too long leave in fragments, whatever its sender wanted: it is not the one who made it so. */
    void allowFragments(long frame, int mtu) {
        long ip = frame + Ethernet.LENGTH;
        if (Ip.isIpv6(ip)) {
            VirtioNetHeader.setFragments(frame, mtu);
            return;
        }
        Memory.putShortNet(ip + 4, context.nextIdentification());
        Memory.putShortNet(ip + 6, Ipv4.flagsAndOffset(ip) & ~Ipv4.DONT_FRAGMENT);
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
    }

    /**
     * The first datagram of a segmented frame.
     *
     * @return a frame of its own; {@link #NO_ROOM} when there is no buffer, or none so large
     */
    long first(long frame, int transportOffset) {
        int headers = transportOffset + Udp.LENGTH;
        int payload = Math.min(VirtioNetHeader.segmentSize(frame), Udp.length(frame + transportOffset) - Udp.LENGTH);
        long copy = headers + payload > BUFFER ? 0 : context.egress.allocate();
        if (copy == 0) {
            return NO_ROOM;
        }
        Memory.copy(
                frame - VirtioNetHeader.LENGTH,
                copy - VirtioNetHeader.LENGTH,
                VirtioNetHeader.LENGTH + headers + payload);
        VirtioNetHeader.clearSegmentation(copy);
        resize(copy, transportOffset, payload);
        return copy;
    }

    /**
     * A segmented frame without its {@link #first} datagram.
     *
     * @return where the frame begins now; {@link #NO_ROOM} when there was but one datagram
     */
    long rest(long frame, int transportOffset) {
        int size = VirtioNetHeader.segmentSize(frame);
        int payload = Udp.length(frame + transportOffset) - Udp.LENGTH - size;
        if (payload <= 0) {
            return NO_ROOM;
        }
        added++;
        long moved = move(frame, transportOffset, size);
        resize(moved, transportOffset, payload);
        if (payload <= size) {
            VirtioNetHeader.clearSegmentation(moved);
        }
        return moved;
    }

    /** Moves the headers up by so many bytes, or down. */
    private static long move(long frame, int transportOffset, int bytes) {
        long moved = frame + bytes;
        Memory.copy(
                frame - VirtioNetHeader.LENGTH,
                moved - VirtioNetHeader.LENGTH,
                VirtioNetHeader.LENGTH + transportOffset + Udp.LENGTH);
        return moved;
    }

    /** Sets the payload's length; a complete checksum is the caller's. */
    private static void resize(long frame, int transportOffset, int payload) {
        long ip = frame + Ethernet.LENGTH;
        long udp = frame + transportOffset;
        int before = Udp.length(udp);
        int now = Udp.LENGTH + payload;
        Ip.setTotalLength(ip, Ip.totalLength(ip) + now - before);
        if (!Ip.isIpv6(ip)) {
            Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        }
        Memory.putShortNet(udp + 4, now);
        if (VirtioNetHeader.needsChecksum(frame)) {
            Checksum.applyPartial(udp + Udp.CHECKSUM_OFFSET, Checksum.delta16(before, now));
        }
    }

    private static int sum(long frame, int transportOffset) {
        long ip = frame + Ethernet.LENGTH;
        long udp = frame + transportOffset;
        int bytes = Udp.length(udp);
        return Checksum.add(Ip.pseudoHeader(ip, Ipv4.UDP, bytes), Checksum.sum(udp, bytes));
    }
}
