package jdpvs.wire.translate;

import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.IcmpError;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;

/**
 * What an ICMP error says in the other family's words: type, code and the word behind the checksum (RFC 7915 §4.2, §5.2).
 *
 * <pre>
 *  ICMPv4                                             ICMPv6
 *  3 unreachable: 0 1 5 6 7 8 11 12                   1/0 no route
 *                 2 protocol                          4/1 unknown next header, pointer 6
 *                 3 port                              1/4 port
 *                 4 fragmentation needed              2/0 packet too big
 *                 9 10 13 15 prohibited               1/1 prohibited
 *  11 time exceeded                                   3, code as it is
 *  12 parameter problem: 0 2                          4/0 erroneous field, if the field is there
 *
 *  ICMPv6                                             ICMPv4
 *  1 unreachable: 0 2 3                               3/1 host
 *                 1 prohibited                        3/10 host prohibited
 *                 4 port                              3/3 port
 *  2 packet too big                                   3/4 fragmentation needed
 *  3 time exceeded                                    11, code as it is
 *  4 parameter problem: 0                             12/0, if the field is there
 *                       1                             3/2 protocol
 * </pre>
 *
 * Everything else has no translation. A message is a {@code long}: the word in the low 32 bits, the code above it in 8, the type in 8 more.
 */
public final class ErrorMapping {
    /** Has no translation. */
    public static final long NONE = -1;

    private static final int SMALLEST_MTU = 68;
    private static final int GROWTH = Ipv6.LENGTH - Ipv4.MINIMUM_LENGTH;
    private static final int NEXT_HEADER_FIELD = 6;
    private static final int GONE = -1;

    /** What a router that tells no MTU may have meant (RFC 1191 §7). */
    private static final int[] PLATEAUS = {65_535, 32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, 508, 296, 68};

    private ErrorMapping() {}

    public static int type(long message) {
        return (int) (message >>> 40) & 0xff;
    }

    public static int code(long message) {
        return (int) (message >>> 32) & 0xff;
    }

    public static int word(long message) {
        return (int) message;
    }

    /**
     * The error in the other family's words.
     *
     * @param growth bytes that the sender's packets grow by on their way, but for the header: it must hear of so much less
     */
    public static long of(IcmpError error, int growth) {
        return error.isIpv6() ? toIpv4(error, growth) : toIpv6(error, growth);
    }

    private static long toIpv6(IcmpError error, int growth) {
        int code = error.code();
        return switch (error.type()) {
            case Icmp.UNREACHABLE ->
                switch (code) {
                    case 0, 1, 5, 6, 7, 8, 11, 12 -> message(Icmp6.UNREACHABLE, Icmp6.NO_ROUTE, 0);
                    case 2 -> message(Icmp6.PARAMETER_PROBLEM, Icmp6.UNKNOWN_NEXT_HEADER, NEXT_HEADER_FIELD);
                    case 3 -> message(Icmp6.UNREACHABLE, Icmp6.PORT, 0);
                    case Icmp.FRAGMENTATION_NEEDED -> message(Icmp6.PACKET_TOO_BIG, 0, mtuOfIpv6(error, growth));
                    case 9, 10, 13, 15 -> message(Icmp6.UNREACHABLE, Icmp6.PROHIBITED, 0);
                    default -> NONE;
                };
            case Icmp.TIME_EXCEEDED -> message(Icmp6.TIME_EXCEEDED, code, 0);
            case Icmp.PARAMETER_PROBLEM ->
                code == 0 || code == 2 ? pointer(Icmp6.PARAMETER_PROBLEM, toIpv6(error.parameter() >>> 24)) : NONE;
            default -> NONE;
        };
    }

    private static long toIpv4(IcmpError error, int growth) {
        int code = error.code();
        return switch (error.type()) {
            case Icmp6.UNREACHABLE ->
                switch (code) {
                    case Icmp6.NO_ROUTE, Icmp6.BEYOND_SCOPE, Icmp6.ADDRESS -> message(Icmp.UNREACHABLE, 1, 0);
                    case Icmp6.PROHIBITED -> message(Icmp.UNREACHABLE, 10, 0);
                    case Icmp6.PORT -> message(Icmp.UNREACHABLE, 3, 0);
                    default -> NONE;
                };
            case Icmp6.PACKET_TOO_BIG ->
                message(
                        Icmp.UNREACHABLE,
                        Icmp.FRAGMENTATION_NEEDED,
                        Math.clamp(error.mtu() - GROWTH - growth, SMALLEST_MTU, 65_535));
            case Icmp6.TIME_EXCEEDED -> message(Icmp.TIME_EXCEEDED, code, 0);
            case Icmp6.PARAMETER_PROBLEM ->
                switch (code) {
                    case Icmp6.ERRONEOUS_FIELD -> {
                        int field = toIpv4(error.parameter());
                        yield pointer(Icmp.PARAMETER_PROBLEM, field == GONE ? GONE : field << 24);
                    }
                    case Icmp6.UNKNOWN_NEXT_HEADER -> message(Icmp.UNREACHABLE, 2, 0);
                    default -> NONE;
                };
            default -> NONE;
        };
    }

    /** RFC 7915 §4.2: never less than what every link carries. */
    private static int mtuOfIpv6(IcmpError error, int growth) {
        int mtu = error.mtu();
        if (mtu == 0) {
            int sent = Ipv4.totalLength(error.quotedIp());
            for (int plateau : PLATEAUS) {
                if (plateau < sent) {
                    mtu = plateau;
                    break;
                }
            }
        }
        return Math.max(Ipv6.MINIMUM_MTU, mtu + GROWTH - growth);
    }

    /** RFC 7915 figure 3: where a field of the IPv4 header stands in that of IPv6. */
    private static int toIpv6(int pointer) {
        return switch (pointer) {
            case 0, 1 -> pointer;
            case 2, 3 -> 4;
            case 8 -> 7;
            case 9 -> NEXT_HEADER_FIELD;
            case 12, 13, 14, 15 -> Ipv6.SOURCE;
            case 16, 17, 18, 19 -> Ipv6.DESTINATION;
            default -> GONE;
        };
    }

    /** RFC 7915 figure 6. */
    private static int toIpv4(int pointer) {
        if (pointer >= Ipv6.SOURCE && pointer < Ipv6.LENGTH) {
            return pointer < Ipv6.DESTINATION ? 12 : 16;
        }
        return switch (pointer) {
            case 0, 1 -> pointer;
            case 4, 5 -> 2;
            case NEXT_HEADER_FIELD -> 9;
            case 7 -> 8;
            default -> GONE;
        };
    }

    private static long pointer(int type, int word) {
        return word == GONE ? NONE : message(type, 0, word);
    }

    private static long message(int type, int code, int word) {
        return (long) type << 40 | (long) code << 32 | Integer.toUnsignedLong(word);
    }
}
