package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.Corpus.KEPT;
import static jdpvs.daemon.worker.Corpus.MADE;
import static jdpvs.daemon.worker.Corpus.row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;

/** Fragments of IPv6 that do not make a packet, or one by themselves (RFC 5722, RFC 6946, RFC 7112). */
final class Ipv6FragmentCorpus {
    private Ipv6FragmentCorpus() {}

    static List<Corpus> all() {
        return List.of(Corpus.of(
                "ipv6-fragments",
                "fragments of IPv6 that overlap, are empty, too long, alone, or within each other",
                rows(),
                Set.of(DropReason.FRAGMENT_TIMEOUT, DropReason.FRAGMENT_OVERLAP, DropReason.FRAGMENT_DUPLICATE)));
    }

    private static byte[] header(int next, int identification, int offset, boolean more) {
        byte[] bytes = new byte[Ipv6.FRAGMENT_LENGTH];
        bytes[0] = (byte) next;
        Frames.put16(bytes, 2, offset | (more ? Ipv6.MORE_FRAGMENTS : 0));
        Frames.put16(bytes, 6, identification);
        return bytes;
    }

    private static byte[] fragment(Address vip, int next, int identification, int offset, boolean more, int bytes) {
        return fragment(vip, next, identification, offset, more, new byte[bytes]);
    }

    private static byte[] fragment(
            Address vip, int next, int identification, int offset, boolean more, byte[] payload) {
        return PacketBuilder.ip(next, FuzzRig.CLIENT_6, vip)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .extensions(Ipv6.FRAGMENT, header(next, identification, offset, more))
                .payload(payload)
                .toBytes();
    }

    /** The transport header and payload of a frame. */
    private static byte[] transport(byte[] frame) {
        return Arrays.copyOfRange(frame, 54, frame.length);
    }

    private static List<Corpus.Row> rows() {
        List<Corpus.Row> rows = new ArrayList<>();
        int id = 1;
        for (Address vip : List.of(FuzzRig.VIP_6, FuzzRig.VIP_64)) {
            byte[] syn = transport(Ipv6Corpus.syn(vip, 43_000).toBytes());
            byte[] datagram = transport(Ipv6Corpus.datagram(vip, 43_001).toBytes());
            byte[] cutOff = fragment(vip, Ipv4.UDP, id, 0, true, 0);
            Frames.put16(cutOff, 18, 7);
            rows.addAll(List.of(
                    row("overlap: first", fragment(vip, Ipv4.UDP, id, 0, true, 48), KEPT),
                    row("overlap: inside", fragment(vip, Ipv4.UDP, id, 24, false, 32), DropReason.FRAGMENT_OVERLAP),
                    row("overlap: first again", fragment(vip, Ipv4.TCP, id + 1, 0, true, 64), KEPT),
                    row(
                            "the same bytes twice",
                            fragment(vip, Ipv4.TCP, id + 1, 0, true, 64),
                            DropReason.FRAGMENT_DUPLICATE),
                    row("an end", fragment(vip, Ipv4.UDP, id + 2, 64, false, 8), KEPT),
                    row("another end", fragment(vip, Ipv4.UDP, id + 2, 128, false, 8), DropReason.FRAGMENT_OVERLAP),
                    row("atomic SYN", fragment(vip, Ipv4.TCP, id + 3, 0, false, syn), MADE),
                    row("atomic SYN again", fragment(vip, Ipv4.TCP, id + 3, 0, false, syn), MADE),
                    row("atomic datagram", fragment(vip, Ipv4.UDP, id + 4, 0, false, datagram), MADE),
                    row(
                            "atomic, shorter than a TCP header",
                            fragment(vip, Ipv4.TCP, id + 5, 0, false, 19),
                            DropReason.BAD_TCP_HEADER),
                    row("half a TCP header: first", fragment(vip, Ipv4.TCP, id + 6, 0, true, 8), KEPT),
                    row(
                            "half a TCP header: end",
                            fragment(vip, Ipv4.TCP, id + 6, 8, false, 8),
                            DropReason.BAD_TCP_HEADER),
                    row(
                            "a first fragment without the transport header",
                            fragment(vip, Ipv6.DESTINATION_OPTIONS, id + 7, 0, true, 8),
                            KEPT),
                    row("empty", fragment(vip, Ipv4.UDP, id + 8, 8, true, 0), DropReason.BAD_FRAGMENT),
                    row(
                            "no multiple of 8 bytes",
                            fragment(vip, Ipv4.UDP, id + 9, 0, true, 12),
                            DropReason.BAD_FRAGMENT),
                    row(
                            "beyond 65,535 bytes",
                            fragment(vip, Ipv4.UDP, id + 10, 65_528, false, 8),
                            DropReason.BAD_FRAGMENT),
                    row("longest end", fragment(vip, Ipv4.UDP, id + 11, 65_528, false, 7), KEPT),
                    row("cut off in its header", cutOff, DropReason.BAD_EXTENSION_HEADER),
                    row(
                            "a fragment of a fragment",
                            fragment(
                                    vip,
                                    Ipv6.FRAGMENT,
                                    id + 12,
                                    0,
                                    false,
                                    join(header(Ipv4.TCP, id + 13, 0, true), syn)),
                            DropReason.BAD_FRAGMENT),
                    row(
                            "hop-by-hop options within",
                            fragment(
                                    vip,
                                    Ipv6.HOP_BY_HOP,
                                    id + 14,
                                    0,
                                    false,
                                    join(new byte[] {Ipv4.TCP, 0, 1, 4, 0, 0, 0, 0}, syn)),
                            MADE)));
            id += 20;
        }
        return rows;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
