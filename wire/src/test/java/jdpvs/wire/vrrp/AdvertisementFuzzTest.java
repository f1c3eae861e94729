package jdpvs.wire.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.GuardedMemory;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;

/** Drives {@link AdvertisementFuzz} with seeded inputs: good advertisements of all kinds, and the same damaged, with a good checksum or not. */
class AdvertisementFuzzTest {
    private final Random random = new Random(112);
    private final GuardedMemory memory = new GuardedMemory();

    private byte[] seed() {
        boolean ipv6 = random.nextInt(3) == 0;
        int version = ipv6 || random.nextBoolean() ? 3 : 2;
        List<Address> addresses = IntStream.range(0, 1 + random.nextInt(20))
                .mapToObj(i -> ipv6
                        ? new Address(0x2001_0db8_0000_0000L, random.nextLong())
                        : Address.ofIpv4(random.nextInt()))
                .toList();
        var advertisement = new Advertisement(
                version,
                1 + random.nextInt(255),
                random.nextInt(256),
                version == 2 ? 100 * (1 + random.nextInt(255)) : 1 + random.nextInt(4095),
                version == 2 && random.nextBoolean() ? "secret" : null,
                addresses);
        byte[] bytes = new byte[advertisement.length()];
        long at = memory.atEnd(bytes);
        advertisement.write(
                at,
                ipv6 ? AdvertisementFuzz.SOURCE6 : AdvertisementFuzz.SOURCE,
                ipv6 ? AdvertisementFuzz.GROUP6 : AdvertisementFuzz.GROUP);
        Memory.copyOut(at, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void goodAndDamagedAdvertisements() {
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] input = seed();
            for (int n = random.nextInt(3); n > 0; n--) {
                input[random.nextInt(n == 1 ? 8 : input.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(8) == 0) {
                input = Arrays.copyOf(input, random.nextInt(2 * input.length));
            }
            if (input.length >= 8 && random.nextBoolean()) {
                correct(input);
            }
            AdvertisementFuzz.fuzzerTestOneInput(input);
            valid += Advertisement.read(
                                    memory.atEnd(input),
                                    input.length,
                                    AdvertisementFuzz.SOURCE,
                                    AdvertisementFuzz.GROUP)
                            instanceof Advertisement
                    ? 1
                    : 0;
        }
        assertThat(valid).isBetween(40_000, 180_000);
    }

    /** Without a pseudo header, which is good over IPv4. */
    private void correct(byte[] input) {
        input[6] = 0;
        input[7] = 0;
        int checksum = Checksum.complement(Checksum.sum(memory.atEnd(input), input.length));
        input[6] = (byte) (checksum >>> 8);
        input[7] = (byte) checksum;
    }
}
