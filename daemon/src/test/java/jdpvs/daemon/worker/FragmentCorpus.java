package jdpvs.daemon.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdpvs.port.DropReason;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;

/** Fragments that do not make a packet. */
final class FragmentCorpus {
    private static final int CLIENT = FuzzRig.CLIENT;
    private static final int VIP = FuzzRig.VIP;

    private FragmentCorpus() {}

    static List<Corpus> all() {
        return List.of(
                Corpus.of(
                        "teardrop",
                        "fragments that overlap, behind and before each other",
                        teardrop(),
                        fragmentReasons()),
                Corpus.of(
                        "tiny-fragments", "TCP headers cut between two fragments", tinyFragments(), fragmentReasons()),
                Corpus.of("ping-of-death", "fragments that end beyond 65,535 bytes", pingOfDeath(), fragmentReasons()));
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
}
