package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import org.junit.jupiter.api.Test;

/** What a keepalived hears and leaves. */
class ListenersTest {
    private final Listeners listeners = new Listeners("one");

    @Test
    void itBeginsWithTheInstance() throws ControlException {
        List<Event> seen = new ArrayList<>();
        listeners.tell(event -> seen.add(event) && seen.size() < 2);
        assertThat(seen).containsExactly(new Event(Event.Kind.READY, "one"), new Event(Event.Kind.TICK, "one"));
    }

    @Test
    void oneTooManyIsRefusedUntilAnotherEnds() throws Exception {
        CountDownLatch began = new CountDownLatch(Listeners.MOST);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Listeners.MOST; i++) {
            threads.add(Thread.ofVirtual().start(() -> listen(began)));
        }
        began.await();
        assertThatThrownBy(() -> listeners.tell(event -> false))
                .isInstanceOfSatisfying(
                        ControlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_RESOURCE));
        for (Thread thread : threads) {
            thread.interrupt();
            assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
        }
        List<Event> seen = new ArrayList<>();
        listeners.tell(event -> !seen.add(event));
        assertThat(seen).hasSize(1);
    }

    private void listen(CountDownLatch began) {
        try {
            listeners.tell(event -> {
                began.countDown();
                return true;
            });
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theLastReportGetsOlder() {
        LastReport last = new LastReport();
        assertThat(last.view(5)).isNull();
        KeepalivedReport report = new KeepalivedReport(7, "f", 1, 2, List.of(), List.of(), List.of());
        last.set(report, 1_000_000, 100);
        assertThat(last.view(20_100)).isNotNull().satisfies(view -> {
            assertThat(view.report()).isEqualTo(report);
            assertThat(view.receivedMillis()).isEqualTo(1_000_000);
            assertThat(view.ageMillis()).isEqualTo(20_000);
        });
    }
}
