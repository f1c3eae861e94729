package jdpvs.wire;

/**
 * An IPv4 header at a native address (RFC 791 §3.1). Addresses are {@code int}s in network meaning: 10.0.0.1 is 0x0a000001.
 *
 * <pre>
 *  0  version/IHL | 1 TOS | 2 total length | 4 identification | 6 flags, fragment offset |
 *  8  TTL | 9 protocol | 10 header checksum | 12 source | 16 destination | 20 options …
 * </pre>
 */
public final class Ipv4 {
    public static final int MINIMUM_LENGTH = 20;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMP = 1;
    public static final int DONT_FRAGMENT = 0x4000;
    public static final int MORE_FRAGMENTS = 0x2000;
    public static final int OFFSET_MASK = 0x1fff;

    private Ipv4() {}

    public static int version(long ip) {
        return Memory.getByte(ip) >>> 4;
    }

    /** Header length in bytes, options included. */
    public static int headerLength(long ip) {
        return (Memory.getByte(ip) & 0xf) << 2;
    }

    public static int tos(long ip) {
        return Memory.getByte(ip + 1);
    }

    public static int totalLength(long ip) {
        return Memory.getShortNet(ip + 2);
    }

    public static void setTotalLength(long ip, int bytes) {
        Memory.putShortNet(ip + 2, bytes);
    }

    public static int identification(long ip) {
        return Memory.getShortNet(ip + 4);
    }

    public static int flagsAndOffset(long ip) {
        return Memory.getShortNet(ip + 6);
    }

    public static boolean isFragment(long ip) {
        return (flagsAndOffset(ip) & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
    }

    public static int ttl(long ip) {
        return Memory.getByte(ip + 8);
    }

    public static void setTtl(long ip, int ttl) {
        Memory.putByte(ip + 8, ttl);
    }

    public static int protocol(long ip) {
        return Memory.getByte(ip + 9);
    }

    public static int checksum(long ip) {
        return Memory.getShortNet(ip + 10);
    }

    public static void setChecksum(long ip, int value) {
        Memory.putShortNet(ip + 10, value);
    }

    public static int source(long ip) {
        return Memory.getIntNet(ip + 12);
    }

    public static void setSource(long ip, int address) {
        Memory.putIntNet(ip + 12, address);
    }

    public static int destination(long ip) {
        return Memory.getIntNet(ip + 16);
    }

    public static void setDestination(long ip, int address) {
        Memory.putIntNet(ip + 16, address);
    }
}
