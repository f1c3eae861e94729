package jdpvs.keepalived.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.notice.ScriptRunner.Ending;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs as their users, and how they end. Debian's nobody, whose group is nogroup, is the user whose group has another name. */
@Timeout(120)
class ScriptRunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final ScriptRunner scripts = new ScriptRunner();

    /** Other users write there too. */
    @BeforeEach
    void open() throws IOException {
        allow(directory, "rwxrwxrwx");
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static Script shell(@Nullable String user, @Nullable String group, String text, String... more) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", text));
        words.addAll(List.of(more));
        return new Script(words, user, group);
    }

    private Path file(String name, String permissions, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        allow(file, permissions);
        return file;
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        for (long i = 0; i < PATIENCE.toMillis() / 10 && !condition.call(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.call()).as(what).isTrue();
    }

    private static String said(String... command) throws IOException {
        try (var out = new ProcessBuilder(command).start().getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"nobody, -", "nobody, daemon", "65534, -", "root, -", "-, -"})
    void aProgramIsItsUsersAndItsGroups(@Nullable String user, @Nullable String group) throws Exception {
        Path output = directory.resolve("ids");
        assertThat(scripts.run(
                        shell(user, group, "echo $(id -u) $(id -g) > $0", output.toString()), List.of(), PATIENCE))
                .isEqualTo(new Ending.Exited(0));
        String name = user == null ? "root" : user;
        String gid =
                group == null ? said("id", "-g", name) : said("sh", "-c", "getent group " + group + " | cut -d: -f3");
        assertThat(output).content().isEqualTo(said("id", "-u", name) + " " + gid + "\n");
    }

    @Test
    void theUsersOtherGroupsAreThere() throws Exception {
        Path output = directory.resolve("groups");
        assertThat(scripts.run(shell("nobody", null, "id -G > $0", output.toString()), List.of(), PATIENCE))
                .isEqualTo(new Ending.Exited(0));
        assertThat(output).content().isEqualTo(said("id", "-G", "nobody") + "\n");
    }

    @Test
    void aUserThatIsNotThere() throws Exception {
        assertThat(scripts.run(shell("no-such-user", null, "exit 0"), List.of(), PATIENCE))
                .isEqualTo(new Ending.NotStarted("the group of user no-such-user cannot be found"));
    }

    /** 126 and 127, by which setpriv says that there was nothing to execute, would be weights of misc_dynamic. */
    @ParameterizedTest
    @CsvSource({
        "missing",
        "forbidden",
        "a-directory",
        "no-interpreter",
        "interpreter-with-a-carriage-return",
        "interpreter-of-root",
        "no-such-program-in-the-path"
    })
    void whatCannotBeExecutedWasNotStarted(String name) throws Exception {
        file("forbidden", "rw-r--r--", "#!/bin/sh\nexit 0\n");
        Files.createDirectory(directory.resolve("a-directory"));
        file("no-interpreter", "rwxr-xr-x", "#! /usr/bin/no-such-interpreter -x\nexit 0\n");
        file("interpreter-with-a-carriage-return", "rwxr-xr-x", "#!/bin/sh\r\nexit 0\r\n");
        Path interpreter = file("interpreter", "rw-------", "#!/bin/sh\nexit 0\n");
        file("interpreter-of-root", "rwxr-xr-x", "#!" + interpreter + "\nexit 0\n");
        String program = name.equals("no-such-program-in-the-path")
                ? name
                : directory.resolve(name).toString();
        for (String user : Arrays.asList("nobody", null)) {
            assertThat(scripts.run(new Script(List.of(program), user, null), List.of(), PATIENCE))
                    .as("as %s", user)
                    .isInstanceOf(Ending.NotStarted.class);
        }
    }

    /** A program may have these exit codes too. */
    @ParameterizedTest
    @CsvSource({"126", "127", "125", "128"})
    void whatEndsByItselfHasItsCode(int code) throws Exception {
        Path script = file("script", "rwxr-xr-x", "#!/bin/sh -e\nexit " + code + "\n");
        Path plain = file("plain", "rwxr-xr-x", "exit " + code + "\n");
        for (String user : Arrays.asList("nobody", null)) {
            for (Script each : List.of(
                    shell(user, null, "exit " + code),
                    new Script(List.of(script.toString()), user, null),
                    new Script(List.of("sh", plain.toString()), user, null))) {
                assertThat(scripts.run(each, List.of(), PATIENCE))
                        .as("%s as %s", each, user)
                        .isEqualTo(new Ending.Exited(code));
            }
        }
    }

    @Test
    void whatTakesTooLongIsEndedWithItsChildren() throws Exception {
        Path child = directory.resolve("child");
        assertThat(scripts.run(
                        shell("nobody", null, "sleep 600 & echo $! > $0.next; mv $0.next $0; wait", child.toString()),
                        List.of(),
                        Duration.ofSeconds(3)))
                .isEqualTo(new Ending.TimedOut());
        long pid = Long.parseLong(Files.readString(child).strip());
        await(
                "the child's end",
                () -> !Files.exists(Path.of("/proc/" + pid + "/exe"))
                        || ProcessHandle.of(pid).isEmpty());
    }

    /** Each says when it was started, in hundredths of a second, and under which number. */
    @Test
    void notifyScriptsStartInOrder() throws Exception {
        int count = 150;
        for (int i = 0; i < count; i++) {
            scripts.tell(
                    shell(
                            null,
                            null,
                            "n=$1; set -- $(cat /proc/$$/stat); echo ${22} $$ > $0/told$n",
                            directory.toString()),
                    List.of(Integer.toString(i)));
        }
        scripts.awaitTold(PATIENCE);
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] words =
                    Files.readString(directory.resolve("told" + i)).strip().split(" ");
            starts.add(new Start(i, Long.parseLong(words[0]), Long.parseLong(words[1])));
        }
        for (int i = 1; i < count; i++) {
            assertThat(starts.get(i).isAfter(starts.get(i - 1)))
                    .as("%s, then %s", starts.get(i - 1), starts.get(i))
                    .isTrue();
        }
    }

    private record Start(int number, long ticks, long pid) {
        /** Numbers grow, but begin anew after the greatest one; thousands of processes do not start in a hundredth of a second. */
        boolean isAfter(Start before) {
            return ticks > before.ticks || (ticks == before.ticks && (pid > before.pid || before.pid - pid > 10_000));
        }
    }

    /** Whom nobody can start holds nobody up. */
    @Test
    void oneThatCannotBeStartedIsPassedOver() throws Exception {
        Path last = directory.resolve("last");
        scripts.tell(new Script(List.of("/no/such/program"), null, null), List.of());
        scripts.tell(new Script(List.of("sh"), "no-such-user", null), List.of());
        scripts.tell(shell(null, null, "exit 3"), List.of());
        scripts.tell(shell(null, null, "echo > $0", last.toString()), List.of());
        await("the last one", () -> Files.exists(last));
    }

    @Test
    void theEndWaitsForWhatIsTold() {
        Path done = directory.resolve("done");
        scripts.tell(shell(null, null, "sleep 1; echo > $0", done.toString()), List.of());
        scripts.awaitTold(PATIENCE);
        assertThat(done).exists();
    }

    /** The last word, say that this host is no master any more, is not cut off. */
    @Test
    void whatTakesLongerThanTheEndGoesOn() throws Exception {
        Path pid = directory.resolve("pid");
        scripts.tell(shell(null, null, "echo $$ > $0.next; mv $0.next $0; exec sleep 600", pid.toString()), List.of());
        await("the start", () -> Files.exists(pid));
        long before = System.nanoTime();
        scripts.awaitTold(Duration.ofMillis(200));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE);
        ProcessHandle script =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        assertThat(script.isAlive()).isTrue();
        script.destroy();
    }
}
