package jdpvs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The benchmark measures what it says: every frame is forwarded, rightly. */
class PipelineRigTest {
    @Test
    void everyFrameLeavesRewritten() {
        for (Family family : Family.values()) {
            forwards(family);
        }
    }

    private static void forwards(Family family) {
        for (int flows : new int[] {1, 3000}) {
            try (PipelineRig rig = new PipelineRig(family, flows)) {
                long received = rig.verify() + rig.emptyCycle() + rig.cycle();
                rig.check(received);
                assertThat(rig.bytesPerConnection()).isLessThanOrEqualTo(256);
            }
        }
    }

    @Test
    void refusesWordsThatMeanNothing() {
        assertThatThrownBy(() -> Pipeline.run(List.of("--flows", "1,many"))).hasMessageContaining("'many'");
        assertThatThrownBy(() -> Pipeline.run(List.of("--flows", "0"))).hasMessageContaining("outside");
        assertThatThrownBy(() -> Pipeline.run(List.of("--seconds"))).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> Pipeline.run(List.of("--seconds", "-1"))).hasMessageContaining("outside");
        assertThatThrownBy(() -> Pipeline.run(List.of("--family", "5"))).hasMessageContaining("none of");
        assertThatThrownBy(() -> Pipeline.run(List.of("--colour", "red"))).hasMessageContaining("--colour");
    }
}
