package jdpvs.keepalived.vrrp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.TrackFile;
import jdpvs.keepalived.configuration.TrackProcess;
import jdpvs.keepalived.configuration.TrackScript;
import jdpvs.keepalived.configuration.VrrpInstance.Track.Kind;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.process.Defects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches scripts, files and processes, each on a virtual thread of its own; what did not change in the configuration is watched on. */
final class Watchers {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_vrrp");
    private static final Duration FILE_INTERVAL = Duration.ofMillis(500);
    private static final Duration PROCESS_INTERVAL = Duration.ofSeconds(1);

    /** Gets what was seen, on any thread. */
    interface Listener {
        /** @param value as of {@link TrackStates#set} */
        void seen(Kind kind, String name, int value);
    }

    private final ScriptRunner scripts;
    private final Listener listener;
    private final Map<Object, Thread> threads = new HashMap<>();

    Watchers(ScriptRunner scripts, Listener listener) {
        this.scripts = scripts;
        this.listener = listener;
    }

    void load(KeepalivedConfiguration configuration) {
        Set<Object> wanted = new HashSet<>();
        wanted.addAll(configuration.scripts());
        wanted.addAll(configuration.files());
        wanted.addAll(configuration.processes());
        threads.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().interrupt();
            }
            return gone;
        });
        for (Object watched : wanted) {
            threads.computeIfAbsent(watched, this::start);
        }
    }

    void stop() {
        threads.values().forEach(Thread::interrupt);
        threads.clear();
    }

    /** Looks at what is watched, now and again; what was seen stays when a look breaks off. */
    private interface Watch {
        /** Looks once, and rests. */
        void look() throws InterruptedException;
    }

    private Thread start(Object watched) {
        Watch watch = switch (watched) {
            case TrackScript script -> new ScriptWatch(script);
            case TrackFile file -> new FileWatch(file);
            case TrackProcess process -> new ProcessWatch(process);
            default -> throw new IllegalStateException(watched.toString());
        };
        // Not to watch on after a defect would be to believe for ever what was seen last.
        return Thread.ofVirtual()
                .name("watch " + watched)
                .start(() -> Defects.repeat(LOG, "watching " + watched, PROCESS_INTERVAL, watch::look));
    }

    private final class ScriptWatch implements Watch {
        private final TrackScript script;
        private final ScriptVerdict verdict;
        private @Nullable Boolean told;

        ScriptWatch(TrackScript script) {
            this.script = script;
            this.verdict = new ScriptVerdict(script);
        }

        @Override
        public void look() throws InterruptedException {
            tell();
            long begin = System.nanoTime();
            ScriptRunner.Ending ending = scripts.run(script.script(), List.of(), script.timeout());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean success = ending instanceof ScriptRunner.Ending.Exited(int code) && code == 0;
            if (verdict.ended(success)) {
                if (success) {
                    LOG.info("VRRP_Script({}) succeeded", script.name());
                } else {
                    LOG.info("VRRP_Script({}) failed ({})", script.name(), text(ending));
                }
            }
            tell();
            Thread.sleep(Duration.ofNanos(Math.max(0, script.interval().toNanos() - (System.nanoTime() - begin))));
        }

        private void tell() {
            boolean well = verdict.isWell();
            if (told == null || told != well) {
                listener.seen(Kind.SCRIPT, script.name(), well ? 1 : 0);
                told = well;
            }
        }
    }

    private static String text(ScriptRunner.Ending ending) {
        return switch (ending) {
            case ScriptRunner.Ending.Exited(int code) -> "exited with status " + code;
            case ScriptRunner.Ending.TimedOut _ -> "timed out";
            case ScriptRunner.Ending.NotStarted(String reason) -> "not started: " + reason;
        };
    }

    private final class FileWatch implements Watch {
        private final TrackFile file;
        private String complaint = "";
        private @Nullable Integer told;

        FileWatch(TrackFile file) {
            this.file = file;
        }

        @Override
        public void look() throws InterruptedException {
            int value = 0;
            String problem = "";
            try {
                String text = Files.readString(Path.of(file.path())).strip();
                value = text.isEmpty() ? 0 : Integer.parseInt(text);
            } catch (IOException _) {
                problem = "cannot be read";
            } catch (NumberFormatException _) {
                problem = "holds no number";
            }
            if (!problem.equals(complaint) && !problem.isEmpty()) {
                LOG.warn("vrrp_track_file {}: {} {}, which counts as 0", file.name(), file.path(), problem);
            }
            complaint = problem;
            if (told == null || told != value) {
                listener.seen(Kind.FILE, file.name(), value);
                told = value;
            }
            Thread.sleep(FILE_INTERVAL);
        }
    }

    private final class ProcessWatch implements Watch {
        private final TrackProcess process;
        private @Nullable Boolean told;
        private long contrarySince;

        ProcessWatch(TrackProcess process) {
            this.process = process;
        }

        @Override
        public void look() throws InterruptedException {
            boolean well = isWell(process);
            long now = System.nanoTime();
            if (told == null) {
                tell(well);
            } else if (told == well) {
                contrarySince = 0;
            } else {
                contrarySince = contrarySince == 0 ? now : contrarySince;
                Duration delay = well ? process.forkDelay() : process.terminateDelay();
                if (now - contrarySince >= delay.toNanos()) {
                    LOG.info("vrrp_track_process {} is {}", process.name(), well ? "well" : "not well");
                    tell(well);
                }
            }
            Thread.sleep(PROCESS_INTERVAL);
        }

        private void tell(boolean well) {
            listener.seen(Kind.PROCESS, process.name(), well ? 1 : 0);
            told = well;
            contrarySince = 0;
        }
    }

    private static boolean isWell(TrackProcess process) {
        int count = 0;
        try (var directories = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path directory : directories) {
                count += matches(directory, process) ? 1 : 0;
            }
        } catch (IOException e) {
            LOG.warn("vrrp_track_process {}: /proc cannot be read: {}", process.name(), e.getMessage());
        }
        return count >= process.quorum() && count <= process.maximum();
    }

    /** By the first word's whole text, or its last part when the configuration names no path. */
    static boolean matches(Path directory, TrackProcess process) {
        String line;
        try {
            line = Files.readString(directory.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            // It has ended meanwhile.
            return false;
        }
        List<String> words = new ArrayList<>(List.of(line.split("\0")));
        String wanted = process.command().getFirst();
        String program = words.getFirst();
        if (wanted.indexOf('/') < 0) {
            program = program.substring(program.lastIndexOf('/') + 1);
        }
        return program.equals(wanted)
                && (!process.matchArguments()
                        || words.subList(1, words.size())
                                .equals(process.command()
                                        .subList(1, process.command().size())));
    }
}
