package jdpvs.daemon.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import jdpvs.port.DropReason;
import jdpvs.wire.Arp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/**
 * The frames of {@code src/test/resources/corpus}, by what is wrong with them. {@code mvn … -Dtest=CorpusTest} compares the files with this; the
 * {@link #main} writes them anew.
 *
 * @param name of the file, without {@code .pcap}
 * @param sentence what is wrong
 * @param reasons under which its frames may be counted; a frame that is none of these is answered, forwarded or kept
 */
record Corpus(String name, String sentence, Set<DropReason> reasons, List<byte[]> frames) {
    /** Files with this prefix carry each frame's virtio-net header in its last ten bytes, behind the IP packet. */
    static final String SEGMENTED = "gso-";

    private static final int CLIENT = FuzzRig.CLIENT;
    private static final int VIP = FuzzRig.VIP;
    private static final int LIP = FuzzRig.LIP;
    private static final int SERVER = FuzzRig.SERVER;

    static List<Corpus> all() {
        return List.of(
                of(
                        "truncated",
                        "a SYN cut off after every number of bytes",
                        truncated(),
                        DropReason.TRUNCATED,
                        DropReason.BAD_IP_LENGTH),
                of(
                        "oversized",
                        "a total length beyond the frame; TCP and UDP of 64 KB in one piece",
                        oversized(),
                        DropReason.BAD_IP_LENGTH,
                        DropReason.NOT_SYN,
                        DropReason.TOO_BIG),
                of(
                        "bad-ip-checksum",
                        "each bit of the header checksum flipped",
                        badIpChecksum(),
                        DropReason.BAD_IP_CHECKSUM),
                of(
                        "bad-transport-checksum",
                        "TCP and UDP with a wrong checksum: forwarded, for the receiver to refuse",
                        badTransportChecksum()),
                of(
                        "bad-tcp-header",
                        "data offsets that are too small, or reach beyond the packet",
                        badTcpHeader(),
                        DropReason.BAD_TCP_HEADER),
                of(
                        "bad-udp-length",
                        "UDP lengths that are too small, or reach beyond the packet",
                        badUdpLength(),
                        DropReason.BAD_UDP_HEADER),
                of(
                        "bad-ip-header",
                        "versions and header lengths that do not exist",
                        badIpHeader(),
                        DropReason.BAD_IP_HEADER,
                        DropReason.BAD_IP_LENGTH,
                        DropReason.BAD_IP_CHECKSUM),
                of(
                        "option-stuffed",
                        "40 bytes of TCP options of every kind and length",
                        optionStuffed(),
                        DropReason.NOT_SYN),
                of(
                        "zero-length-options",
                        "TCP and IP options of length 0 and 1, and beyond the header",
                        zeroLengthOptions(),
                        DropReason.NOT_SYN,
                        DropReason.BAD_IP_HEADER),
                of(
                        "toa-forgeries",
                        "a client's own option 254 and 253, in SYN, ACK and data",
                        toaForgeries(),
                        DropReason.NOT_SYN),
                of(
                        "looped",
                        "our own addresses as source, and a time to live of 0 and 1",
                        looped(),
                        DropReason.BAD_IP_HEADER,
                        DropReason.NOT_SYN,
                        DropReason.NOT_LOCAL,
                        DropReason.LOCAL_PORT_CLOSED,
                        DropReason.TTL_EXCEEDED),
                of("land", "source and destination alike", land(), DropReason.BAD_IP_HEADER),
                of("martians", "sources no packet on a wire may carry", martians(), DropReason.BAD_IP_HEADER),
                of(
                        "christmas-tree",
                        "every combination of TCP flags without a connection",
                        christmasTree(),
                        DropReason.NOT_SYN),
                of("teardrop", "fragments that overlap, behind and before each other", teardrop(), fragmentReasons()),
                of("tiny-fragments", "TCP headers cut between two fragments", tinyFragments(), fragmentReasons()),
                of("ping-of-death", "fragments that end beyond 65,535 bytes", pingOfDeath(), fragmentReasons()),
                of(
                        "icmp-nonsense",
                        "ICMP errors that quote nothing, too little, or what never was",
                        icmpNonsense(),
                        icmpReasons()),
                of(
                        "bad-arp",
                        "ARP that claims our address, lies about its sender, or is cut off",
                        badArp(),
                        DropReason.BAD_ARP,
                        DropReason.TRUNCATED,
                        DropReason.NOT_LOCAL,
                        DropReason.REPLY_LIMITED),
                of(
                        "tagged",
                        "VLAN tags, one within another, and none behind them",
                        tagged(),
                        DropReason.UNKNOWN_PROTOCOL,
                        DropReason.TRUNCATED),
                of(
                        "other-protocols",
                        "IPv6, IGMP, GRE, ESP, SCTP to our addresses",
                        otherProtocols(),
                        DropReason.UNKNOWN_PROTOCOL,
                        DropReason.LOCAL_PORT_CLOSED),
                of(
                        "other-host",
                        "frames for other stations, with our addresses inside",
                        otherHost(),
                        DropReason.OTHER_HOST,
                        DropReason.UNKNOWN_PROTOCOL),
                of("random", "random bytes behind a right Ethernet header", random(), EnumReasons.all()),
                of(
                        SEGMENTED + "lies",
                        "virtio-net headers that promise what the frame does not hold",
                        segmentationLies(),
                        DropReason.NOT_SYN,
                        DropReason.TOO_BIG));
    }

