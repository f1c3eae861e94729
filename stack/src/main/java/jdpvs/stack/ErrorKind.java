package jdpvs.stack;

import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;

/** Why a packet's sender is told that it went no further: ICMP (RFC 792) and ICMPv6 (RFC 4443 §3) say it with other numbers. */
public enum ErrorKind {
    NO_ROUTE(Icmp.UNREACHABLE, Icmp.NET, Icmp6.UNREACHABLE, Icmp6.NO_ROUTE),
    HOST_UNREACHABLE(Icmp.UNREACHABLE, Icmp.HOST, Icmp6.UNREACHABLE, Icmp6.ADDRESS),
    PORT_UNREACHABLE(Icmp.UNREACHABLE, Icmp.PORT, Icmp6.UNREACHABLE, Icmp6.PORT),
    /** Too big for the next link, and not to be fragmented; goes with that link's MTU. */
    TOO_BIG(Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, Icmp6.PACKET_TOO_BIG, 0),
    /** Of IPv4 only; IPv6 says "no route" (RFC 7915 §4.2). */
    SOURCE_ROUTE_FAILED(Icmp.UNREACHABLE, Icmp.SOURCE_ROUTE_FAILED, Icmp6.UNREACHABLE, Icmp6.NO_ROUTE),
    TIME_EXCEEDED(Icmp.TIME_EXCEEDED, 0, Icmp6.TIME_EXCEEDED, 0);

    private final int type4;
    private final int code4;
    private final int type6;
    private final int code6;

    ErrorKind(int type4, int code4, int type6, int code6) {
        this.type4 = type4;
        this.code4 = code4;
        this.type6 = type6;
        this.code6 = code6;
    }

    public int type(boolean ipv6) {
        return ipv6 ? type6 : type4;
    }

    public int code(boolean ipv6) {
        return ipv6 ? code6 : code4;
    }
}
