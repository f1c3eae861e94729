package jdpvs.command.dpvsctl;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import jdpvs.control.IpAddress;

/** One line about a frame, in tcpdump's manner. Believes no length in it: where the bytes end, so does the line. */
final class PacketText {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP = 20;
    private static final int PORTS = 4;
    private static final String FLAGS = "FSRP.UEW";

    private final ByteBuffer bytes;
    private final StringBuilder text = new StringBuilder(128);

    private PacketText(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    /** @param bytes from the Ethernet header on, big endian; as many as there are */
    static String of(ByteBuffer bytes) {
        PacketText line = new PacketText(bytes);
        line.frame();
        return line.text.toString();
    }

    private void frame() {
        if (!has(0, ETHERNET)) {
            return;
        }
        int type = u16(12);
        switch (type) {
            case 0x0800 -> ipv4(ETHERNET, true);
            case 0x0806 -> arp(ETHERNET);
            case 0x86dd -> ipv6(ETHERNET, true);
            default -> text.append(String.format(Locale.ROOT, "ethertype 0x%04x, length %d", type, bytes.limit()));
        }
    }

    private void arp(int at) {
        if (!has(at, 28)) {
            return;
        }
        int operation = u16(at + 6);
        if (operation == 1) {
            address(at + 24, "ARP who-has ");
            address(at + 14, " tell ");
        } else if (operation == 2) {
            address(at + 14, "ARP ");
            byte[] mac = new byte[6];
            bytes.get(at + 8, mac);
            text.append(" is-at ").append(HexFormat.ofDelimiter(":").formatHex(mac));
        } else {
            text.append("ARP operation ").append(operation);
        }
    }

    private void ipv4(int at, boolean outer) {
        if (!has(at, IPV4)) {
            return;
        }
        int headers = (u8(at) & 15) * 4;
        int total = u16(at + 2);
        int fragment = u16(at + 6);
        int protocol = u8(at + 9);
        int next = at + headers;
        boolean first = (fragment & 0x1fff) == 0;
        boolean ports = first && (protocol == 6 || protocol == 17) && next + PORTS <= bytes.limit();
        address(at + 12, "IP ");
        if (ports) {
            text.append('.').append(u16(next));
        }
        address(at + 16, " > ");
        if (ports) {
            text.append('.').append(u16(next + 2));
        }
        text.append(": ");
        if ((fragment & 0x3fff) != 0) {
            text.append("fragment ").append(u16(at + 4)).append(" at ").append((fragment & 0x1fff) * 8);
            text.append((fragment & 0x2000) != 0 ? " and more, " : ", the last, ");
        }
        int left = Math.max(0, total - headers);
        if (!first) {
            text.append("length ").append(left);
            return;
        }
        switch (protocol) {
            case 6 -> tcp(next, left);
            case 17 -> text.append("UDP, length ").append(Math.max(0, left - 8));
            case 1 -> icmp(next, left, outer);
            default ->
                text.append("protocol ").append(protocol).append(", length ").append(left);
        }
    }

    private void ipv6(int at, boolean outer) {
        if (!has(at, IPV6)) {
            return;
        }
        TransportBytes transport = TransportBytes.find(bytes, at);
        int next = transport.at();
        int protocol = transport.protocol();
        boolean first = transport.offset() == 0;
        boolean ports = first && (protocol == 6 || protocol == 17) && next + PORTS <= bytes.limit();
        address6(at + 8, "IP6 ");
        if (ports) {
            text.append('.').append(u16(next));
        }
        address6(at + 24, " > ");
        if (ports) {
            text.append('.').append(u16(next + 2));
        }
        text.append(": ");
        if (transport.isFragment()) {
            text.append("fragment ")
                    .append(Integer.toUnsignedString(transport.identification()))
                    .append(" at ")
                    .append(transport.offset())
                    .append(transport.more() ? " and more, " : ", the last, ");
        }
        int left = Math.max(0, u16(at + 4) - (next - at - IPV6));
        if (!first) {
            text.append("length ").append(left);
            return;
        }
        switch (protocol) {
            case 6 -> tcp(next, left);
            case 17 -> text.append("UDP, length ").append(Math.max(0, left - 8));
            case 58 -> icmp6(next, left, outer);
            default ->
                text.append("protocol ").append(protocol).append(", length ").append(left);
        }
    }

    private void icmp6(int at, int left, boolean outer) {
        if (!has(at, 8)) {
            return;
        }
        int type = u8(at);
        int code = u8(at + 1);
        switch (type) {
            case 128, 129 ->
                text.append(type == 128 ? "ICMP6 echo request, id " : "ICMP6 echo reply, id ")
                        .append(u16(at + 4))
                        .append(", seq ")
                        .append(u16(at + 6));
            case 1 -> text.append("ICMP6 unreachable, code ").append(code);
            case 2 -> text.append("ICMP6 packet too big, mtu ").append(u32(at + 4));
            case 3 -> text.append("ICMP6 time exceeded, code ").append(code);
            case 135, 136 -> {
                text.append(
                        type == 135 ? "ICMP6 neighbor solicitation, who has" : "ICMP6 neighbor advertisement, tgt is");
                if (at + 24 <= bytes.limit()) {
                    address6(at + 8, " ");
                }
            }
            default -> text.append("ICMP6 type ").append(type).append(", code ").append(code);
        }
        text.append(", length ").append(left);
        if (outer && type >= 1 && type <= 4) {
            text.append(" (about ");
            ipv6(at + 8, false);
            text.append(')');
        }
    }

    private void address6(int at, String before) {
        text.append(before).append(new IpAddress(true, bytes.getLong(at), bytes.getLong(at + 8)));
    }

    private void tcp(int at, int left) {
        if (!has(at, TCP)) {
            return;
        }
        int flags = u8(at + 13);
        text.append("Flags [");
        for (int i = 0; i < FLAGS.length(); i++) {
            if ((flags >> i & 1) != 0) {
                text.append(FLAGS.charAt(i));
            }
        }
        text.append("], seq ").append(u32(at + 4));
        if ((flags & 0x10) != 0) {
            text.append(", ack ").append(u32(at + 8));
        }
        text.append(", win ").append(u16(at + 14));
        text.append(", length ").append(Math.max(0, left - (u8(at + 12) >> 4) * 4));
    }

    private void icmp(int at, int left, boolean outer) {
        if (!has(at, 8)) {
            return;
        }
        int type = u8(at);
        int code = u8(at + 1);
        switch (type) {
            case 0, 8 ->
                text.append(type == 8 ? "ICMP echo request, id " : "ICMP echo reply, id ")
                        .append(u16(at + 4))
                        .append(", seq ")
                        .append(u16(at + 6));
            case 3 ->
                text.append(
                        code == 4 ? "ICMP fragmentation needed, mtu " + u16(at + 6) : "ICMP unreachable, code " + code);
            case 11 -> text.append("ICMP time exceeded, code ").append(code);
            default -> text.append("ICMP type ").append(type).append(", code ").append(code);
        }
        text.append(", length ").append(left);
        if (outer && (type == 3 || type == 11 || type == 12)) {
            text.append(" (about ");
            ipv4(at + 8, false);
            text.append(')');
        }
    }

    private void address(int at, String before) {
        text.append(before);
        for (int i = 0; i < 4; i++) {
            text.append(i == 0 ? "" : ".").append(u8(at + i));
        }
    }

    private boolean has(int at, int count) {
        if (at + count <= bytes.limit()) {
            return true;
        }
        text.append("[cut off]");
        return false;
    }

    private int u8(int at) {
        return bytes.get(at) & 0xff;
    }

    private int u16(int at) {
        return bytes.getShort(at) & 0xffff;
    }

    private long u32(int at) {
        return bytes.getInt(at) & 0xffff_ffffL;
    }
}
