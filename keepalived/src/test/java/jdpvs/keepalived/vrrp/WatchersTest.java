package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.TrackProcess;
import jdpvs.keepalived.notice.ScriptRunner;
import org.junit.jupiter.api.Test;

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
            watchers.load(new KeepalivedConfiguration(
                    RouterMain.global(Duration.ZERO),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(wanted),
                    List.of(),
                    List.of(),
                    List.of()));
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo(1);
            sleep.destroy();
            assertThat(seen.poll(15, TimeUnit.SECONDS)).isEqualTo(0);
        } finally {
            watchers.stop();
            sleep.destroy();
        }
    }
}
