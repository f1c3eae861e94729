package jdpvs.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.port.DropCounters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerContextTest {
    private static final class NobodyElse implements Handover {
        @Override
        public void frame(int worker, int device, long frame, int length) {}

        @Override
        public void neighbour(int device, long high, long low, long macAddress) {}
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void identificationsOfAllWorkersDifferUntilTheyAreUsedUp(int workers) {
        Set<Integer> seen = new HashSet<>();
        for (int worker = 0; worker < workers; worker++) {
            NetworkConfiguration network = NetworkConfiguration.of(List.of());
            WorkerContext context =
                    new WorkerContext(worker, workers, new FakeEgress(), new NobodyElse(), new DropCounters(), network);
            int each = 65536 / (context.portMask() + 1);
            for (int i = 0; i < each; i++) {
                int identification = context.nextIdentification();
                assertThat(identification).isBetween(0, 65535);
                assertThat(seen.add(identification)).isTrue();
            }
        }
    }
}
