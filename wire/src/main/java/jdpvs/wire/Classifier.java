package jdpvs.wire;

import java.nio.ByteOrder;

/**
 * Looks at a frame once: what it is, and whether every length it claims is there. One pass, reads nothing outside the frame, allocates
 * nothing; Ethernet padding behind an IP packet is fine.
 *
 * <p>Order of the checks for IPv4: frame long enough, version and header length, total length, header checksum (RFC 1071), addresses, then
 * fragments, then the transport header. Addresses that no packet on a wire may carry are {@link FrameKind#BAD_IP_HEADER} (RFC 1122
 * §3.2.1.3): a source that is multicast, limited broadcast, loopback or in 0.0.0.0/8 (0.0.0.0 itself may speak to 255.255.255.255: a host
 * that asks for its address), a destination that is 0.0.0.0 or loopback; and a source equal to the destination ("land", RFC 6274 §4.1).
 */
public final class Classifier {
    /** An Ethernet type as {@link Memory#getShort} sees it, so that the hot comparison needs no byte swap. */
    private static final int IPV4_MACHINE = machine(Ethernet.TYPE_IPV4);

    private static final int ARP_LENGTH = Ethernet.LENGTH + Arp.LENGTH;
    private static final int LIMITED_BROADCAST = -1;

    private Classifier() {}

    /**
     * @param frame address of the Ethernet header
     * @param length bytes from there
     * @return a {@link FrameKind} classification
     */
    public static int classify(long frame, int length) {
        if (length < Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH || Memory.getShort(frame + 12) != IPV4_MACHINE) {
            return notIpv4(frame, length);
        }
        long ip = frame + Ethernet.LENGTH;
        // The 20 fixed bytes in three reads; every field is cut from them.
        long first = Long.reverseBytes(Memory.getLong(ip));
        long second = Long.reverseBytes(Memory.getLong(ip + 8));
        int destination = Memory.getIntNet(ip + 16);
        int headerLength = (int) (first >>> 54) & 0x3c;
        int totalLength = (int) (first >>> 32) & 0xffff;
        if (first >>> 60 != 4 || headerLength < Ipv4.MINIMUM_LENGTH) {
            return bad(FrameKind.BAD_IP_HEADER);
        }
        if (totalLength > length - Ethernet.LENGTH || totalLength < headerLength) {
            return bad(FrameKind.BAD_IP_LENGTH);
        }
        long sum = (first & 0xffff_ffffL)
                + (first >>> 32)
                + (second & 0xffff_ffffL)
                + (second >>> 32)
                + (destination & 0xffff_ffffL);
        if (headerLength != Ipv4.MINIMUM_LENGTH) {
            sum += options(ip, headerLength);
        }
        if (Checksum.fold(sum) != 0xffff) {
            return bad(FrameKind.BAD_IP_CHECKSUM);
        }
        if (badAddresses((int) second, destination)) {
            return bad(FrameKind.BAD_IP_HEADER);
        }
        int offset = Ethernet.LENGTH + headerLength;
        if ((first & (Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK)) != 0) {
            return FrameKind.of(FrameKind.FRAGMENT4, offset);
        }
        return transport(frame + offset, totalLength - headerLength, (int) (second >>> 48) & 0xff, offset);
    }

    private static long options(long ip, int headerLength) {
        long sum = 0;
        for (long at = ip + Ipv4.MINIMUM_LENGTH, end = ip + headerLength; at < end; at += 4) {
            sum += Memory.getIntNet(at) & 0xffff_ffffL;
        }
        return sum;
    }

    private static int transport(long header, int available, int protocol, int offset) {
        int kind = switch (protocol) {
            case Ipv4.TCP -> tcp(header, available, FrameKind.TCP4);
            case Ipv4.UDP -> udp(header, available, FrameKind.UDP4);
            case Ipv4.ICMP -> available < Icmp.LENGTH ? FrameKind.BAD_ICMP_HEADER : FrameKind.ICMP4;
            default -> FrameKind.OTHER4;
        };
        return FrameKind.of(kind, kind >= FrameKind.FIRST_BAD ? 0 : offset);
    }

    static int tcp(long header, int available, int good) {
        if (available < Tcp.MINIMUM_LENGTH) {
            return FrameKind.BAD_TCP_HEADER;
        }
        int headerLength = Tcp.headerLength(header);
        return headerLength < Tcp.MINIMUM_LENGTH || headerLength > available ? FrameKind.BAD_TCP_HEADER : good;
    }

    static int udp(long header, int available, int good) {
        if (available < Udp.LENGTH) {
            return FrameKind.BAD_UDP_HEADER;
        }
        int length = Udp.length(header);
        return length < Udp.LENGTH || length > available ? FrameKind.BAD_UDP_HEADER : good;
    }

    private static boolean badAddresses(int source, int destination) {
        int sourceNet = source >>> 24;
        int destinationNet = destination >>> 24;
        if (sourceNet != 0 && sourceNet < 224 && sourceNet != 127 && destinationNet != 0 && destinationNet != 127) {
            return source == destination;
        }
        return sourceNet == 127
                || source >>> 28 == 0xe
                || source == LIMITED_BROADCAST
                || (sourceNet == 0 && !(source == 0 && destination == LIMITED_BROADCAST))
                || destination == 0
                || destinationNet == 127
                || source == destination;
    }

    private static int notIpv4(long frame, int length) {
        if (length < Ethernet.LENGTH) {
            return bad(FrameKind.BAD_TRUNCATED);
        }
        return switch (Ethernet.type(frame)) {
            case Ethernet.TYPE_IPV4 -> bad(FrameKind.BAD_TRUNCATED);
            case Ethernet.TYPE_ARP -> FrameKind.of(arp(frame, length), 0);
            case Ethernet.TYPE_IPV6 -> Ipv6Classifier.classify(frame, length);
            default -> FrameKind.of(FrameKind.OTHER, 0);
        };
    }

    private static int arp(long frame, int length) {
        if (length < ARP_LENGTH) {
            return FrameKind.BAD_TRUNCATED;
        }
        return Arp.isEthernetIpv4(frame + Ethernet.LENGTH) ? FrameKind.ARP : FrameKind.BAD_ARP;
    }

    private static int bad(int kind) {
        return FrameKind.of(kind, 0);
    }

    private static int machine(int type) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? type : Short.reverseBytes((short) type) & 0xffff;
    }
}
