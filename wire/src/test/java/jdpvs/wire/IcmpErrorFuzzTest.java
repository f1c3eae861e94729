package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Drives {@link IcmpErrorFuzz} with seeded inputs. */
class IcmpErrorFuzzTest {
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    @Test
    void randomMessages() {
        for (int i = 0; i < 20_000; i++) {
            byte[] message = new byte[random.nextInt(120)];
            random.nextBytes(message);
            IcmpErrorFuzz.fuzzerTestOneInput(message);
        }
    }

    @Test
    void mutatedErrors() {
        byte[] packet = PacketBuilder.udp("10.0.0.1", 53, "10.0.0.2", 53)
                .ipOptions(new byte[] {1, 1, 1, 0})
                .payload(60)
                .toBytes();
        byte[] error = PacketBuilder.echo("10.0.0.9", "10.0.0.1", 0, 0)
                .icmp(Icmp.UNREACHABLE, Icmp.PORT)
                .payload(Arrays.copyOfRange(packet, Ethernet.LENGTH, packet.length))
                .toBytes();
        byte[] seed = Arrays.copyOfRange(error, Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH, error.length);
        int good = 0;
        int bad = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] message = seed.clone();
            for (int n = random.nextInt(3); n > 0; n--) {
                message[random.nextInt(20)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                message = Arrays.copyOf(message, Icmp.LENGTH + random.nextInt(message.length));
            }
            IcmpErrorFuzz.fuzzerTestOneInput(message);
            if (IcmpErrorFuzz.reference(message) == IcmpQuote.NONE) {
                bad++;
            } else {
                good++;
            }
        }
        assertThat(good).isGreaterThan(10_000);
        assertThat(bad).isGreaterThan(10_000);
    }
}
