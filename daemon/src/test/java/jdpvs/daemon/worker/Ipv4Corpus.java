package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.CorpusPackets.datagram;
import static jdpvs.daemon.worker.CorpusPackets.echo;
import static jdpvs.daemon.worker.CorpusPackets.syn;
import static jdpvs.daemon.worker.CorpusPackets.toService;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdpvs.port.DropReason;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** What is wrong with an IPv4 header, and packets no host would send. */
final class Ipv4Corpus {
    private static final int CLIENT = FuzzRig.CLIENT;
    private static final int VIP = FuzzRig.VIP;
    private static final int LIP = FuzzRig.LIP;
    private static final int SERVER = FuzzRig.SERVER;

    private Ipv4Corpus() {}

    static List<Corpus> all() {
        return List.of(
                Corpus.of(
                        "truncated",
                        "a SYN cut off after every number of bytes",
                        truncated(),
                        DropReason.TRUNCATED,
                        DropReason.BAD_IP_LENGTH),
                Corpus.of(
                        "oversized",
                        "a total length beyond the frame; TCP and UDP of 64 KB in one piece",
                        oversized(),
                        DropReason.BAD_IP_LENGTH,
                        DropReason.NOT_SYN,
                        DropReason.TOO_BIG),
                Corpus.of(
                        "bad-ip-checksum",
                        "each bit of the header checksum flipped",
                        badIpChecksum(),
                        DropReason.BAD_IP_CHECKSUM),
                Corpus.of(
                        "bad-ip-header",
                        "versions and header lengths that do not exist",
                        badIpHeader(),
                        DropReason.BAD_IP_HEADER,
                        DropReason.BAD_IP_LENGTH,
                        DropReason.BAD_IP_CHECKSUM),
                Corpus.of(
                        "looped",
                        "our own addresses as source, and a time to live of 0 and 1",
                        looped(),
                        DropReason.BAD_IP_HEADER,
                        DropReason.NOT_SYN,
                        DropReason.NOT_LOCAL,
                        DropReason.LOCAL_PORT_CLOSED,
                        DropReason.TTL_EXCEEDED),
                Corpus.of("land", "source and destination alike", land(), DropReason.BAD_IP_HEADER),
                Corpus.of("martians", "sources no packet on a wire may carry", martians(), DropReason.BAD_IP_HEADER),
                Corpus.of(
                        "other-protocols",
                        "IPv6, IGMP, GRE, ESP, SCTP to our addresses",
                        otherProtocols(),
                        DropReason.BAD_IP_HEADER,
                        DropReason.UNKNOWN_PROTOCOL,
                        DropReason.LOCAL_PORT_CLOSED));
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
}
