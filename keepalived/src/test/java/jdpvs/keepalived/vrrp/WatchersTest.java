package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.TrackFile;
import jdpvs.keepalived.configuration.TrackProcess;
import jdpvs.keepalived.configuration.TrackScript;
import jdpvs.keepalived.notice.ScriptRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchersTest {
    private static TrackProcess process(boolean arguments, String... command) {
        return new TrackProcess(
                "p", List.of(command), arguments, 0, 1, Integer.MAX_VALUE, Duration.ZERO, Duration.ZERO);
    }

    @Test
    void aProcessIsKnownByNameByPathAndByArguments() throws Exception {
        Process sleep = new ProcessBuilder("/bin/sleep", "987654").start();
        try {
            Path directory = Path.of("/proc/" + sleep.pid());
            while (!Watchers.matches(directory, process(false, "sleep"))) {
                assertThat(sleep.isAlive()).isTrue();
            }
            assertThat(Watchers.matches(directory, process(false, "/bin/sleep")))
                    .isTrue();
            assertThat(Watchers.matches(directory, process(false, "/sbin/sleep")))
                    .isFalse();
            assertThat(Watchers.matches(directory, process(false, "slee"))).isFalse();
            assertThat(Watchers.matches(directory, process(true, "sleep", "987654")))
                    .isTrue();
            assertThat(Watchers.matches(directory, process(true, "sleep"))).isFalse();
        } finally {
            sleep.destroy();
        }
    }

    private static KeepalivedConfiguration configuration(
            List<TrackScript> scripts, List<TrackFile> files, List<TrackProcess> processes) {
        return new KeepalivedConfiguration(
                RouterMain.global(Duration.ZERO),
                List.of(),
                List.of(),
                scripts,
                files,
                processes,
                List.of(),
                List.of(),
                List.of());
    }

    /** Whatever breaks off: what was seen stays, and what is to be seen is told. */
    @Test
    void aDefectLosesNothing(@TempDir Path directory) throws Exception {
        Path number = Files.writeString(directory.resolve("number"), "3");
        TrackScript script = new TrackScript(
                "s",
                new Script(List.of("false"), null, null),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                0,
                false,
                1,
                3,
                false);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Set<String> thrown = ConcurrentHashMap.newKeySet();
        Watchers watchers = new Watchers(new ScriptRunner(), (kind, name, value) -> {
            String text = kind + " " + value;
            if (thrown.add(text)) {
                throw new AssertionError("a defect of a test");
            }
            seen.add(text);
        });
        try {
            watchers.load(
                    configuration(List.of(), List.of(new TrackFile("f", number.toString(), 1, false)), List.of()));
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo("FILE 3");
            Files.writeString(number, "4");
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo("FILE 4");
            watchers.load(configuration(List.of(script), List.of(), List.of()));
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo("SCRIPT 1");
            assertThat(seen.poll(15, TimeUnit.SECONDS))
                    .as("a script that has failed is not well for its watcher's defect")
                    .isEqualTo("SCRIPT 0");
            watchers.load(configuration(List.of(), List.of(), List.of(process(false, "nobody-is-called-this"))));
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo("PROCESS 0");
        } finally {
            watchers.stop();
        }
    }

    @Test
    void itsEndIsSeen() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "987653").start();
        BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
        Watchers watchers = new Watchers(new ScriptRunner(), (kind, name, value) -> seen.add(value));
        try {
            TrackProcess wanted = process(true, "sleep", "987653");
            while (!Watchers.matches(Path.of("/proc/" + sleep.pid()), wanted)) {
                assertThat(sleep.isAlive()).isTrue();
            }
            watchers.load(configuration(List.of(), List.of(), List.of(wanted)));
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo(1);
            sleep.destroy();
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo(0);
        } finally {
            watchers.stop();
            sleep.destroy();
        }
    }
}
