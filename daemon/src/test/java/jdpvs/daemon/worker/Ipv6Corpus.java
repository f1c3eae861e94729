package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.Corpus.SENT;
import static jdpvs.daemon.worker.Corpus.row;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** What is wrong with IPv6 headers, on their way to services with servers of either family. */
final class Ipv6Corpus {
    private static final int PAYLOAD_LENGTH = 18;
    private static final int UDP_LENGTH = 58;

    private Ipv6Corpus() {}

    static List<Corpus> all() {
        return List.of(
                Corpus.of(
                        "ipv6-extension-headers",
                        "IPv6 extension headers out of order, too many, too long, or that route",
                        extensionHeaders(),
                        Set.of()),
                Corpus.of(
                        "ipv6-lengths",
                        "IPv6 payload lengths that do not fit the frame or what is inside",
                        lengths(),
                        Set.of()),
                Corpus.of(
                        "ipv6-martians",
                        "IPv6 addresses no packet on a wire may carry, and our own as source",
                        martians(),
                        Set.of()));
    }

    /** A SYN to a service's port 80. */
    static PacketBuilder syn(Address vip, int port) {
        return PacketBuilder.tcp(FuzzRig.CLIENT_6, port, vip, 80)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .flags(Tcp.SYN);
    }

    static PacketBuilder datagram(Address vip, int port) {
        return PacketBuilder.udp(FuzzRig.CLIENT_6, port, vip, 53)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .payload(16);
    }

    /** An extension header of 8 bytes; options are padding. */
    private static byte[] header(int next) {
        return new byte[] {(byte) next, 0, 1, 4, 0, 0, 0, 0};
    }

    private static byte[] routing(int next, int type, int segmentsLeft) {
        byte[] bytes = new byte[24];
        bytes[0] = (byte) next;
        bytes[1] = 2;
        bytes[2] = (byte) type;
        bytes[3] = (byte) segmentsLeft;
        return bytes;
    }

    private static byte[] row6(int port, int first, byte[]... headers) {
        return syn(FuzzRig.VIP_6, port).extensions(first, joined(headers)).toBytes();
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = {};
        for (byte[] part : parts) {
            int at = all.length;
            all = Arrays.copyOf(all, at + part.length);
            System.arraycopy(part, 0, all, at, part.length);
        }
        return all;
    }

    private static byte[][] destinationOptions(int count) {
        byte[][] headers = new byte[count][];
        for (int i = 0; i < count; i++) {
            headers[i] = header(i < count - 1 ? Ipv6.DESTINATION_OPTIONS : Ipv4.TCP);
        }
        return headers;
    }

    private static List<Corpus.Row> extensionHeaders() {
        byte[] tooLong = header(Ipv4.TCP);
        tooLong[1] = (byte) 255;
        byte[] jumbo = {Ipv4.TCP, 0, (byte) 0xc2, 4, 0, 1, 0, 0};
        byte[] jumbogram = row6(40_014, Ipv6.HOP_BY_HOP, jumbo);
        Frames.put16(jumbogram, PAYLOAD_LENGTH, 0);
        byte[] authentication = new byte[24];
        authentication[0] = Ipv4.TCP;
        authentication[1] = 4;
        byte[] discards = header(Ipv4.TCP);
        discards[2] = 0x7e;
        List<Corpus.Row> rows = new ArrayList<>(List.of(
                row("hop-by-hop options", row6(40_000, Ipv6.HOP_BY_HOP, header(Ipv4.TCP)), SENT),
                row("destination options", row6(40_001, Ipv6.DESTINATION_OPTIONS, header(Ipv4.TCP)), SENT),
                row("eight headers", row6(40_002, Ipv6.DESTINATION_OPTIONS, destinationOptions(8)), SENT),
                row(
                        "nine headers",
                        row6(40_003, Ipv6.DESTINATION_OPTIONS, destinationOptions(9)),
                        DropReason.BAD_EXTENSION_HEADER),
                row(
                        "hop-by-hop options behind destination options",
                        row6(40_004, Ipv6.DESTINATION_OPTIONS, header(Ipv6.HOP_BY_HOP), header(Ipv4.TCP)),
                        DropReason.BAD_EXTENSION_HEADER),
                row(
                        "hop-by-hop options twice",
                        row6(40_005, Ipv6.HOP_BY_HOP, header(Ipv6.HOP_BY_HOP), header(Ipv4.TCP)),
                        DropReason.BAD_EXTENSION_HEADER),
                row(
                        "routing header of type 0",
                        row6(40_006, Ipv6.ROUTING, routing(Ipv4.TCP, 0, 1)),
                        DropReason.BAD_EXTENSION_HEADER),
                row(
                        "segment routing header",
                        row6(40_007, Ipv6.ROUTING, routing(Ipv4.TCP, 4, 255)),
                        DropReason.BAD_EXTENSION_HEADER),
                row("routing header at its end", row6(40_008, Ipv6.ROUTING, routing(Ipv4.TCP, 4, 0)), SENT),
                row(
                        "a header longer than the packet",
                        row6(40_009, Ipv6.DESTINATION_OPTIONS, tooLong),
                        DropReason.BAD_EXTENSION_HEADER),
                row("authentication header", row6(40_010, Ipv6.AUTHENTICATION, authentication), SENT),
                row(
                        "an authentication header longer than the packet",
                        row6(40_011, Ipv6.AUTHENTICATION, tooLong),
                        DropReason.BAD_EXTENSION_HEADER),
                row("an option that asks to be discarded", row6(40_012, Ipv6.DESTINATION_OPTIONS, discards), SENT),
                row("jumbo payload option in a short packet", row6(40_013, Ipv6.HOP_BY_HOP, jumbo), SENT),
                row("jumbogram", jumbogram, DropReason.BAD_EXTENSION_HEADER),
                row(
                        "headers that the other family has not",
                        syn(FuzzRig.VIP_64, 40_015)
                                .extensions(Ipv6.HOP_BY_HOP, joined(header(Ipv6.DESTINATION_OPTIONS), header(Ipv4.TCP)))
                                .toBytes(),
                        SENT),
                row(
                        "routing header to a server of IPv4",
                        syn(FuzzRig.VIP_64, 40_016)
                                .extensions(Ipv6.ROUTING, routing(Ipv4.TCP, 0, 2))
                                .toBytes(),
                        DropReason.BAD_EXTENSION_HEADER)));
        // No next header, ESP, mobility, host identity, shim6, experiments, reserved.
        for (int header : new int[] {59, 50, 135, 139, 140, 253, 255}) {
            rows.add(row(
                    "header " + header + " in front",
                    row6(40_020, header, header(Ipv4.TCP)),
                    DropReason.LOCAL_PORT_CLOSED));
        }
        return rows;
    }

