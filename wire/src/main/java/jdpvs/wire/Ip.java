package jdpvs.wire;

/** What IPv4 and IPv6 headers have in common, at a native address. Addresses are the halves of an {@link Address}. */
public final class Ip {
    private Ip() {}

    public static boolean isIpv6(long ip) {
        return Memory.getByte(ip) >>> 4 == 6;
    }

    /** The Ethernet type of the packet. */
    public static int etherType(long ip) {
        return isIpv6(ip) ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
    }

    /** Bytes of the packet, its header included. */
    public static int totalLength(long ip) {
        return isIpv6(ip) ? Ipv6.totalLength(ip) : Ipv4.totalLength(ip);
    }

    /** Sets the packet's length, header included; an IPv4 header's checksum is the caller's. */
    public static void setTotalLength(long ip, int bytes) {
        if (isIpv6(ip)) {
            Ipv6.setPayloadLength(ip, bytes - Ipv6.LENGTH);
        } else {
            Ipv4.setTotalLength(ip, bytes);
        }
    }

    /** Sum of the pseudo header of TCP or UDP (RFC 9293 §3.1, RFC 8200 §8.1). */
    public static int pseudoHeader(long ip, int protocol, int transportLength) {
        return isIpv6(ip)
                ? Icmp6.pseudoHeader(ip, transportLength, protocol)
                : Checksum.pseudoHeader(Ipv4.source(ip), Ipv4.destination(ip), protocol, transportLength);
    }

    public static Address source(long ip) {
        return new Address(sourceHigh(ip), sourceLow(ip));
    }

    public static Address destination(long ip) {
        return new Address(destinationHigh(ip), destinationLow(ip));
    }

    public static long sourceHigh(long ip) {
        return isIpv6(ip) ? Ipv6.high(ip + Ipv6.SOURCE) : 0;
    }

    public static long sourceLow(long ip) {
        return isIpv6(ip) ? Ipv6.low(ip + Ipv6.SOURCE) : Address.mapped(Ipv4.source(ip));
    }

    public static long destinationHigh(long ip) {
        return isIpv6(ip) ? Ipv6.high(ip + Ipv6.DESTINATION) : 0;
    }

    public static long destinationLow(long ip) {
        return isIpv6(ip) ? Ipv6.low(ip + Ipv6.DESTINATION) : Address.mapped(Ipv4.destination(ip));
    }
}
