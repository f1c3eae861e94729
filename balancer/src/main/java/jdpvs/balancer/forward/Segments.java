package jdpvs.balancer.forward;

import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/**
 * Makes TCP segments smaller: TCP carries a stream of bytes, and nobody minds where it is cut. A segmented frame gets smaller segments; one packet, or a frame
 * near the 65,535 bytes of an IP length, is cut in two.
 */
final class Segments {
    /** From {@link #cut}: the segment stays as it was. */
    static final long NONE = 0;

    private static final int LARGEST_TAIL = 1400;
    /** Bytes of a frame that {@link jdpvs.stack.Egress#allocate} has room for. */
    private static final int BUFFER = 2048;

    private static final int CWR = 0x80;

    private final WorkerContext context;

    Segments(WorkerContext context) {
        this.context = context;
    }

    /** Makes the segments of a segmented frame small enough for an MTU that is larger than the headers; other frames stay, also those that leave in fragments. */
    static void limit(long frame, int transportOffset, int mtu) {
        int type = VirtioNetHeader.gsoType(frame);
        if (type == VirtioNetHeader.GSO_NONE || type == VirtioNetHeader.GSO_UDP) {
            return;
        }
        long ip = frame + Ethernet.LENGTH;
        int headers = transportOffset - Ethernet.LENGTH + Tcp.headerLength(frame + transportOffset);
        int size = Math.min(VirtioNetHeader.segmentSize(frame), mtu - headers);
        VirtioNetHeader.setSegmentSize(frame, size);
        if (Ip.totalLength(ip) - headers <= size) {
            VirtioNetHeader.clearSegmentation(frame);
        }
    }

