package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.CorpusPackets.syn;
import static jdpvs.daemon.worker.CorpusPackets.toService;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jdpvs.port.DropReason;
import jdpvs.wire.Arp;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** What is wrong on the link: ARP, tags, stations, and bytes at random. */
final class LinkCorpus {
    private static final int VIP = FuzzRig.VIP;

    private LinkCorpus() {}

    static List<Corpus> all() {
        return List.of(
                Corpus.of(
                        "other-host",
                        "frames for other stations, with our addresses inside",
                        otherHost(),
                        DropReason.OTHER_HOST,
                        DropReason.UNKNOWN_PROTOCOL),
                Corpus.of(
                        "bad-arp",
                        "ARP that claims our address, lies about its sender, or is cut off",
                        badArp(),
                        DropReason.BAD_ARP,
                        DropReason.TRUNCATED,
                        DropReason.NOT_LOCAL,
                        DropReason.REPLY_LIMITED),
                Corpus.of(
                        "tagged",
                        "VLAN tags, one within another, and none behind them",
                        tagged(),
                        DropReason.UNKNOWN_VLAN,
                        DropReason.UNKNOWN_PROTOCOL,
                        DropReason.TRUNCATED),
                Corpus.of("random", "random bytes behind a right Ethernet header", random(), Corpus.anyReason()));
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
}
