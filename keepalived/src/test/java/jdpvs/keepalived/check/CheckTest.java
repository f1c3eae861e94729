package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.check.Probe.Result;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A check as a thread, and what becomes of what is thrown on it. */
class CheckTest {
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private @Nullable Check running;

    @AfterEach
    void end() throws InterruptedException {
        Check check = running;
        if (check != null) {
            check.stop();
            check.join(5000);
        }
    }

    private Check start(Probe probe, BooleanSupplier suspended, Check.Listener listener) {
        Check check = check(probe, suspended, listener);
        running = check;
        check.start();
        return check;
    }

    private static Check check(Probe probe, BooleanSupplier suspended, Check.Listener listener) {
        return new Check(
                Settings.tcp(1),
                probe,
                new CheckTexts(Settings.tcp(1), "[192.0.2.1]:tcp:1", "VS"),
                true,
                false,
                suspended,
                listener);
    }

    private void take(Check check, Result result, long started, long ended) {
        check.record(result, started, ended);
        results.add(result);
    }

    private @Nullable Result next() throws InterruptedException {
        return results.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void anErrorOfTheProbeSaysNothingOfTheServer() throws Exception {
        Queue<Error> errors = new ArrayDeque<>(
                List.of(new OutOfMemoryError("no heap"), new OutOfMemoryError("no thread"), new StackOverflowError()));
        start(
                up -> {
                    Error error = errors.poll();
                    if (error != null) {
                        throw error;
                    }
                    return Result.success();
                },
                () -> false,
                this::take);
        assertThat(next()).isEqualTo(Result.undecided("java.lang.OutOfMemoryError: no heap"));
        assertThat(next()).isEqualTo(Result.undecided("java.lang.OutOfMemoryError: no thread"));
        assertThat(next()).isEqualTo(Result.undecided("java.lang.StackOverflowError"));
        assertThat(next()).isEqualTo(Result.success());
    }

    /** Of memory that lacks not even a line can be written. */
    private static final class Unspeakable extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("not even for this");
        }
    }

    @Test
    void whateverIsThrownItGoesOn() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(
                up -> Result.success(),
                () -> {
                    if (calls.get() == 3) {
                        calls.incrementAndGet();
                        throw new IllegalStateException("who holds the address?");
                    }
                    return false;
                },
                (check, result, started, ended) -> {
                    switch (calls.getAndIncrement()) {
                        case 0 -> throw new Unspeakable();
                        case 1 -> throw new AssertionError("a defect");
                        case 2 -> throw new IllegalStateException("another");
                        default -> take(check, result, started, ended);
                    }
                });
        assertThat(next()).isEqualTo(Result.success());
        assertThat(next()).isEqualTo(Result.success());
        assertThat(calls).hasValueGreaterThanOrEqualTo(6);
    }

    @Test
    void whatIsUndecidedIsReportedAndChangesNothing() {
        Check check = check(up -> Result.success(), () -> false, (each, result, started, ended) -> {});
        long now = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertThat(check.record(Result.undecided("no descriptor"), now, now))
                    .isEqualTo(CheckState.Event.NONE);
        }
        KeepalivedReport.Check report = check.report();
        assertThat(report.up()).isTrue();
        assertThat(report.attempts()).isZero();
        assertThat(report.failures()).isZero();
        assertThat(report.error()).isEqualTo("no descriptor");
        assertThat(check.hasRun()).isFalse();
        assertThat(check.record(Result.failure("refused"), now, now)).isEqualTo(CheckState.Event.DOWN);
    }
}
