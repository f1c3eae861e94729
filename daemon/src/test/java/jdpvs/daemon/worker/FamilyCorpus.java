package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.Corpus.SENT;
import static jdpvs.daemon.worker.Corpus.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdpvs.port.DropReason;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** What the other family has no place for: checksums that are missing, options, addresses; on its way from IPv4 to IPv6 or back. */
final class FamilyCorpus {
    private FamilyCorpus() {}

    static List<Corpus> all() {
        return List.of(
                Corpus.of(
                        "udp-without-checksum",
                        "UDP without a checksum, which IPv4 allows and IPv6 does not",
                        withoutChecksum(),
                        Set.of()),
                Corpus.of(
                        "nat46-martians",
                        "sources no packet on a wire may carry, to a service with servers of IPv6",
                        martians(),
                        Set.of()),
                Corpus.of(
                        "nat46-options",
                        "IPv4 options on their way to IPv6: source routes, expired and not, malformed ones",
                        options(),
                        Set.of()));
    }

    /** A SYN to the service of IPv4 with a server of IPv6. */
    static PacketBuilder syn(int port) {
        return PacketBuilder.tcp(FuzzRig.CLIENT, port, FuzzRig.VIP_46, 80)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .flags(Tcp.SYN);
    }

    static PacketBuilder datagram(int port) {
        return PacketBuilder.udp(FuzzRig.CLIENT, port, FuzzRig.VIP_46, 53)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .payload(16);
    }

    private static List<Corpus.Row> withoutChecksum() {
        return List.of(
                row(
                        "IPv6",
                        Ipv6Corpus.datagram(FuzzRig.VIP_6, 45_000)
                                .withoutChecksum()
                                .toBytes(),
                        SENT),
                row(
                        "IPv6 to IPv4",
                        Ipv6Corpus.datagram(FuzzRig.VIP_64, 45_001)
                                .withoutChecksum()
                                .toBytes(),
                        SENT),
                row("IPv4 to IPv6", datagram(45_002).withoutChecksum().toBytes(), SENT));
    }

    private static byte[] withOptions(int port, int... options) {
        byte[] bytes = new byte[options.length];
        for (int i = 0; i < options.length; i++) {
            bytes[i] = (byte) options[i];
        }
        return syn(port).ipOptions(bytes).toBytes();
    }

    private static List<Corpus.Row> options() {
        return List.of(
                row("loose source route", withOptions(47_000, 131, 7, 4, 10, 0, 0, 1, 0), DropReason.SOURCE_ROUTE),
                row("strict source route", withOptions(47_001, 137, 7, 4, 10, 0, 0, 1, 0), DropReason.SOURCE_ROUTE),
                row("source route at its end", withOptions(47_002, 131, 7, 8, 10, 0, 0, 1, 0), SENT),
                row("behind others", withOptions(47_003, 1, 148, 4, 0, 0, 137, 3, 0), DropReason.SOURCE_ROUTE),
                row("behind the end of the list", withOptions(47_004, 0, 131, 3, 0), SENT),
                row("without a pointer", withOptions(47_005, 131, 2, 0, 0), SENT),
                row("beyond the header", withOptions(47_006, 131, 8, 4, 0), SENT),
                row("of length 0", withOptions(47_007, 131, 0, 4, 0), SENT),
                row("record route, timestamp", withOptions(47_008, 7, 3, 4, 68, 4, 5, 0, 0), SENT));
    }

    private static List<Corpus.Row> martians() {
        List<Corpus.Row> rows = new ArrayList<>();
        for (String source : List.of("0.0.0.0", "0.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.96.46")) {
            rows.add(row(
                    "from " + source,
                    syn(46_000)
                            .addresses(Ipv4Address.parse(source), FuzzRig.VIP_46)
                            .toBytes(),
                    DropReason.BAD_IP_HEADER));
        }
        return rows;
    }
}
