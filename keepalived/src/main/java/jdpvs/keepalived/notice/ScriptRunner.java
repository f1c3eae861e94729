package jdpvs.keepalived.notice;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jdpvs.keepalived.configuration.Script;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the configuration's programs, as the users they are to have, and never waits longer for them than they may take. */
public final class ScriptRunner {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_script");

    /** From the polite signal to the other one (facts: config §11.6, MISC_CHECK). */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** By these setpriv tells that there was nothing to execute, but programs may have them too: they are weights to misc_dynamic. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    /** Of what is asked beside a program: the system's users, or whether it can be executed. */
    private static final Duration ASKING = Duration.ofSeconds(5);

    /** Succeeds when a user can execute the program $0, found as exec would find it, and the interpreter that its first line names. */
    private static final String EXECUTABLE = """
            found=
            case $0 in */*) found=$0 ;; *)
                IFS=:
                for directory in $PATH; do
                    [ -f "$directory/$0" ] && [ -x "$directory/$0" ] && found=$directory/$0 && break
                done
                unset IFS
            esac
            [ -f "$found" ] && [ -x "$found" ] || exit 1
            first=
            [ -r "$found" ] && IFS= read -r first < "$found"
            case $first in '#!'*)
                set -f
                set -- ${first#'#!'}
                [ -x "$1" ]
            esac
            """;

    /** Users' own groups, as numbers; the JDK does not tell them. */
    private static final Map<String, String> GROUPS = new ConcurrentHashMap<>();

    /** One after the other: a script that is told of MASTER must not overtake one that is told of BACKUP. */
    private final ExecutorService starter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("scripts").daemon().factory());

    private final Set<Process> told = ConcurrentHashMap.newKeySet();

    /** How a program ended. */
    public sealed interface Ending {
        /** @param code 0 to 255 */
        record Exited(int code) implements Ending {}

        /** It was ended because it took too long. */
        record TimedOut() implements Ending {}

        /** @param reason why it did not start */
        record NotStarted(String reason) implements Ending {}
    }

    /**
     * Runs a program to its end; meant for virtual threads.
     *
     * @param more arguments after the script's own
     * @throws InterruptedException when the calling thread is interrupted; the program is ended then
     */
    public Ending run(Script script, List<String> more, Duration timeout) throws InterruptedException {
        try {
            Ending ending = ending(start(script, more), timeout);
            return ending instanceof Ending.Exited(int code)
                            && code >= NOT_EXECUTABLE
                            && code <= NOT_FOUND
                            && !isExecutable(script)
                    ? new Ending.NotStarted("its user cannot execute it, or not the interpreter in its first line")
                    : ending;
        } catch (IOException e) {
            return new Ending.NotStarted(reason(e));
        }
    }

    private static String reason(IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.substring(reason.lastIndexOf(", ") + 1).strip();
    }

    private static Ending ending(Process process, Duration timeout) throws InterruptedException {
        try {
            if (process.waitFor(timeout)) {
                return new Ending.Exited(process.exitValue());
            }
            end(process);
            return new Ending.TimedOut();
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw e;
        }
    }

    /** Without a user the JDK tells it at the start. */
    private static boolean isExecutable(Script script) throws IOException, InterruptedException {
        if (script.user() == null) {
            return true;
        }
        List<String> words = List.of("sh", "-c", EXECUTABLE, script.words().getFirst());
        return ending(start(new Script(words, script.user(), script.group()), List.of()), ASKING)
                .equals(new Ending.Exited(0));
    }

    /** Starts a program that tells somebody of something, after those that were asked for before, and does not wait. What goes wrong is logged. */
    public void tell(Script script, List<String> more) {
        starter.execute(() -> {
            Process process;
            try {
                process = start(script, more);
            } catch (IOException e) {
                LOG.warn("{} cannot be started: {}", script, reason(e));
                return;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
            told.add(process);
            Thread.ofVirtual().name("script " + script.words().getFirst()).start(() -> follow(script, process));
        });
    }

    private void follow(Script script, Process process) {
        try {
            switch (ending(process, Duration.ofMinutes(5))) {
                case Ending.Exited(int code) when code != 0 -> LOG.warn("{} ended with exit code {}", script, code);
                case Ending.Exited _ -> {}
                case Ending.TimedOut _ -> LOG.warn("{} was ended after 5 minutes", script);
                case Ending.NotStarted _ -> {}
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            told.remove(process);
        }
    }

    /** Lets those that tell somebody of something start, and waits for their ends; those that take longer go on without us. */
    public void awaitTold(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        starter.shutdown();
        try {
            boolean all = starter.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
            for (Process process : told) {
                all &= process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            if (!all) {
                LOG.warn("notify scripts take longer than keepalived, which does not wait for them");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Process start(Script script, List<String> more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        String user = script.user();
        if (user != null) {
            // Nothing in the JDK changes a child's user; setpriv (util-linux) becomes the program, so that signals
            // reach it.
            words.addAll(List.of("setpriv", "--reuid=" + user, "--init-groups"));
            words.add("--regid=" + (script.group() != null ? script.group() : groupOf(user)));
            words.add("--");
        }
        words.addAll(script.words());
        words.addAll(more);
        return new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The user's own group need not have its name: Debian's nobody is of nogroup. */
    private static String groupOf(String user) throws IOException, InterruptedException {
        String known = GROUPS.get(user);
        if (known != null) {
            return known;
        }
        Process id = new ProcessBuilder("id", "-g", "--", user)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said;
        try (InputStream out = id.getInputStream()) {
            // It asks whom the system asks, a directory in the network for example, which may hang.
            if (!id.waitFor(ASKING)) {
                throw new IOException("the group of user " + user + " was not told within 5 s");
            }
            said = new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } finally {
            id.destroyForcibly();
        }
        if (!said.matches("[0-9]+")) {
            throw new IOException("the group of user " + user + " cannot be found");
        }
        GROUPS.put(user, said);
        return said;
    }

    /** With its children: a shell that is ended leaves what it waits for behind. */
    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