    private static byte[] with16(byte[] frame, int at, int value) {
        Frames.put16(frame, at, value);
        return frame;
    }

    /** A packet that would be sound but for one number of two bytes. */
    private static Corpus.Row claims(String sentence, PacketBuilder packet, int at, int value, DropReason verdict) {
        return row(sentence, with16(packet.toBytes(), at, value), verdict);
    }

    private static List<Corpus.Row> lengths() {
        List<Corpus.Row> rows = new ArrayList<>();
        for (Address vip : List.of(FuzzRig.VIP_6, FuzzRig.VIP_64)) {
            byte[] versionFour = syn(vip, 41_000).toBytes();
            versionFour[14] = 0x45;
            byte[] whole = syn(vip, 41_001).toBytes();
            rows.addAll(List.of(
                    claims("longer than the frame", syn(vip, 41_002), PAYLOAD_LENGTH, 21, DropReason.BAD_IP_LENGTH),
                    claims(
                            "65,535 in a short frame",
                            syn(vip, 41_003),
                            PAYLOAD_LENGTH,
                            65_535,
                            DropReason.BAD_IP_LENGTH),
                    claims("no payload", syn(vip, 41_004), PAYLOAD_LENGTH, 0, DropReason.BAD_TCP_HEADER),
                    claims(
                            "shorter than a TCP header",
                            syn(vip, 41_005),
                            PAYLOAD_LENGTH,
                            19,
                            DropReason.BAD_TCP_HEADER),
                    claims(
                            "shorter than a UDP header",
                            datagram(vip, 41_006),
                            PAYLOAD_LENGTH,
                            7,
                            DropReason.BAD_UDP_HEADER),
                    claims(
                            "UDP length beyond the payload",
                            datagram(vip, 41_007),
                            UDP_LENGTH,
                            25,
                            DropReason.BAD_UDP_HEADER),
                    claims(
                            "UDP length of a jumbogram",
                            datagram(vip, 41_008),
                            UDP_LENGTH,
                            0,
                            DropReason.BAD_UDP_HEADER),
                    row("UDP length before the payload's end", shortDatagram(vip), SENT),
                    row("padded", Arrays.copyOf(syn(vip, 41_010).toBytes(), 100), SENT),
                    row("cut off in its header", Arrays.copyOf(whole, 53), DropReason.TRUNCATED),
                    row("version 4", versionFour, DropReason.BAD_IP_HEADER)));
        }
        return rows;
    }

    /** Its checksum is right for what its length says. */
    private static byte[] shortDatagram(Address vip) {
        byte[] frame = datagram(vip, 41_009).payload(8).toBytes();
        byte[] padded = Arrays.copyOf(frame, frame.length + 8);
        return with16(padded, PAYLOAD_LENGTH, 24);
    }

    private static List<Corpus.Row> martians() {
        List<Corpus.Row> rows = new ArrayList<>();
        for (Address vip : List.of(FuzzRig.VIP_6, FuzzRig.VIP_64)) {
            for (String source : List.of(
                    "::",
                    "::1",
                    "ff02::1",
                    "ff0e::5",
                    "::ffff:172.16.0.1",
                    "::ffff:10.0.96.204",
                    "::ffff:127.0.0.1",
                    FuzzRig.LIP_6.toString(),
                    vip.toString())) {
                rows.add(row("from " + source, between(Address.parse(source), vip), DropReason.BAD_IP_HEADER));
            }
            rows.add(row("from a link-local address", between(Address.parse("fe80::1"), vip), SENT));
        }
        for (String destination : List.of("::", "::1", "::ffff:10.0.96.204")) {
            byte[] frame = between(FuzzRig.CLIENT_6, Address.parse(destination));
            rows.add(row("to " + destination, frame, DropReason.BAD_IP_HEADER));
        }
        return rows;
    }

    /** A SYN whose addresses a builder would not take. */
    private static byte[] between(Address source, Address destination) {
        byte[] frame = syn(FuzzRig.VIP_6, 42_000).toBytes();
        ByteBuffer.wrap(frame, 22, 32)
                .putLong(source.high())
                .putLong(source.low())
                .putLong(destination.high())
                .putLong(destination.low());
        return frame;
    }
}
