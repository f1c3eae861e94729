package jdpvs.daemon.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** Grows hostile frames from the corpus and from valid traffic; the same ones for the same seed. */
final class FrameMutator {
    private final Random random;
    private final List<byte[]> seeds = new ArrayList<>();
    /** What tends to matter: limits of lengths, counts and types. */
    private static final int[] EDGES = {0, 1, 4, 5, 7, 8, 15, 20, 28, 40, 60, 64, 127, 128, 253, 254, 255};

    FrameMutator(long seed) {
        random = new Random(seed);
        Corpus.all().stream()
                .filter(corpus -> !corpus.name().startsWith(Corpus.SEGMENTED))
                .forEach(corpus -> corpus.frames().stream()
                        .filter(frame -> frame.length > 0 && frame.length < 2000)
                        .forEach(seeds::add));
    }

    byte[] next() {
        byte[] frame = random.nextInt(3) == 0
                ? valid()
                : seeds.get(random.nextInt(seeds.size())).clone();
        int mutations = random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            frame = mutate(frame);
        }
        if (random.nextInt(4) != 0 && frame.length >= 34) {
            if (random.nextBoolean()) {
                Frames.put16(frame, 16, frame.length - 14);
            }
            Frames.repairIp(frame);
        }
        return frame;
    }

    private byte[] valid() {
        int client = FuzzRig.CLIENT + random.nextInt(64);
        int port = 1024 + random.nextInt(20_000);
        int flags = switch (random.nextInt(4)) {
            case 0 -> Tcp.SYN;
            case 1 -> Tcp.ACK | Tcp.PSH;
            case 2 -> Tcp.ACK | Tcp.FIN;
            default -> Tcp.ACK;
        };
        return switch (random.nextInt(5)) {
            case 0 ->
                PacketBuilder.udp(client, port, FuzzRig.VIP, 53)
                        .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                        .payload(random.nextInt(200))
                        .toBytes();
            case 1 ->
                PacketBuilder.tcp(FuzzRig.SERVER, 80, FuzzRig.LIP, 1025 + random.nextInt(64_000))
                        .macs(FuzzRig.LAN_MAC, FuzzRig.SERVER_MAC)
                        .flags(random.nextBoolean() ? Tcp.SYN | Tcp.ACK : flags)
                        .payload(random.nextInt(200))
                        .toBytes();
            default ->
                PacketBuilder.tcp(client, port, FuzzRig.VIP, 80)
                        .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                        .flags(flags)
                        .sequence(random.nextInt())
                        .option(2, 5, 0xb4)
                        .payload(flags == Tcp.SYN ? 0 : random.nextInt(200))
                        .toBytes();
        };
    }

    private byte[] mutate(byte[] frame) {
        if (frame.length < 15) {
            return Arrays.copyOf(frame, 15 + random.nextInt(100));
        }
        // The station's address stays, or nothing would get past it; headers come first in most minds, so here too.
        int reach = random.nextInt(4) == 0 ? frame.length : Math.min(frame.length, 80);
        int at = 6 + random.nextInt(reach - 6);
        switch (random.nextInt(7)) {
            case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> frame[at] = (byte) random.nextInt(256);
            case 2 -> frame[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 3 -> {
                return Arrays.copyOf(frame, 14 + random.nextInt(frame.length - 13));
            }
            case 4 -> {
                return Arrays.copyOf(frame, frame.length + random.nextInt(100));
            }
            case 5 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int bytes = Math.min(other.length, frame.length) - at;
                if (bytes > 0) {
                    System.arraycopy(other, at, frame, at, 1 + random.nextInt(bytes));
                }
            }
            default -> {
                if (frame.length > 54) {
                    frame[20] = (byte) (random.nextInt(8) << 5 | random.nextInt(32));
                    frame[21] = (byte) random.nextInt(256);
                }
            }
        }
        return frame;
    }

    boolean oneIn(int number) {
        return random.nextInt(number) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** A virtio-net header that may be right and mostly is not; all zero in most cases. */
    byte[] withHeader(byte[] frame) {
        if (random.nextInt(8) != 0) {
            return Frames.withTrailer(frame, 0, 0, 0, 0, 0, 0);
        }
        return Frames.withTrailer(
                frame,
                random.nextInt(4),
                new int[] {0, 1, 3, 4, 5, 0x81}[random.nextInt(6)],
                new int[] {0, 14, 54, 66, 65_535}[random.nextInt(5)],
                new int[] {0, 1, 536, 1460, 65_535}[random.nextInt(5)],
                new int[] {0, 14, 34, 65_535}[random.nextInt(4)],
                new int[] {0, 6, 16, 65_535}[random.nextInt(4)]);
    }
}
