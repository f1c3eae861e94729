package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What wrk reported.
 *
 * @param failures wrk's lines about errors, empty when nothing failed
 */
record Wrk(long requests, String failures, String report) {
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

    Wrk assertNothingFailed() {
        assertThat(failures).as(report).isEmpty();
        assertThat(requests).as(report).isPositive();
        return this;
    }
}
