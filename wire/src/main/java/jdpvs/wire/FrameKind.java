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
    /** IPv4 ICMP, not a fragment, at least 8 bytes. */
    public static final int ICMP4 = 2;
    /** A fragment of an IPv4 packet. */
    public static final int FRAGMENT4 = 3;
    /** IPv4 with another protocol. */
    public static final int OTHER4 = 4;
    /** ARP for Ethernet and IPv4, whole. */
    public static final int ARP = 5;
    /** IPv6; looked into by a later issue. */
    public static final int IPV6 = 6;
    /** Any other Ethernet type, VLAN tags included. */
    public static final int OTHER = 7;

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

    private FrameKind() {}

    public static int kind(int classification) {
        return classification & 0xff;
    }

    /** Offset of the transport header from the frame's start; for kinds TCP4, UDP4, ICMP4. */
    public static int transportOffset(int classification) {
        return classification >>> 16;
    }

    public static int of(int kind, int transportOffset) {
        return transportOffset << 16 | kind;
    }
}
