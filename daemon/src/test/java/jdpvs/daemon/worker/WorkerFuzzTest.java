package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short run of what {@code ./soak} and {@code ./fuzz} do for long. */
class WorkerFuzzTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void mutatedFrames(int workers) {
        assertThat(WorkerFuzz.run(150_000, 20_261_123, workers)).contains("received");
    }

    @Test
    void randomInputs() {
        Random random = new Random(3);
        FrameMutator mutator = new FrameMutator(3);
        for (int i = 0; i < 2000; i++) {
            byte[] input = new byte[random.nextInt(500)];
            random.nextBytes(input);
            WorkerFuzz.fuzzerTestOneInput(input);
            byte[] frame = mutator.next();
            byte[] framed = new byte[1 + Math.min(127, frame.length)];
            System.arraycopy(frame, 0, framed, 1, framed.length - 1);
            framed[0] = (byte) (framed.length - 1);
            WorkerFuzz.fuzzerTestOneInput(framed);
        }
    }
}