    /**
     * Cuts the end off a segment that is neither SYN nor RST, into a frame of its own.
     *
     * @param least bytes to cut off at least
     * @param room bytes of headers and payload that the new packet may have at most
     * @return the new frame, the payload's end behind a copy of the headers; or {@link #NONE} when there is too little payload or no
     *     buffer, or the checksum is wrong: a damaged segment must not become two sound ones
     */
    long cut(long frame, int transportOffset, int least, int room) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = frame + transportOffset;
        int total = Ip.totalLength(ip);
        int headers = transportOffset - Ethernet.LENGTH + Tcp.headerLength(tcp);
        int bytes = tail(frame, total - headers, least, Math.min(room, BUFFER - Ethernet.LENGTH) - headers);
        if (bytes == 0 || !isSound(frame, transportOffset)) {
            return NONE;
        }
        long tail = headersOf(frame, transportOffset);
        if (tail == NONE) {
            return NONE;
        }
        Memory.copy(ip + total - bytes, tail + Ethernet.LENGTH + headers, bytes);
        shorten(frame, ip, tcp, total - bytes);
        renumber(tail + transportOffset, total - headers - bytes);
        seal(tail, transportOffset, headers + bytes);
        return tail;
    }

    /**
     * Begins another segment of the same connection.
     *
     * @return a frame with a copy of a segment's headers, options among them, that is not segmented; {@link #NONE} when there is no buffer
     */
    long headersOf(long frame, int transportOffset) {
        long copy = context.egress.allocate();
        if (copy == 0) {
            return NONE;
        }
        int bytes = VirtioNetHeader.LENGTH + transportOffset + Tcp.headerLength(frame + transportOffset);
        Memory.copy(frame - VirtioNetHeader.LENGTH, copy - VirtioNetHeader.LENGTH, bytes);
        VirtioNetHeader.clearSegmentation(copy);
        return copy;
    }

    /**
     * Takes bytes off the front of a payload: the headers move up to what stays.
     *
     * @param bytes at most the payload's; the segment is {@link #isSound sound}
     * @return where the frame begins now, higher by so much
     */
    long dropFront(long frame, int transportOffset, int bytes) {
        int headers = transportOffset + Tcp.headerLength(frame + transportOffset);
        long moved = frame + bytes;
        Memory.copy(frame - VirtioNetHeader.LENGTH, moved - VirtioNetHeader.LENGTH, VirtioNetHeader.LENGTH + headers);
        renumber(moved + transportOffset, bytes);
        seal(moved, transportOffset, Ip.totalLength(moved + Ethernet.LENGTH) - bytes);
        limit(moved, transportOffset, 1 << 16);
        return moved;
    }

    /** How much to cut off: a whole segment where it may be, else half; such that what stays is even. */
    private static int tail(long frame, int payload, int least, int most) {
        int wanted = VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE
                ? payload / 2
                : VirtioNetHeader.segmentSize(frame);
        int bytes = Math.max(least, Math.min(wanted, Math.min(most, LARGEST_TAIL)));
        if (((payload - bytes) & 1) != 0) {
            bytes += bytes > least && bytes > 1 ? -1 : 1;
        }
        return bytes < 1 || bytes > most || bytes > payload ? 0 : bytes;
    }

    /** Whether the checksum is right, or still to be made: a damaged segment must not become a sound one. */
    static boolean isSound(long frame, int transportOffset) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = frame + transportOffset;
        int bytes = Ip.totalLength(ip) - (int) (tcp - ip);
        return VirtioNetHeader.needsChecksum(frame)
                || Checksum.add(Ip.pseudoHeader(ip, Ipv4.TCP, bytes), Checksum.sum(tcp, bytes)) == 0xffff;
    }

    /** Cuts the end off a segment. */
    static void shorten(long frame, long ip, long tcp, int total) {
        boolean partial = VirtioNetHeader.needsChecksum(frame);
        int before = partial ? 0 : Checksum.sum(ip + total, Ip.totalLength(ip) - total);
        int flagsBefore = Memory.getShortNet(tcp + 12);
        Memory.putByte(tcp + 13, Tcp.flags(tcp) & ~(Tcp.FIN | Tcp.PSH));
        Rewrite.setTotalLength(frame, ip, tcp, total);
        if (!partial) {
            int flagsChange = Checksum.delta16(flagsBefore, Memory.getShortNet(tcp + 12));
            Checksum.apply(tcp + Tcp.CHECKSUM_OFFSET, Checksum.add(Checksum.complement(before), flagsChange));
        }
        if (VirtioNetHeader.gsoType(frame) != VirtioNetHeader.GSO_NONE) {
            limit(frame, (int) (tcp - frame), 1 << 16);
        }
    }

    /** @param before payload bytes that went before */
    private static void renumber(long tcp, int before) {
        Tcp.setSequence(tcp, Tcp.sequence(tcp) + before);
        int flags = Tcp.flags(tcp) & ~CWR;
        if ((flags & Tcp.URG) != 0) {
            int urgent = Math.max(0, Memory.getShortNet(tcp + 18) - before);
            Memory.putShortNet(tcp + 18, urgent);
            flags = urgent == 0 ? flags & ~Tcp.URG : flags;
        }
        Memory.putByte(tcp + 13, flags);
    }

    /** Makes lengths and checksums those of a packet of so many bytes, whatever they were. */
    void seal(long frame, int transportOffset, int total) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = frame + transportOffset;
        Ip.setTotalLength(ip, total);
        if (!Ip.isIpv6(ip)) {
            if ((Ipv4.flagsAndOffset(ip) & Ipv4.DONT_FRAGMENT) == 0) {
                Memory.putShortNet(ip + 4, context.nextIdentification());
            }
            Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        }
        int bytes = total - (int) (tcp - ip);
        int pseudoHeader = Ip.pseudoHeader(ip, Ipv4.TCP, bytes);
        Tcp.setChecksum(tcp, 0);
        Tcp.setChecksum(
                tcp,
                VirtioNetHeader.needsChecksum(frame)
                        ? pseudoHeader
                        : Checksum.complement(Checksum.add(pseudoHeader, Checksum.sum(tcp, bytes))));
    }
}
