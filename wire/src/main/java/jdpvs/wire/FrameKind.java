package jdpvs.wire;

/**
 * What a frame is, decided once by {@link Classifier#classify}: the lengths a kind promises have been checked, so that nobody checks them
 * again. A classification is an {@code int}: kind in the low 8 bits, the transport header's offset from the frame's start in the high 16.
 */
public final class FrameKind {
    /** IPv4 TCP, not a fragment: IP header and total length good, TCP header with its options inside the packet. */
    public static final int TCP4 = 0;
    /** IPv4 UDP, not a fragment, UDP length within the packet. */
    public static final int UDP4 = 1;
    /** IPv6 TCP, not a fragment, behind extension headers or not; header and options inside the packet. */
    public static final int TCP6 = 2;
    /** IPv6 UDP, not a fragment, UDP length within the packet. */
    public static final int UDP6 = 3;
    /** IPv4 ICMP, not a fragment, at least 8 bytes. */
    public static final int ICMP4 = 4;
    /** ICMPv6, not a fragment, at least 8 bytes. */
    public static final int ICMP6 = 5;
    /** A fragment of an IPv4 packet. */
    public static final int FRAGMENT4 = 6;
    /** A fragment of an IPv6 packet; the offset is that of its fragment header, which is whole. */
    public static final int FRAGMENT6 = 7;
    /** IPv4 with another protocol. */
    public static final int OTHER4 = 8;
    /** IPv6 with another header behind its extension headers; the offset is that header's. */
    public static final int OTHER6 = 9;
    /** ARP for Ethernet and IPv4, whole. */
    public static final int ARP = 10;
    /** Any other Ethernet type, VLAN tags included. */
    public static final int OTHER = 11;

    /** From here on the frame is malformed. */
    public static final int FIRST_BAD = 16;

    public static final int BAD_TRUNCATED = 16;
    public static final int BAD_IP_HEADER = 17;
    public static final int BAD_IP_CHECKSUM = 18;
    public static final int BAD_IP_LENGTH = 19;
    public static final int BAD_TCP_HEADER = 20;
    public static final int BAD_UDP_HEADER = 21;
    public static final int BAD_ICMP_HEADER = 22;
    public static final int BAD_ARP = 23;
    public static final int BAD_EXTENSION_HEADER = 24;

    private static final int UDP_BIT = 1;
    private static final int IPV6_BIT = 2;

    private FrameKind() {}

    public static int kind(int classification) {
        return classification & 0xff;
    }

    /** Whether frames of this kind belong to flows: TCP or UDP, not a fragment. */
    public static boolean isFlow(int kind) {
        return kind <= UDP6;
    }

    /** Of a flow: UDP, else TCP. */
    public static boolean isUdp(int kind) {
        return (kind & UDP_BIT) != 0;
    }

    /** Of a flow: IPv6, else IPv4. */
    public static boolean isFlowOfIpv6(int kind) {
        return (kind & IPV6_BIT) != 0;
    }

    /** Whether the frame is a good one of IPv4. */
    public static boolean isIpv4(int kind) {
        return kind == TCP4 || kind == UDP4 || kind == ICMP4 || kind == FRAGMENT4 || kind == OTHER4;
    }

    /** Whether the frame is a good one of IPv6. */
    public static boolean isIpv6(int kind) {
        return kind == TCP6 || kind == UDP6 || kind == ICMP6 || kind == FRAGMENT6 || kind == OTHER6;
    }

    /** Offset of the transport header from the frame's start; for all kinds of IP but fragments and other protocols of IPv4. */
    public static int transportOffset(int classification) {
        return classification >>> 16;
    }

    public static int of(int kind, int transportOffset) {
        return transportOffset << 16 | kind;
    }
}
