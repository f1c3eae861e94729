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
