package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When an interface was given its last frame of data after something had happened to its cable; scripts/last-frame.py tells how that is known.
 *
 * @param after from the last frame that came in; rather too long than too short
 * @param frames given since then, or a few more
 */
record LastFrame(Duration after, long frames) {
    private static final Pattern SAID =
            Pattern.compile("last frame after (\\d+) ms, looked every \\d+ ms, (\\d+) frames");

    /** @param happening a command, run while the host's interface is watched */
    static LastFrame watch(Host host, String networkInterface, Duration watched, List<String> happening) {
        Path script = Path.of("src/test/scripts/last-frame.py").toAbsolutePath();
        var command = new ArrayList<>(
                List.of("python3", script.toString(), networkInterface, Long.toString(watched.toSeconds())));
        command.addAll(happening);
        String said =
                host.run(watched.plusSeconds(60), String.join(" ", command)).succeeded();
        Matcher matcher = SAID.matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        return new LastFrame(Duration.ofMillis(Long.parseLong(matcher.group(1))), Long.parseLong(matcher.group(2)));
    }
}
