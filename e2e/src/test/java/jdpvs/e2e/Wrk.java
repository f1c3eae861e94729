package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What wrk reported.
 *
 * @param failures wrk's lines about errors, empty when nothing failed
 */
record Wrk(long requests, String failures, String report) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern FAILURES = Pattern.compile("(Socket errors:.*|Non-2xx.*)");

    static Wrk read(String report) {
        Matcher requests = REQUESTS.matcher(report);
        assertThat(requests.find()).as("a report of wrk: %s", report).isTrue();
        var failures = new StringBuilder();
        FAILURES.matcher(report)
                .results()
                .forEach(found -> failures.append(found.group()).append('\n'));
        return new Wrk(Long.parseLong(requests.group(1)), failures.toString(), report);
    }

    /** Ends a wrk that runs beside the test, which must not have ended by itself. */
    static Wrk end(Running wrk) {
        assertThat(wrk.isAlive()).as("the load goes on: %s", wrk.printed()).isTrue();
        wrk.signal("INT");
        assertThat(wrk.awaitExit(PATIENCE)).as(wrk.printed()).isZero();
        return read(wrk.printed());
    }

    Wrk assertNothingFailed() {
        assertThat(failures).as(report).isEmpty();
        assertThat(requests).as(report).isPositive();
        return this;
    }
}
