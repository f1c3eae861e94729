package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.Corpus.row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;

/** ICMPv6 errors about nothing, to services with servers of either family. */
final class Icmp6Corpus {
    private Icmp6Corpus() {}

    static List<Corpus> all() {
        return List.of(Corpus.of(
                "icmp6-nonsense",
                "ICMPv6 errors that quote nothing, too little, or what never was",
                rows(),
                Set.of(DropReason.LOCAL_PORT_CLOSED)));
    }

    private static byte[] error(Address vip, int type, int parameter, byte[] quote) {
        return PacketBuilder.echo(FuzzRig.CLIENT_6, vip, parameter >>> 16, parameter)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .icmp(type, 0)
                .payload(quote)
                .toBytes();
    }

    private static byte[] with(byte[] quote, int at, int value) {
        byte[] other = quote.clone();
        other[at] = (byte) value;
        return other;
    }

    private static List<Corpus.Row> rows() {
        List<Corpus.Row> rows = new ArrayList<>();
        for (Address vip : List.of(FuzzRig.VIP_6, FuzzRig.VIP_64)) {
            byte[] answer = PacketBuilder.tcp(vip, 80, FuzzRig.CLIENT_6, 44_000).toBytes();
            byte[] quote = Arrays.copyOfRange(answer, 14, answer.length);
            for (int type :
                    new int[] {Icmp6.UNREACHABLE, Icmp6.PACKET_TOO_BIG, Icmp6.TIME_EXCEEDED, Icmp6.PARAMETER_PROBLEM}) {
                String name = "type " + type + ", ";
                for (int length : new int[] {0, 1, 39, 40, 47}) {
                    rows.add(row(
                            name + length + " bytes of the packet",
                            error(vip, type, 0, Arrays.copyOf(quote, length)),
                            DropReason.BAD_ICMP_QUOTE));
                }
                rows.add(
                        row(name + "no such connection", error(vip, type, 1280, quote), DropReason.ICMP_NO_CONNECTION));
                rows.add(row(name + "a link of no bytes", error(vip, type, 0, quote), DropReason.ICMP_NO_CONNECTION));
                rows.add(row(
                        name + "a quote of IPv4",
                        error(vip, type, 0, with(quote, 0, 0x45)),
                        DropReason.BAD_ICMP_QUOTE));
                rows.add(row(
                        name + "somebody else's packet",
                        error(vip, type, 0, with(quote, 23, 0x99)),
                        DropReason.BAD_ICMP_QUOTE));
                rows.add(row(
                        name + "an error about an error",
                        error(vip, type, 0, with(with(quote, 6, Ipv6.ICMP), 40, Icmp6.UNREACHABLE)),
                        DropReason.ICMP_NO_CONNECTION));
                rows.add(row(
                        name + "a later fragment",
                        error(vip, type, 0, with(with(quote, 6, Ipv6.FRAGMENT), 43, 8)),
                        DropReason.BAD_ICMP_QUOTE));
                byte[] wrong = error(vip, type, 0, quote);
                wrong[56] ^= 1;
                rows.add(row(name + "a wrong checksum", wrong, DropReason.BAD_ICMP_HEADER));
            }
            byte[] tooShort = error(vip, Icmp6.PACKET_TOO_BIG, 0, new byte[0]);
            Frames.put16(tooShort, 18, 7);
            rows.add(row("shorter than its header", tooShort, DropReason.BAD_ICMP_HEADER));
            rows.add(row("an unknown error", error(vip, 127, 0, quote), DropReason.LOCAL_PORT_CLOSED));
        }
        return rows;
    }
}
