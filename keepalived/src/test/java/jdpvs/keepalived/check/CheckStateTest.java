package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckStateTest {
    private static final long SECOND = 1_000_000_000L;

    private static Timing timing(int interval, int retries, int delay) {
        return new Timing(
                Duration.ofSeconds(interval),
                retries,
                Duration.ofSeconds(delay),
                Duration.ZERO,
                Duration.ofSeconds(5),
                false,
                false);
    }

    /**
     * Attempts that take no time, + = success, - = failure; events and the second of each.
     */
    @ParameterizedTest
    @CsvSource({
        // up at first, unknown: the first success is told, the first failure counts at once
        "true,  false, 1, 1, +++,     0 UP;3 NONE;6 NONE",
        "true,  false, 1, 1, --+,     0 DOWN;3 NONE;6 UP",
        // retries every second, then down, then one success
        "true,  false, 1, 1, +--+,    0 UP;3 RETRY;4 DOWN;7 UP",
        "true,  false, 1, 2, +---+,   0 UP;3 RETRY;4 RETRY;5 DOWN;8 UP",
        "true,  false, 1, 2, +--+--+, 0 UP;3 RETRY;4 RETRY;5 NONE;8 RETRY;9 RETRY;10 NONE",
        "true,  false, 1, 0, +-+-,    0 UP;3 DOWN;6 UP;9 DOWN",
        // alpha: down until the first success; that it failed is told once
        "false, false, 1, 1, --+-,    0 DOWN;3 NONE;6 UP;9 RETRY",
        "false, false, 1, 1, +,       0 UP",
        // known from before the reload
        "true,  true,  1, 1, -+,      0 RETRY;1 NONE",
        "true,  true,  1, 1, --,      0 RETRY;1 DOWN",
        // several URLs: all of them in a row
        "true,  false, 3, 0, +-++-+++, 0 UP;3 DOWN;6 NONE;9 NONE;12 NONE;15 NONE;18 NONE;21 UP",
        "false, false, 2, 1, ++,      0 NONE;3 UP",
    })
    void followsResults(
            boolean up, boolean settled, int successesNeeded, int retries, String results, String expected) {
        CheckState state = new CheckState(timing(3, retries, 1), successesNeeded, up, settled, 0);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < results.length(); i++) {
            long now = state.next();
            seen.add(now / SECOND + " " + state.result(results.charAt(i) == '+', now, now));
        }
        assertThat(String.join(";", seen)).isEqualTo(expected);
    }

    @Test
    void countsFromTheStartOfAnAttemptUnlessItTookTooLong() {
        CheckState state = new CheckState(timing(3, 0, 1), 1, true, true, 0);
        state.result(true, 0, SECOND);
        assertThat(state.next()).isEqualTo(3 * SECOND);
        state.result(true, 3 * SECOND, 9 * SECOND);
        assertThat(state.next()).as("at least a second's rest").isEqualTo(10 * SECOND);
    }

    @Test
    void retriesWaitFromTheEndOfAnAttempt() {
        CheckState state = new CheckState(timing(3, 1, 2), 1, true, true, 0);
        assertThat(state.result(false, 0, 5 * SECOND)).isEqualTo(CheckState.Event.RETRY);
        assertThat(state.next()).isEqualTo(7 * SECOND);
        assertThat(state.result(false, 7 * SECOND, 8 * SECOND)).isEqualTo(CheckState.Event.DOWN);
        assertThat(state.retriesUsed()).isEqualTo(1);
    }

    @Test
    void whatIsUndecidedChangesNothingAndIsDueAgainSoon() {
        CheckState state = new CheckState(timing(3, 1, 1), 1, true, false, 0);
        state.undecided(0);
        assertThat(state.hasRun()).isFalse();
        assertThat(state.up()).isTrue();
        assertThat(state.next()).isEqualTo(SECOND);
        state.result(true, SECOND, SECOND);
        assertThat(state.result(false, 4 * SECOND, 4 * SECOND)).isEqualTo(CheckState.Event.RETRY);
        for (int i = 5; i < 9; i++) {
            state.undecided(i * SECOND);
            assertThat(state.next()).isEqualTo((i + 1) * SECOND);
        }
        assertThat(state.up()).isTrue();
        assertThat(state.result(false, 9 * SECOND, 9 * SECOND)).isEqualTo(CheckState.Event.DOWN);
        CheckState quick = new CheckState(
                new Timing(
                        Duration.ofMillis(100), 0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), false, false),
                1,
                false,
                true,
                0);
        quick.undecided(0);
        assertThat(quick.next()).as("no later than it would be").isEqualTo(SECOND / 10);
        assertThat(quick.up()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // quorum, hysteresis, weights one after the other, states
        "1, 0, 0 1 0 1,     down gained lost gained",
        "2, 0, 2 1 2 3,     gained lost gained up",
        "3, 1, 3 2 1 3 4,   gained up lost down gained",
        "3, 1, 2 3 4 2 1,   down down gained up lost",
        "3, 2, 3 0 4 5,     gained lost down gained",
    })
    void quorumHasHysteresis(long quorum, long hysteresis, String weights, String expected) {
        Quorum judge = new Quorum();
        List<String> seen = new ArrayList<>();
        for (String weight : weights.split(" ")) {
            boolean changed = judge.judge(Long.parseLong(weight), quorum, hysteresis);
            seen.add(changed ? (judge.up() ? "gained" : "lost") : judge.up() ? "up" : "down");
        }
        assertThat(String.join(" ", seen)).isEqualTo(expected);
    }
}
