package jdpvs.wire;

/**
 * {@link Classifier} for IPv6. Order of the checks: frame long enough, version, payload length, addresses, extension headers, fragment, transport header.
 *
 * <p>Addresses that no packet on a wire may carry: a source that is multicast, loopback or v4-mapped, a destination that is unspecified, loopback or v4-mapped, and a
 * source equal to the destination (RFC 4291 §2.5.2, §2.5.3, §2.7; RFC 4942 §2.2; RFC 6274 §4.1). The unspecified source asks for its own address, and may speak to groups only
 * (RFC 4862 §5.4.2). Jumbograms (RFC 2675) are none here: their length of 0 does not fit what follows.
 */
final class Ipv6Classifier {
    private static final long MAPPED = 0xffff;

    private Ipv6Classifier() {}

    static int classify(long frame, int length) {
        if (length < Ethernet.LENGTH + Ipv6.LENGTH) {
            return FrameKind.of(FrameKind.BAD_TRUNCATED, 0);
        }
        long ip = frame + Ethernet.LENGTH;
        if (Ipv6.version(ip) != 6) {
            return FrameKind.of(FrameKind.BAD_IP_HEADER, 0);
        }
        int total = Ipv6.totalLength(ip);
        if (total > length - Ethernet.LENGTH) {
            return FrameKind.of(FrameKind.BAD_IP_LENGTH, 0);
        }
        if (badAddresses(ip)) {
            return FrameKind.of(FrameKind.BAD_IP_HEADER, 0);
        }
        int header = Ipv6.nextHeader(ip);
        int offset = Ipv6.LENGTH;
        if (header != Ipv4.TCP && header != Ipv4.UDP && header != Ipv6.ICMP) {
            int walked = ExtensionHeaders.walk(ip, ip + total);
            if (walked == ExtensionHeaders.REFUSED) {
                return FrameKind.of(FrameKind.BAD_EXTENSION_HEADER, 0);
            }
            header = ExtensionHeaders.header(walked);
            offset = ExtensionHeaders.offset(walked);
        }
        int kind = transport(ip + offset, total - offset, header);
        return FrameKind.of(kind, kind >= FrameKind.FIRST_BAD ? 0 : Ethernet.LENGTH + offset);
    }

    private static int transport(long header, int available, int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> Classifier.tcp(header, available, FrameKind.TCP6);
            case Ipv4.UDP -> Classifier.udp(header, available, FrameKind.UDP6);
            case Ipv6.ICMP -> available < Icmp6.LENGTH ? FrameKind.BAD_ICMP_HEADER : FrameKind.ICMP6;
            case Ipv6.FRAGMENT ->
                available < Ipv6.FRAGMENT_LENGTH ? FrameKind.BAD_EXTENSION_HEADER : FrameKind.FRAGMENT6;
            default -> FrameKind.OTHER6;
        };
    }

    private static boolean badAddresses(long ip) {
        long sourceHigh = Ipv6.high(ip + Ipv6.SOURCE);
        long sourceLow = Ipv6.low(ip + Ipv6.SOURCE);
        long destinationHigh = Ipv6.high(ip + Ipv6.DESTINATION);
        long destinationLow = Ipv6.low(ip + Ipv6.DESTINATION);
        if (sourceHigh == 0 && sourceLow == 0) {
            return !Ipv6.isMulticast(destinationHigh);
        }
        return Ipv6.isMulticast(sourceHigh)
                || isInternal(sourceHigh, sourceLow)
                || isInternal(destinationHigh, destinationLow)
                || (sourceHigh == destinationHigh && sourceLow == destinationLow);
    }

    /** Unspecified, loopback or v4-mapped. */
    private static boolean isInternal(long high, long low) {
        return high == 0 && (low >>> 1 == 0 || low >>> 32 == MAPPED);
    }
}
