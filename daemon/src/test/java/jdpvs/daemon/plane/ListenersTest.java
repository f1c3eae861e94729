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
import jdpvs.control.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        LastReports last = new LastReports();
        assertThat(last.views(5)).isEmpty();
        KeepalivedReport report = report(KeepalivedReport.Part.EVERYTHING);
        last.set(report, 1_000_000, 100);
        assertThat(last.views(20_100)).containsExactly(new Views.Keepalived(report, 1_000_000, 20_000));
    }

    private static KeepalivedReport report(KeepalivedReport.Part part) {
        return new KeepalivedReport(7, part, "f", 1, 2, List.of(), List.of(), KeepalivedReport.Made.NOTHING, List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "VRRP CHECKS, VRRP CHECKS",
        "CHECKS VRRP CHECKS, VRRP CHECKS",
        "EVERYTHING VRRP, VRRP CHECKS",
        "EVERYTHING CHECKS, VRRP CHECKS",
        "VRRP CHECKS EVERYTHING, EVERYTHING"
    })
    void partsOfTheWorkAreReportedBesideEachOther(String reported, String kept) {
        LastReports last = new LastReports();
        for (String part : reported.split(" ")) {
            last.set(report(KeepalivedReport.Part.valueOf(part)), 0, 0);
        }
        assertThat(last.views(0))
                .extracting(view -> view.report().part().name())
                .containsExactlyInAnyOrder(kept.split(" "));
    }
}
