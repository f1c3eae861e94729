package jdpvs.daemon.worker;

import static jdpvs.daemon.worker.CorpusPackets.datagram;
import static jdpvs.daemon.worker.CorpusPackets.syn;
import static jdpvs.daemon.worker.CorpusPackets.toService;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jdpvs.port.DropReason;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** What is wrong with TCP, UDP and their options, or with the promise that came with the frame. */
final class TransportCorpus {
    private TransportCorpus() {}

    static List<Corpus> all() {
        return List.of(
                Corpus.of(
                        "bad-transport-checksum",
                        "TCP and UDP with a wrong checksum: forwarded, for the receiver to refuse",
                        badTransportChecksum()),
                Corpus.of(
                        "bad-tcp-header",
                        "data offsets that are too small, or reach beyond the packet",
                        badTcpHeader(),
                        DropReason.BAD_TCP_HEADER),
                Corpus.of(
                        "bad-udp-length",
                        "UDP lengths that are too small, or reach beyond the packet",
                        badUdpLength(),
                        DropReason.BAD_UDP_HEADER),
                Corpus.of(
                        "option-stuffed",
                        "40 bytes of TCP options of every kind and length",
                        optionStuffed(),
                        DropReason.NOT_SYN),
                Corpus.of(
                        "zero-length-options",
                        "TCP and IP options of length 0 and 1, and beyond the header",
                        zeroLengthOptions(),
                        DropReason.NOT_SYN,
                        DropReason.BAD_IP_HEADER),
                Corpus.of(
                        "toa-forgeries",
                        "a client's own option 254 and 253, in SYN, ACK and data",
                        toaForgeries(),
                        DropReason.NOT_SYN),
                Corpus.of(
                        "christmas-tree",
                        "every combination of TCP flags without a connection",
                        christmasTree(),
                        DropReason.NOT_SYN),
                Corpus.of(
                        Corpus.SEGMENTED + "lies",
                        "virtio-net headers that promise what the frame does not hold",
                        segmentationLies(),
                        DropReason.NOT_SYN,
                        DropReason.TOO_BIG));
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

    private static List<byte[]> christmasTree() {
        List<byte[]> frames = new ArrayList<>();
        for (int flags = 0; flags < 64; flags++) {
            if ((flags & (Tcp.SYN | Tcp.ACK | Tcp.RST | Tcp.FIN)) != Tcp.SYN) {
                frames.add(toService().ports(45_000, 80).flags(flags).toBytes());
            }
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
}