    private static Corpus of(String name, String sentence, List<byte[]> frames, DropReason... reasons) {
        return new Corpus(name, sentence, Set.of(reasons), frames);
    }

    private static DropReason[] fragmentReasons() {
        return Stream.of(DropReason.values())
                .filter(reason -> reason.name().contains("FRAGMENT")
                        || reason.name().contains("REASSEMBL")
                        || reason == DropReason.NOT_SYN
                        || reason == DropReason.BAD_IP_LENGTH
                        || reason == DropReason.BAD_TCP_HEADER
                        || reason == DropReason.BAD_UDP_HEADER
                        || reason == DropReason.BAD_ICMP_HEADER
                        || reason == DropReason.BUFFERS_EXHAUSTED
                        || reason == DropReason.LOCAL_PORT_CLOSED)
                .toArray(DropReason[]::new);
    }

    private static DropReason[] icmpReasons() {
        return Stream.of(DropReason.values())
                .filter(reason -> reason.name().contains("ICMP")
                        || reason == DropReason.LOCAL_PORT_CLOSED
                        || reason == DropReason.BAD_IP_HEADER)
                .toArray(DropReason[]::new);
    }

    private static PacketBuilder toService() {
        return PacketBuilder.tcp(CLIENT, 40_000, VIP, 80).macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC);
    }

    private static byte[] syn() {
        return toService().flags(Tcp.SYN).toBytes();
    }

    private static PacketBuilder datagram() {
        return PacketBuilder.udp(CLIENT, 40_000, VIP, 53).macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC);
    }

    private static List<byte[]> truncated() {
        byte[] whole = syn();
        List<byte[]> frames = new ArrayList<>();
        for (int length = 0; length < whole.length; length++) {
            frames.add(Arrays.copyOf(whole, length));
        }
        return frames;
    }

    private static List<byte[]> oversized() {
        byte[] lie = syn();
        Frames.put16(lie, 16, 65_535);
        Frames.repairIp(lie);
        return List.of(
                lie,
                toService().flags(Tcp.ACK).payload(65_495).toBytes(),
                toService().flags(Tcp.SYN).payload(65_495).toBytes(),
                datagram().payload(65_507).toBytes());
    }

    private static List<byte[]> badIpChecksum() {
        List<byte[]> frames = new ArrayList<>();
        for (int bit = 0; bit < 16; bit++) {
            byte[] frame = syn();
            frame[24 + bit / 8] ^= (byte) (1 << bit % 8);
            frames.add(frame);
        }
        return frames;
    }

    private static List<byte[]> badTransportChecksum() {
        byte[] tcp = toService().ports(40_001, 80).flags(Tcp.SYN).toBytes();
        tcp[50] ^= 0x55;
        byte[] udp = datagram().payload("question").toBytes();
        udp[40] ^= 0x55;
        return List.of(tcp, udp);
    }

    private static List<byte[]> badTcpHeader() {
        List<byte[]> frames = new ArrayList<>();
        for (int words : new int[] {0, 1, 2, 3, 4, 6, 10, 15}) {
            byte[] frame = syn();
            frame[46] = (byte) (words << 4);
            frames.add(frame);
        }
        return frames;
    }

    private static List<byte[]> badUdpLength() {
        List<byte[]> frames = new ArrayList<>();
        for (int length : new int[] {0, 1, 7, 17, 1500, 65_535}) {
            byte[] frame = datagram().payload(8).toBytes();
            Frames.put16(frame, 38, length);
            frames.add(frame);
        }
        return frames;
    }

    private static List<byte[]> badIpHeader() {
        List<byte[]> frames = new ArrayList<>();
        for (int first : new int[] {0x00, 0x05, 0x35, 0x40, 0x44, 0x55, 0x65, 0xf5, 0x4f}) {
            byte[] frame = syn();
            frame[14] = (byte) first;
            Frames.repairIp(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static List<byte[]> optionStuffed() {
        List<byte[]> frames = new ArrayList<>();
        Random random = new Random(1);
        for (int kind = 0; kind < 256; kind += 3) {
            byte[] options = new byte[40];
            random.nextBytes(options);
            for (int at = 0; at < options.length; at += 1 + random.nextInt(6)) {
                options[at] = (byte) kind;
            }
            frames.add(toService()
                    .ports(41_000 + kind, 80)
                    .flags(kind % 2 == 0 ? Tcp.SYN : Tcp.ACK)
                    .options(options)
                    .toBytes());
        }
        return frames;
    }

    private static List<byte[]> zeroLengthOptions() {
        List<byte[]> frames = new ArrayList<>();
        for (int kind : new int[] {2, 3, 4, 5, 8, 30, 253, 254, 255}) {
            for (int length : new int[] {0, 1, 41, 255}) {
                byte[] options = {1, 1, 1, 1, (byte) kind, (byte) length, 0, 0};
                frames.add(toService()
                        .ports(42_000 + kind, 80)
                        .flags(Tcp.SYN)
                        .options(options)
                        .toBytes());
                frames.add(toService().flags(Tcp.ACK).options(options).toBytes());
            }
        }
        for (int length : new int[] {0, 1, 41, 255}) {
            byte[] options = {7, (byte) length, 4, 0, 0, 0, 0, 0};
            frames.add(toService()
                    .ports(42_999, 80)
                    .flags(Tcp.SYN)
                    .ipOptions(options)
                    .toBytes());
        }
        return frames;
    }

    private static List<byte[]> toaForgeries() {
        List<byte[]> frames = new ArrayList<>();
        for (int flags : new int[] {Tcp.SYN, Tcp.ACK, Tcp.ACK | Tcp.PSH, Tcp.ACK | Tcp.FIN}) {
            for (int kind : new int[] {253, 254}) {
                frames.add(toService()
                        .ports(43_000 + flags, 80)
                        .flags(flags)
                        .option(kind, 0, 80, 8, 8, 8, 8)
                        .option(kind, 0, 81, 9, 9, 9, 9)
                        .payload(flags == Tcp.SYN ? 0 : 32)
                        .toBytes());
                byte[] wide = new byte[20];
                wide[0] = (byte) kind;
                wide[1] = 20;
                frames.add(toService()
                        .ports(43_100 + flags, 80)
                        .flags(flags)
                        .options(wide)
                        .toBytes());
            }
        }
        return frames;
    }

    private static List<byte[]> looped() {
        return List.of(
                toService().addresses(LIP, VIP).ports(44_000, 80).flags(Tcp.ACK).toBytes(),
                toService()
                        .addresses(VIP, LIP)
                        .ports(80, 1025)
                        .flags(Tcp.SYN | Tcp.ACK)
                        .toBytes(),
                toService()
                        .addresses(LIP, SERVER)
                        .ports(1025, 80)
                        .flags(Tcp.SYN)
                        .toBytes(),
                toService()
                        .addresses(VIP, CLIENT)
                        .ports(80, 1025)
                        .flags(Tcp.RST)
                        .toBytes(),
                echo(VIP, LIP, 64),
                toService().addresses(CLIENT, SERVER).ttl(0).flags(Tcp.SYN).toBytes(),
                toService().addresses(CLIENT, SERVER).ttl(1).flags(Tcp.SYN).toBytes());
    }

    private static byte[] echo(int source, int destination, int ttl) {
        return PacketBuilder.echo(source, destination, 7, 1)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .ttl(ttl)
                .toBytes();
    }

    private static List<byte[]> land() {
        return List.of(
                toService().addresses(VIP, VIP).ports(80, 80).flags(Tcp.SYN).toBytes(),
                toService().addresses(LIP, LIP).ports(1025, 1025).flags(Tcp.ACK).toBytes(),
                echo(VIP, VIP, 64));
    }

    private static List<byte[]> martians() {
        List<byte[]> frames = new ArrayList<>();
        for (int source : new int[] {0, 0x0000_0001, 0x7f00_0001, 0xe000_0001, 0xffff_ffff}) {
            frames.add(toService().addresses(source, VIP).flags(Tcp.SYN).toBytes());
            frames.add(datagram().addresses(source, VIP).payload(4).toBytes());
        }
        frames.add(toService().addresses(CLIENT, 0x7f00_0001).flags(Tcp.SYN).toBytes());
        frames.add(toService().addresses(CLIENT, 0).flags(Tcp.SYN).toBytes());
        return frames;
    }

    private static List<byte[]> christmasTree() {
        List<byte[]> frames = new ArrayList<>();
        for (int flags = 0; flags < 64; flags++) {
            if ((flags & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN)) != Tcp.SYN) {
                frames.add(toService().ports(45_000, 80).flags(flags).toBytes());
            }
        }
        return frames;
    }

    private static byte[] fragment(int protocol, int identification, int offsetBytes, boolean more, int bytes) {
        return PacketBuilder.ipv4(protocol, CLIENT, VIP)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .identification(identification)
                .fragment((more ? Ipv4.MORE_FRAGMENTS : 0) | offsetBytes / 8)
                .payload(bytes)
                .toBytes();
    }

    private static List<byte[]> teardrop() {
        return List.of(
                fragment(Ipv4.UDP, 1, 0, true, 48),
                fragment(Ipv4.UDP, 1, 24, false, 8),
                fragment(Ipv4.UDP, 2, 24, false, 32),
                fragment(Ipv4.UDP, 2, 0, true, 40),
                fragment(Ipv4.TCP, 3, 0, true, 64),
                fragment(Ipv4.TCP, 3, 0, true, 64),
                fragment(Ipv4.TCP, 3, 32, false, 64),
                fragment(Ipv4.UDP, 4, 64, false, 8),
                fragment(Ipv4.UDP, 4, 128, false, 8),
                fragment(Ipv4.UDP, 5, 8, true, 0));
    }

    private static List<byte[]> tinyFragments() {
        List<byte[]> frames = new ArrayList<>();
        for (int first : new int[] {8, 16}) {
            frames.add(fragment(Ipv4.TCP, 10 + first, 0, true, first));
            frames.add(fragment(Ipv4.TCP, 10 + first, first, false, 40));
        }
        for (int at = 0; at < 64; at += 8) {
            frames.add(fragment(Ipv4.UDP, 40, at, at < 56, 8));
        }
        frames.add(fragment(Ipv4.UDP, 41, 0, true, 3));
        return frames;
    }

    private static List<byte[]> pingOfDeath() {
        return List.of(
                fragment(Ipv4.ICMP, 50, 0, true, 1480),
                fragment(Ipv4.ICMP, 50, 65_528, false, 1000),
                fragment(Ipv4.UDP, 51, 65_528, true, 8),
                fragment(Ipv4.UDP, 52, 65_512, false, 1480),
                fragment(Ipv4.TCP, 53, 65_528, false, 7));
    }

    private static List<byte[]> icmpNonsense() {
        byte[] known = PacketBuilder.tcp(VIP, 80, CLIENT, FuzzRig.CLIENT_PORT)
                .flags(Tcp.ACK)
                .toBytes();
        byte[] quote = Arrays.copyOfRange(known, 14, known.length);
        List<byte[]> frames = new ArrayList<>();
        for (int type : new int[] {3, 4, 5, 11, 12, 255}) {
            for (int length : new int[] {0, 1, 19, 20, 27, 28, 40}) {
                frames.add(error(type, 4, Arrays.copyOf(quote, length)));
            }
            for (int first : new int[] {0x00, 0x40, 0x4f, 0x65}) {
                byte[] lie = quote.clone();
                lie[0] = (byte) first;
                frames.add(error(type, 1, lie));
            }
            byte[] icmp = quote.clone();
            icmp[9] = Ipv4.ICMP;
            frames.add(error(type, 1, icmp));
            byte[] fragment = quote.clone();
            fragment[6] = 0x1f;
            frames.add(error(type, 1, fragment));
            byte[] huge = quote.clone();
            Frames.put16(huge, 2, 65_535);
            frames.add(error(type, 4, huge));
        }
        byte[] wrong = error(3, 3, quote);
        wrong[36] ^= 1;
        frames.add(wrong);
        return frames;
    }

    private static byte[] error(int type, int code, byte[] quote) {
        return PacketBuilder.ipv4(Ipv4.ICMP, CLIENT, VIP)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .icmp(type, code)
                .payload(quote)
                .toBytes();
    }

    private static List<byte[]> badArp() {
        List<byte[]> frames = new ArrayList<>();
        frames.add(PacketBuilder.arp(Arp.REQUEST, FuzzRig.GATEWAY_MAC, VIP, 0, VIP));
        frames.add(PacketBuilder.arp(Arp.REPLY, 0xffff_ffff_ffffL, FuzzRig.GATEWAY, FuzzRig.WAN_MAC, VIP));
        frames.add(PacketBuilder.arp(Arp.REPLY, 0x0100_5e00_0001L, FuzzRig.GATEWAY, FuzzRig.WAN_MAC, VIP));
        frames.add(PacketBuilder.arp(77, FuzzRig.GATEWAY_MAC, FuzzRig.GATEWAY, FuzzRig.WAN_MAC, VIP));
        byte[] whole = PacketBuilder.arp(Arp.REQUEST, FuzzRig.GATEWAY_MAC, FuzzRig.GATEWAY, 0, VIP);
        for (int length = 14; length < 42; length++) {
            frames.add(Arrays.copyOf(whole, length));
        }
        for (int at = 14; at < 20; at++) {
            byte[] lie = whole.clone();
            lie[at] ^= (byte) 0xff;
            frames.add(lie);
        }
        return frames;
    }

    private static List<byte[]> tagged() {
        byte[] inner = syn();
        List<byte[]> frames = new ArrayList<>();
        for (int type : new int[] {0x8100, 0x88a8, 0x9100}) {
            byte[] once = tag(inner, type);
            frames.add(once);
            frames.add(tag(once, type));
            frames.add(Arrays.copyOf(once, 14));
            frames.add(Arrays.copyOf(once, 18));
        }
        return frames;
    }

    private static byte[] tag(byte[] frame, int type) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        Frames.put16(tagged, 12, type);
        Frames.put16(tagged, 14, 100);
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    private static List<byte[]> otherProtocols() {
        List<byte[]> frames = new ArrayList<>();
        for (int protocol : new int[] {0, 2, 4, 41, 47, 50, 51, 89, 112, 132, 255}) {
            frames.add(PacketBuilder.ipv4(protocol, CLIENT, VIP)
                    .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                    .payload(24)
                    .toBytes());
        }
        byte[] six = syn();
        Frames.put16(six, 12, 0x86dd);
        frames.add(six);
        return frames;
    }

    private static List<byte[]> otherHost() {
        return List.of(
                toService()
                        .macs(0x0200_0000_9999L, FuzzRig.GATEWAY_MAC)
                        .flags(Tcp.SYN)
                        .toBytes(),
                toService()
                        .macs(0xffff_ffff_ffffL, FuzzRig.GATEWAY_MAC)
                        .flags(Tcp.SYN)
                        .toBytes(),
                toService()
                        .macs(0x0100_5e00_0001L, FuzzRig.GATEWAY_MAC)
                        .flags(Tcp.SYN)
                        .toBytes());
    }

    private static List<byte[]> random() {
        Random random = new Random(42);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] frame = new byte[14 + random.nextInt(200)];
            random.nextBytes(frame);
            System.arraycopy(syn(), 0, frame, 0, i % 4 == 0 ? 12 : 14);
            if (i % 4 == 2 && frame.length > 34) {
                System.arraycopy(syn(), 14, frame, 14, 20);
                Frames.put16(frame, 16, frame.length - 14);
                Frames.repairIp(frame);
            }
            frames.add(frame);
        }
        return frames;
    }

    private static List<byte[]> segmentationLies() {
        List<byte[]> frames = new ArrayList<>();
        int[][] lies = {
            {1, 1, 54, 0, 34, 16},
            {1, 1, 65_535, 1460, 34, 16},
            {1, 1, 0, 1, 34, 16},
            {1, 0, 0, 0, 65_535, 65_535},
            {1, 0, 0, 0, 0, 0},
            {1, 0, 0, 0, 34, 6},
            {3, 4, 54, 1460, 34, 16},
            {1, 3, 54, 1460, 34, 16},
            {1, 5, 54, 1460, 34, 16},
            {0, 1, 54, 1460, 0, 0},
            {0, 0x80, 0, 0, 0, 0},
            {255, 255, 65_535, 65_535, 65_535, 65_535}
        };
        for (int[] lie : lies) {
            for (PacketBuilder packet : List.of(
                    toService().ports(46_000, 80).flags(Tcp.SYN),
                    toService().ports(FuzzRig.CLIENT_PORT, 80).flags(Tcp.ACK).payload(100),
                    toService().ports(46_001, 80).flags(Tcp.ACK).payload(4000),
                    datagram().payload(100))) {
                frames.add(Frames.withTrailer(packet.toBytes(), lie));
            }
        }
        return frames;
    }

    /** Writes every file and the table of {@code README.md} to a directory. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        StringBuilder table =
                new StringBuilder("| file | frames | what is wrong | may be counted as |\n|---|---|---|---|\n");
        for (Corpus corpus : all()) {
            Files.write(directory.resolve(corpus.name + ".pcap"), Frames.capture(corpus.frames));
            table.append("| `%s.pcap` | %d | %s | %s |\n"
                    .formatted(corpus.name, corpus.frames.size(), corpus.sentence, corpus.reasonNames()));
        }
        Path readme = directory.resolve("README.md");
        String text = Files.readString(readme);
        Files.writeString(readme, text.substring(0, text.indexOf("| file |")) + table);
    }

    String reasonNames() {
        if (reasons.isEmpty()) {
            return "nothing: forwarded";
        }
        return reasons.size() == DropReason.values().length - 1
                ? "any reason but INTERNAL_ERROR"
                : String.join(
                        " ", reasons.stream().sorted().map(DropReason::name).toList());
    }

    /** Any reason but the one that is a defect. */
    private static final class EnumReasons {
        static DropReason[] all() {
            return Stream.of(DropReason.values())
                    .filter(reason -> reason != DropReason.INTERNAL_ERROR)
                    .toArray(DropReason[]::new);
        }
    }
}
