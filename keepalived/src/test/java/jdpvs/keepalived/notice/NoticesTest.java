package jdpvs.keepalived.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.GlobalSettings;
import jdpvs.keepalived.configuration.GlobalSettings.Fifo;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.notice.Notices.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scripts and pipes that are told of transitions (facts: config §11.1). */
@Timeout(120)
class NoticesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final VrrpInstance.Notices NOBODY =
            new VrrpInstance.Notices(null, null, null, null, null, null, false, false);

    @TempDir
    Path directory;

    private final ScriptRunner scripts = new ScriptRunner();

    private static GlobalSettings global(@Nullable Fifo all, @Nullable Fifo vrrp) {
        return new GlobalSettings(
                "lb",
                IpAddress.parse("224.0.0.18"),
                IpAddress.parse("ff02::12"),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false,
                all,
                vrrp,
                null,
                false,
                false,
                null);
    }

    private Fifo fifo(String name) {
        return new Fifo(directory.resolve(name).toString(), null);
    }

    private static void tell(Notices notices, int priority) {
        notices.router("INSTANCE", "VI_1", State.BACKUP, priority, NOBODY);
    }

    private static String line(int priority) {
        return "INSTANCE \"VI_1\" BACKUP " + priority;
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(NoticesTest::line).toList();
    }

    /** Whoever tells must not wait; it is tried on a thread of its own, for with a defect it stays for ever. */
    private static void assertReturns(Runnable action) throws InterruptedException {
        Thread thread = Thread.ofPlatform().daemon().start(action);
        assertThat(thread.join(PATIENCE)).as("it waits").isTrue();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        for (long i = 0; i < PATIENCE.toMillis() / 10 && !condition.call(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.call()).as(what).isTrue();
    }

    /** Lines of a pipe until it ends. */
    private static BlockingQueue<String> read(Fifo fifo) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
            try (BufferedReader reader = Files.newBufferedReader(Path.of(fifo.path()))) {
                reader.lines().forEach(lines::add);
                lines.add("the end");
            } catch (IOException e) {
                lines.add(e.toString());
            }
        });
        thread.start();
        return lines;
    }

    private static List<String> take(BlockingQueue<String> from, int count) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(String.valueOf(from.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)));
        }
        return taken;
    }

    @Test
    void pipesGetALineForEachTransition() throws Exception {
        Fifo all = fifo("all");
        Fifo vrrp = fifo("vrrp");
        Notices notices = new Notices(scripts);
        notices.load(global(all, vrrp));
        BlockingQueue<String> toAll = read(all);
        BlockingQueue<String> toVrrp = read(vrrp);
        notices.router("INSTANCE", "VI_1", State.MASTER, 100, NOBODY);
        notices.router("GROUP", "G1", State.BACKUP, 0, NOBODY);
        notices.heardLower("VI_1", 90, NOBODY);
        List<String> expected = List.of(
                "INSTANCE \"VI_1\" MASTER 100", "GROUP \"G1\" BACKUP 0", "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 90");
        assertThat(take(toAll, 3)).isEqualTo(expected);
        assertThat(take(toVrrp, 3)).isEqualTo(expected);
        assertThat(Files.getPosixFilePermissions(Path.of(all.path())))
                .as("its owner's")
                .hasSize(2);
        notices.close();
        assertThat(take(toAll, 1)).containsExactly("the end");
    }

    /** Neither who tells nor a reload nor the end waits; the first lines are kept for who reads at last. */
    @Test
    void aPipeThatNobodyReads() throws Exception {
        Fifo fifo = fifo("unread");
        Notices notices = new Notices(scripts);
        assertReturns(() -> notices.load(global(fifo, null)));
        // A pipe takes 64 KiB, and as many lines as wait at most are far less than these.
        assertReturns(() -> IntStream.range(0, 10_000).forEach(i -> tell(notices, i)));
        assertReturns(() -> notices.load(global(null, fifo("other"))));
        BlockingQueue<String> read = read(fifo);
        assertThat(take(read, 1000)).isEqualTo(lines(0, 1000));
        assertReturns(() -> IntStream.range(0, 10_000).forEach(i -> tell(notices, i)));
        assertReturns(notices::close);
    }

    @Test
    void whatIsNoPipeIsLeftAlone() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "somebody's\n");
        Notices notices = new Notices(scripts);
        notices.load(global(fifo("file"), fifo("no/directory/pipe")));
        assertReturns(() -> IntStream.range(0, 3000).forEach(i -> tell(notices, i)));
        assertReturns(notices::close);
        assertThat(file).content().isEqualTo("somebody's\n");
    }

    /** VRRP tells of a transition while a reload makes a pipe. */
    @Test
    void nobodyWaitsForAPipeThatIsBeingMade() throws Exception {
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch made = new CountDownLatch(1);
        Fifo before = fifo("before");
        Fifo after = fifo("after");
        Notices notices = new Notices(scripts, (fifo, runner) -> {
            if (fifo.equals(after)) {
                making.countDown();
                awaitUnchecked(made);
            }
            return NoticePipe.open(fifo, runner);
        });
        notices.load(global(before, null));
        BlockingQueue<String> toBefore = read(before);
        Thread reload = Thread.ofPlatform().daemon().start(() -> notices.load(global(after, null)));
        assertThat(making.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertReturns(() -> tell(notices, 1));
        assertThat(take(toBefore, 1)).as("to the pipe that is there").isEqualTo(lines(1, 2));
        made.countDown();
        assertThat(reload.join(PATIENCE)).isTrue();
        BlockingQueue<String> toAfter = read(after);
        tell(notices, 2);
        assertThat(take(toAfter, 1)).isEqualTo(lines(2, 3));
        assertThat(take(toBefore, 1)).containsExactly("the end");
        notices.close();
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPipeThatStaysIsNotOpenedAnew() throws Exception {
        Fifo fifo = fifo("pipe");
        Notices notices = new Notices(scripts);
        notices.load(global(fifo, null));
        BlockingQueue<String> read = read(fifo);
        for (int i = 0; i < 5; i++) {
            tell(notices, i);
            notices.load(global(fifo, null));
        }
        assertThat(take(read, 5)).isEqualTo(lines(0, 5));
        notices.close();
        assertThat(take(read, 1)).containsExactly("the end");
    }

    /** The last ones say that this host is no master any more. */
    @Test
    void linesThatWaitAtTheEndStillGo() throws Exception {
        for (int round = 0; round < 5; round++) {
            Path read = directory.resolve("read" + round);
            Script reader = new Script(
                    List.of(
                            "sh",
                            "-c",
                            "while read line; do echo \"$line\" >> $0; done < $1; echo end >> $0",
                            read.toString()),
                    null,
                    null);
            Notices notices = new Notices(scripts);
            notices.load(global(new Fifo(directory.resolve("pipe" + round).toString(), reader), null));
            tell(notices, 0);
            await("the reader's start", () -> Files.exists(read));
            IntStream.range(1, 10).forEach(i -> tell(notices, i));
            notices.close();
            List<String> expected = new ArrayList<>(lines(0, 10));
            expected.add("end");
            assertThat(Files.readAllLines(read)).isEqualTo(expected);
        }
    }

    /** The state's own without words, that of all states with words. */
    @Test
    void scriptsAreTold() throws Exception {
        Path told = directory.resolve("told");
        String append = "echo \"$*\" >> " + told;
        VrrpInstance.Notices notices = new VrrpInstance.Notices(
                script(append, "master"),
                script(append, "backup"),
                script(append, "fault"),
                script(append, "stop"),
                null,
                script(append, "any"),
                false,
                true);
        Notices all = new Notices(scripts);
        all.router("INSTANCE", "VI_1", State.MASTER, 100, notices);
        await("two", () -> Files.exists(told) && Files.readAllLines(told).size() == 2);
        all.priority("VI_1", State.MASTER, 90, notices);
        await("three", () -> Files.readAllLines(told).size() == 3);
        all.router("INSTANCE", "VI_1", State.STOP, 90, notices);
        scripts.awaitTold(PATIENCE);
        assertThat(Files.readAllLines(told))
                .containsExactlyInAnyOrder(
                        "master",
                        "any INSTANCE VI_1 MASTER 100",
                        "any INSTANCE VI_1 MASTER_PRIORITY 90",
                        "stop",
                        "any INSTANCE VI_1 STOP 90");
        all.close();
    }

    private static Script script(String text, String name) {
        return new Script(List.of("sh", "-c", text, "notify", name), null, null);
    }
}
