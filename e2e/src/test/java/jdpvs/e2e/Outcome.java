package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/**
 * What a command printed and how it ended.
 *
 * @param exitCode 124 when it was ended because its time was over
 */
record Outcome(List<String> command, int exitCode, String output, String errors, Duration took) {
    /** @return standard output; fails the test when the exit code is not 0 */
    String succeeded() {
        assertThat(exitCode).as("exit code of %s", this).isZero();
        return output;
    }

    /** @return standard error; fails the test when the exit code is another */
    String failedWith(int expectedExitCode) {
        assertThat(exitCode).as("exit code of %s", this).isEqualTo(expectedExitCode);
        return errors;
    }

    /** @return the number behind a name at the beginning of a line; fails the test when there is none, or the exit code is not 0 */
    long counter(String name) {
        return succeeded()
                .lines()
                .map(line -> line.split(" +"))
                .filter(words -> words[0].equals(name))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + this));
    }

    List<String> lines() {
        return output.lines().toList();
    }

    @Override
    public String toString() {
        return "'%s' (exit code %d after %d ms)%n%s%s"
                .formatted(
                        String.join(" ", command),
                        exitCode,
                        took.toMillis(),
                        indented("| ", output),
                        indented("! ", errors));
    }

    private static String indented(String mark, String text) {
        var lines = new StringBuilder();
        text.lines()
                .limit(60)
                .forEach(line -> lines.append("    ").append(mark).append(line).append('\n'));
        return lines.toString();
    }
}
