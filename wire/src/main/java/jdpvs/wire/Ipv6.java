package jdpvs.wire;

/**
 * An IPv6 header at a native address (RFC 8200 §3). An address is two {@code long}s in network meaning, its upper and its lower half.
 *
 * <pre>
 *  0  version (4 bits), traffic class (8), flow label (20) | 4 payload length | 6 next header | 7 hop limit |
 *  8  source (16) | 24 destination (16) | 40 extension headers, payload …
 * </pre>
 */
public final class Ipv6 {
    public static final int LENGTH = 40;
    /** Every link carries packets of this size (RFC 8200 §5). */
    public static final int MINIMUM_MTU = 1280;

    public static final int SOURCE = 8;
    public static final int DESTINATION = 24;

    public static final int HOP_BY_HOP = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int AUTHENTICATION = 51;
    public static final int ICMP = 58;
    public static final int NO_NEXT_HEADER = 59;
    public static final int DESTINATION_OPTIONS = 60;

    /** A fragment header's length (RFC 8200 §4.5): next header (1), reserved (1), offset and flags (2), identification (4). */
    public static final int FRAGMENT_LENGTH = 8;

    public static final int MORE_FRAGMENTS = 1;
    /** Bytes, as the field counts units of eight in its upper 13 bits. */
    public static final int OFFSET_MASK = 0xfff8;

    private Ipv6() {}

    public static int version(long ip) {
        return Memory.getByte(ip) >>> 4;
    }

    public static int trafficClass(long ip) {
        return Memory.getShortNet(ip) >>> 4 & 0xff;
    }

    /** Version 6, a traffic class and a flow label in one write. */
    public static void setFirstWord(long ip, int trafficClass, int flowLabel) {
        Memory.putIntNet(ip, 6 << 28 | trafficClass << 20 | flowLabel);
    }

    public static int flowLabel(long ip) {
        return Memory.getIntNet(ip) & 0xf_ffff;
    }

    /** Bytes behind the 40 of this header. */
    public static int payloadLength(long ip) {
        return Memory.getShortNet(ip + 4);
    }

    public static void setPayloadLength(long ip, int bytes) {
        Memory.putShortNet(ip + 4, bytes);
    }

    /** Bytes of the packet, this header included. */
    public static int totalLength(long ip) {
        return LENGTH + payloadLength(ip);
    }

    public static int nextHeader(long ip) {
        return Memory.getByte(ip + 6);
    }

    public static void setNextHeader(long ip, int protocol) {
        Memory.putByte(ip + 6, protocol);
    }

    public static int hopLimit(long ip) {
        return Memory.getByte(ip + 7);
    }

    public static void setHopLimit(long ip, int hops) {
        Memory.putByte(ip + 7, hops);
    }

    /** The upper half of the address at a place: a header plus {@link #SOURCE} or {@link #DESTINATION}, or a field of ICMPv6. */
    public static long high(long address) {
        return Long.reverseBytes(Memory.getLong(address));
    }

    public static long low(long address) {
        return Long.reverseBytes(Memory.getLong(address + 8));
    }

    public static void setAddress(long address, long high, long low) {
        Memory.putLong(address, Long.reverseBytes(high));
        Memory.putLong(address + 8, Long.reverseBytes(low));
    }

    public static boolean isMulticast(long high) {
        return high >>> 56 == 0xff;
    }

    /** Writes a whole header with flow label 0. */
    public static void write(
            long ip, int trafficClass, int payloadLength, int nextHeader, int hopLimit, Address from, Address to) {
        write(ip, trafficClass, payloadLength, nextHeader, hopLimit);
        setAddress(ip + SOURCE, from.high(), from.low());
        setAddress(ip + DESTINATION, to.high(), to.low());
    }

    /** Writes a header with flow label 0 but for its addresses. */
    public static void write(long ip, int trafficClass, int payloadLength, int nextHeader, int hopLimit) {
        setFirstWord(ip, trafficClass, 0);
        setPayloadLength(ip, payloadLength);
        setNextHeader(ip, nextHeader);
        setHopLimit(ip, hopLimit);
    }
}
