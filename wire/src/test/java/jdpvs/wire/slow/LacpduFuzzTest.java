package jdpvs.wire.slow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import jdpvs.wire.GuardedMemory;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;

/** Drives {@link LacpduFuzz} with seeded inputs: good frames of both kinds, and the same damaged. */
class LacpduFuzzTest {
    private final Random random = new Random(8809);
    private final GuardedMemory memory = new GuardedMemory();

    private LacpParty party() {
        return new LacpParty(
                random.nextInt(1 << 16),
                random.nextLong() >>> 16,
                random.nextInt(1 << 16),
                random.nextInt(1 << 16),
                random.nextInt(1 << 16),
                random.nextInt(1 << 8));
    }

    private byte[] seed() {
        byte[] bytes = new byte[SlowProtocol.FRAME_LENGTH];
        long frame = memory.atEnd(bytes);
        if (random.nextBoolean()) {
            new LacpMessage(party(), party(), random.nextInt(1 << 16)).write(frame, random.nextLong() >>> 16);
        } else {
            new MarkerMessage(random.nextBoolean(), random.nextInt(1 << 16), random.nextLong() >>> 16, random.nextInt())
                    .write(frame, random.nextLong() >>> 16);
        }
        Memory.copyOut(frame, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void goodAndDamagedFrames() {
        int valid = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] frame = seed();
            for (int n = random.nextInt(4); n > 0; n--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                frame = Arrays.copyOf(frame, random.nextInt(2 * frame.length));
            }
            LacpduFuzz.fuzzerTestOneInput(frame);
            long address = memory.atEnd(frame);
            valid += SlowProtocol.is(address, frame.length)
                            && (Lacpdu.isValid(address, frame.length) || MarkerPdu.isValid(address, frame.length))
                    ? 1
                    : 0;
        }
        // Most of them come as far as being read and written again.
        assertThat(valid).isBetween(100_000, 199_000);
    }
}
