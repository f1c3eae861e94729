package jdpvs.stack.fragment;

import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/** A fragment at hand, of either family; one object for all. */
public final class Fragment {
    private static final int LARGEST_PACKET = 65_535;
    private static final int CONGESTION = 3;
    private static final long IPV6 = 1L << 40;

    private long ip;
    private boolean ipv6;
    /** Bytes of the headers that stand before every fragment, the fragment header not among them. */
    private int headerLength;

    private long payload;
    private int length;
    private int offset;
    private boolean more;
    private int identification;

    /** @param classification of a fragment */
    public void read(long frame, int classification) {
        ip = frame + Ethernet.LENGTH;
        ipv6 = FrameKind.kind(classification) == FrameKind.FRAGMENT6;
        if (ipv6) {
            long header = frame + FrameKind.transportOffset(classification);
            int field = Memory.getShortNet(header + 2);
            headerLength = (int) (header - ip);
            payload = header + Ipv6.FRAGMENT_LENGTH;
            offset = field & Ipv6.OFFSET_MASK;
            more = (field & Ipv6.MORE_FRAGMENTS) != 0;
            identification = Memory.getIntNet(header + 4);
        } else {
            int field = Ipv4.flagsAndOffset(ip);
            headerLength = Ipv4.headerLength(ip);
            payload = ip + headerLength;
            offset = (field & Ipv4.OFFSET_MASK) << 3;
            more = (field & Ipv4.MORE_FRAGMENTS) != 0;
            identification = Ipv4.identification(ip);
        }
        length = Ip.totalLength(ip) - (int) (payload - ip);
    }

    /** Empty, not a multiple of 8 bytes long, beyond the longest datagram, or behind more headers than are kept. */
    public boolean isMalformed() {
        return length <= 0
                || (more && (length & 7) != 0)
                || headerLength - (ipv6 ? Ipv6.LENGTH : 0) + offset + length > LARGEST_PACKET
                || Ethernet.LENGTH + headerLength > Datagrams.HEADER_BYTES;
    }

    boolean isIpv6() {
        return ipv6;
    }

    /** Of which family the datagram is that has this {@link #identity}. */
    static boolean isIpv6(long identity) {
        return (identity & IPV6) != 0;
    }

    /** A datagram by itself (RFC 6946); IPv4 knows none. */
    public boolean isAtomic() {
        return ipv6 && offset == 0 && !more;
    }

    /** Makes a copy of the frame's headers such as if there had been no fragment header. */
    void leaveOut(long copy) {
        if (!ipv6) {
            return;
        }
        long end = copy + Ethernet.LENGTH + headerLength;
        long field = copy + Ethernet.LENGTH + 6;
        int header = Memory.getByte(field);
        for (long at = copy + Ethernet.LENGTH + Ipv6.LENGTH; at < end; ) {
            int units = Memory.getByte(at + 1);
            field = at;
            at += header == Ipv6.AUTHENTICATION ? (units + 2) * 4L : (units + 1) * 8L;
            header = Memory.getByte(field);
        }
        Memory.putByte(field, Memory.getByte(ip + headerLength));
    }

    boolean isCongested() {
        int trafficClass = ipv6 ? Ipv6.trafficClass(ip) : Ipv4.tos(ip);
        return (trafficClass & CONGESTION) == CONGESTION;
    }

    /** What names its datagram beside the addresses. */
    long identity() {
        return ipv6
                ? IPV6 | Integer.toUnsignedLong(identification)
                : Integer.toUnsignedLong(identification << 8 | Ipv4.protocol(ip));
    }

    int identification() {
        return identification;
    }

    int headerLength() {
        return headerLength;
    }

    long payload() {
        return payload;
    }

    int length() {
        return length;
    }

    int offset() {
        return offset;
    }

    boolean more() {
        return more;
    }

    long sourceHigh() {
        return Ip.sourceHigh(ip);
    }

    long sourceLow() {
        return Ip.sourceLow(ip);
    }

    long destinationHigh() {
        return Ip.destinationHigh(ip);
    }

    long destinationLow() {
        return Ip.destinationLow(ip);
    }
}
