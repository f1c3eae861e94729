package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import org.junit.jupiter.api.Test;

/** The answer is here in time, but all processors are busy until the time-out is long over. Servers are platform threads, which go on. */
class LateReadersTest {
    private static final Timing TIMING = Settings.timing(Duration.ofMillis(20), 0, Duration.ofMillis(1500));
    private static final Duration BUSY = Duration.ofMillis(2500);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    interface Answering {
        void answer() throws IOException, InterruptedException;
    }

    private static void serve(Answering server) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                server.answer();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** No virtual thread but these runs for a while. */
    private static void occupy() throws InterruptedException {
        int processors = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        CountDownLatch begun = new CountDownLatch(processors);
        for (int i = 0; i < processors; i++) {
            Thread.ofVirtual().start(() -> {
                begun.countDown();
                long end = System.nanoTime() + BUSY.toNanos();
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            });
        }
        begun.await();
    }

    private Result run(Probe probe) throws Exception {
        FutureTask<Result> task = new FutureTask<>(() -> probe.run(true));
        Thread.ofVirtual().start(task);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        occupy();
        answer.countDown();
        return task.get(20, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerOverTcpCounts() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, Settings.LOOPBACK)) {
            serve(() -> {
                try (var socket = listener.accept();
                        InputStream in = socket.getInputStream()) {
                    int ignored = in.read();
                    asked.countDown();
                    answer.await();
                    socket.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    in.readAllBytes();
                }
            });
            assertThat(run(new HttpProbe(new CheckSettings.Http(
                            TIMING,
                            Settings.target(listener.getLocalPort()),
                            false,
                            List.of(Settings.ROOT),
                            "1.0",
                            false,
                            false,
                            null))))
                    .isEqualTo(Result.success());
        }
    }

    /** Silence would be a success here. */
    @Test
    void aWrongAnswerOverUdpCounts() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, Settings.LOOPBACK)) {
            serve(() -> {
                DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                socket.receive(packet);
                asked.countDown();
                answer.await();
                packet.setData("no".getBytes(StandardCharsets.US_ASCII));
                socket.send(packet);
            });
            assertThat(run(new UdpProbe(new CheckSettings.Udp(
                            TIMING, Settings.target(socket.getLocalPort()), "ping", false, "pong", 0, 9, null))))
                    .isEqualTo(Result.failure("reply 'no' does not begin with 'pong'"));
        }
    }
}
