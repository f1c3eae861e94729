package jdpvs.daemon.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdpvs.port.DropReason;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** ICMP errors about nothing. */
final class IcmpCorpus {
    private static final int CLIENT = FuzzRig.CLIENT;
    private static final int VIP = FuzzRig.VIP;

    private IcmpCorpus() {}

    static List<Corpus> all() {
        return List.of(Corpus.of(
                "icmp-nonsense",
                "ICMP errors that quote nothing, too little, or what never was",
                icmpNonsense(),
                icmpReasons()));
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

    private static DropReason[] icmpReasons() {
        return Stream.of(DropReason.values())
                .filter(reason -> reason.name().contains("ICMP")
                        || reason == DropReason.LOCAL_PORT_CLOSED
                        || reason == DropReason.BAD_IP_HEADER)
                .toArray(DropReason[]::new);
    }
}
