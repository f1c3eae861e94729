package jdpvs.wire;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Drives {@link TranslationFuzz} with seeded inputs: good frames of every kind, and the same damaged. */
class TranslationFuzzTest {
    private static final byte[] EXTENSIONS = {
        60, 0, 1, 4, 0, 0, 0, 0, 43, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 17, 0, 4, 0, 0, 0, 0, 0
    };

    private final Random random = new Random(7915);

    private byte[] seed() {
        boolean ipv6 = random.nextBoolean();
        String from = ipv6 ? "2001:db8::1" : "10.0.0.1";
        String to = ipv6 ? "2001:db8::2" : "10.0.0.2";
        PacketBuilder flow = random.nextBoolean()
                ? PacketBuilder.tcp(from, 1, to, 2).option(2, 5, 0xb4)
                : PacketBuilder.udp(from, 1, to, 2);
        flow.payload(random.nextInt(100)).fragment(random.nextBoolean() ? Ipv4.DONT_FRAGMENT : 0);
        switch (random.nextInt(4)) {
            case 0 -> flow.ipOptions(new byte[] {7, 7, 4, 0, 0, 0, 0, 0});
            case 1 -> {
                return PacketBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2)
                        .extensions(0, EXTENSIONS)
                        .payload(random.nextInt(2000))
                        .toBytes();
            }
            case 2 -> {
                byte[] quoted = flow.toBytes();
                return PacketBuilder.echo(ipv6 ? "2001:db8::9" : "10.0.0.9", from, random.nextInt(2000), 1400)
                        .icmp(ipv6 ? 1 + random.nextInt(4) : 3 + random.nextInt(10), random.nextInt(5))
                        .payload(Arrays.copyOfRange(quoted, Ethernet.LENGTH, quoted.length))
                        .toBytes();
            }
            default -> flow.tos(random.nextInt(256));
        }
        return flow.toBytes();
    }

    @Test
    void goodAndDamagedFrames() {
        for (int i = 0; i < 200_000; i++) {
            byte[] frame = seed();
            for (int n = random.nextInt(4); n > 0; n--) {
                frame[Ethernet.LENGTH + random.nextInt(Math.min(90, frame.length - Ethernet.LENGTH))] =
                        (byte) random.nextInt();
            }
            TranslationFuzz.fuzzerTestOneInput(
                    random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length)) : frame);
        }
    }
}
