package jdpvs.wire;

import java.util.HexFormat;
import java.util.List;

/** The promises of {@link FrameKind} written down plainly over a byte array; slow, and independent of {@link Classifier}. */
final class ReferenceClassifier {
    private ReferenceClassifier() {}

    static int classify(byte[] frame) {
        if (frame.length < 14) {
            return FrameKind.of(FrameKind.BAD_TRUNCATED, 0);
        }
        return switch (u16(frame, 12)) {
            case 0x0800 -> ipv4(frame);
            case 0x0806 -> FrameKind.of(arp(frame), 0);
            case 0x86dd -> ipv6(frame);
            default -> FrameKind.of(FrameKind.OTHER, 0);
        };
    }

    private static int arp(byte[] frame) {
        if (frame.length < 42) {
            return FrameKind.BAD_TRUNCATED;
        }
        boolean good = u16(frame, 14) == 1 && u16(frame, 16) == 0x0800 && frame[18] == 6 && frame[19] == 4;
        return good ? FrameKind.ARP : FrameKind.BAD_ARP;
    }

    private static int ipv4(byte[] frame) {
        if (frame.length < 34) {
            return FrameKind.of(FrameKind.BAD_TRUNCATED, 0);
        }
        int header = (frame[14] & 0xf) * 4;
        if ((frame[14] & 0xf0) != 0x40 || header < 20) {
            return FrameKind.of(FrameKind.BAD_IP_HEADER, 0);
        }
        int total = u16(frame, 16);
        if (total < header || 14 + total > frame.length) {
            return FrameKind.of(FrameKind.BAD_IP_LENGTH, 0);
        }
        if (checksum(frame, 14, header) != 0) {
            return FrameKind.of(FrameKind.BAD_IP_CHECKSUM, 0);
        }
        if (badSource(frame) || badDestination(frame)) {
            return FrameKind.of(FrameKind.BAD_IP_HEADER, 0);
        }
        int at = 14 + header;
        if ((u16(frame, 20) & 0x3fff) != 0) {
            return FrameKind.of(FrameKind.FRAGMENT4, at);
        }
        int kind = transport(frame, frame[23], at, total - header);
        return FrameKind.of(kind, kind >= FrameKind.FIRST_BAD ? 0 : at);
    }

    private static int ipv6(byte[] frame) {
        if (frame.length < 54) {
            return FrameKind.of(FrameKind.BAD_TRUNCATED, 0);
        }
        if ((frame[14] & 0xf0) != 0x60) {
            return FrameKind.of(FrameKind.BAD_IP_HEADER, 0);
        }
        int end = 54 + u16(frame, 18);
        if (end > frame.length) {
            return FrameKind.of(FrameKind.BAD_IP_LENGTH, 0);
        }
        if (badIpv6Addresses(frame)) {
            return FrameKind.of(FrameKind.BAD_IP_HEADER, 0);
        }
        int header = frame[20] & 0xff;
        int at = 54;
        for (int count = 0; List.of(0, 43, 51, 60).contains(header); count++) {
            int size =
                    at + 8 > end ? -1 : header == 51 ? 4 * (frame[at + 1] & 0xff) + 8 : 8 * (frame[at + 1] & 0xff) + 8;
            boolean misplaced = header == 0 && count > 0;
            if (size < 0 || at + size > end || count >= 8 || misplaced || (header == 43 && frame[at + 3] != 0)) {
                return FrameKind.of(FrameKind.BAD_EXTENSION_HEADER, 0);
            }
            header = frame[at] & 0xff;
            at += size;
        }
        int kind = switch (header) {
            case 44 -> end - at < 8 ? FrameKind.BAD_EXTENSION_HEADER : FrameKind.FRAGMENT6;
            case 58 -> end - at < 8 ? FrameKind.BAD_ICMP_HEADER : FrameKind.ICMP6;
            case 6 ->
                switch (transport(frame, 6, at, end - at)) {
                    case FrameKind.TCP4 -> FrameKind.TCP6;
                    default -> FrameKind.BAD_TCP_HEADER;
                };
            case 17 ->
                switch (transport(frame, 17, at, end - at)) {
                    case FrameKind.UDP4 -> FrameKind.UDP6;
                    default -> FrameKind.BAD_UDP_HEADER;
                };
            default -> FrameKind.OTHER6;
        };
        return FrameKind.of(kind, kind >= FrameKind.FIRST_BAD ? 0 : at);
    }

    private static boolean badIpv6Addresses(byte[] frame) {
        String source = HexFormat.of().formatHex(frame, 22, 38);
        String destination = HexFormat.of().formatHex(frame, 38, 54);
        String zeros = "0".repeat(32);
        if (source.equals(zeros)) {
            return !destination.startsWith("ff");
        }
        return source.startsWith("ff") || isInternal(source) || isInternal(destination) || source.equals(destination);
    }

    private static boolean isInternal(String address) {
        return (address.startsWith("0".repeat(31)) && "01".contains(address.substring(31)))
                || address.startsWith("0".repeat(20) + "ffff");
    }

    private static int transport(byte[] frame, int protocol, int at, int available) {
        return switch (protocol) {
            case 6 -> {
                int header = available < 20 ? 0 : (frame[at + 12] >> 4 & 0xf) * 4;
                yield header < 20 || header > available ? FrameKind.BAD_TCP_HEADER : FrameKind.TCP4;
            }
            case 17 -> {
                int length = available < 8 ? 0 : u16(frame, at + 4);
                yield length < 8 || length > available ? FrameKind.BAD_UDP_HEADER : FrameKind.UDP4;
            }
            case 1 -> available < 8 ? FrameKind.BAD_ICMP_HEADER : FrameKind.ICMP4;
            default -> FrameKind.OTHER4;
        };
    }

    private static boolean badSource(byte[] frame) {
        int first = frame[26] & 0xff;
        String source = dotted(frame, 26);
        boolean asking = source.equals("0.0.0.0") && dotted(frame, 30).equals("255.255.255.255");
        return first == 127
                || (first >= 224 && first <= 239)
                || source.equals("255.255.255.255")
                || (first == 0 && !asking)
                || source.equals(dotted(frame, 30));
    }

    private static boolean badDestination(byte[] frame) {
        return frame[30] == 127 || dotted(frame, 30).equals("0.0.0.0");
    }

    private static String dotted(byte[] frame, int at) {
        return (frame[at] & 0xff) + "." + (frame[at + 1] & 0xff) + "." + (frame[at + 2] & 0xff) + "."
                + (frame[at + 3] & 0xff);
    }

    /** RFC 1071 word by word, complemented. */
    static int checksum(byte[] bytes, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[from + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            if (sum > 0xffff) {
                sum = (sum & 0xffff) + 1;
            }
        }
        return ~sum & 0xffff;
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
