package jdpvs.toa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import jdpvs.linux.Threads;
import org.junit.jupiter.api.Test;

/**
 * Thousands of handshakes with odd option lists, against a reader of options that is written down plainly here. An ACK that the kernel drops before any program sees it
 * (facts: toa §3.5) makes no connection; it does so with lists that are broken or hold an authentication option (RFC 2385, RFC 5925) only.
 */
class OptionLayoutTest {
    private static final int CASES = 24_000;
    private static final int BATCH = 400;
    private static final int PORT = 80;
    private static final int FIRST_PORT = 1024;
    private static final int FIRST_MARKER = 40_000;
    private static final String BALANCER = "10.78.0.1";

    /**
     * What a list of options says.
     *
     * @param broken it is before any client
     * @param droppable the kernel may drop it: it is broken somewhere, or authenticates
     */
    private record Reading(boolean broken, boolean droppable, InetSocketAddress client) {}

    private static Reading read(byte[] options, InetSocketAddress without) {
        InetSocketAddress found = null;
        boolean authenticates = false;
        int at = 0;
        while (at < options.length && options[at] != 0) {
            int kind = options[at] & 0xff;
            if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < options.length ? options[at + 1] & 0xff : 0;
            if (length < 2 || at + length > options.length) {
                return new Reading(found == null, true, found == null ? without : found);
            }
            authenticates |= kind == 19 || kind == 29;
            if (kind == 254 && (length == 8 || length == 20) && found == null) {
                int port = (options[at + 2] & 0xff) << 8 | (options[at + 3] & 0xff);
                found = client(Arrays.copyOfRange(options, at + 4, at + length), port);
            }
            at += length;
        }
        return new Reading(false, authenticates, found == null ? without : found);
    }

    private static InetSocketAddress client(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Mostly options that fit each other; now and then anything. */
    private static byte[] options(RandomGenerator random) {
        byte[] options = new byte[4 * random.nextInt(11)];
        if (random.nextInt(10) == 0) {
            random.nextBytes(options);
            return options;
        }
        int at = 0;
        while (at < options.length) {
            int kind = new int[] {1, 1, 1, 2, 3, 4, 5, 8, 34, 254, 254, 254, 254, 0, 77}[random.nextInt(15)];
            int length = switch (kind) {
                case 0, 1 -> 1;
                case 2 -> 4;
                case 3 -> 3;
                case 4 -> 2;
                case 5 -> 2 + 8 * (1 + random.nextInt(3));
                case 8 -> 10;
                case 254 -> new int[] {8, 8, 8, 20, 20, 4, 7, 9, 2, 19, 21}[random.nextInt(11)];
                default -> 2 + random.nextInt(12);
            };
            if (kind == 0 && random.nextInt(3) > 0) {
                continue;
            }
            boolean fits = at + length <= options.length;
            if (!fits && random.nextInt(12) > 0) {
                kind = 1;
                length = 1;
            }
            options[at] = (byte) kind;
            for (int i = 1; i < length && at + i < options.length; i++) {
                options[at + i] =
                        (byte) (i == 1 ? (random.nextInt(60) == 0 ? random.nextInt(4) : length) : random.nextInt());
            }
            at += length;
        }
        return options;
    }

    /** How the handshakes ended. */
    private static final class Counts {
        int told;
        int notTold;
        int broken;
        int dropped;
        int markers;

        @Override
        public String toString() {
            return "%d with the option, %d without, %d broken, %d dropped by the kernel"
                    .formatted(told, notTold, broken, dropped);
        }
    }

    @Test
    void likeTheReference() {
        try (var server = new RealServer()) {
            server.load();
            Counts counts = server.inside(() -> {
                // Packets of one CPU keep their order.
                Threads.pin(Threads.allowedCpus().nextSetBit(0));
                try (var wire = new Wire();
                        var listener = ServerSocketChannel.open().bind(new InetSocketAddress(PORT), 8192)) {
                    listener.configureBlocking(false);
                    return handshakes(wire, listener);
                }
            });
            System.out.println(CASES + " handshakes: " + counts);
            assertThat(counts.told).isGreaterThan(CASES / 6);
            assertThat(counts.notTold).isGreaterThan(CASES / 10);
            assertThat(counts.broken + counts.dropped).isGreaterThan(CASES / 100);
            assertThat(server.count("with-toa")).isEqualTo(counts.told);
            assertThat(server.count("without-toa")).isEqualTo(counts.notTold + counts.markers);
            assertThat(server.count("malformed")).isEqualTo(counts.broken);
        }
    }

    private static Counts handshakes(Wire wire, ServerSocketChannel listener) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(254);
        Counts counts = new Counts();
        for (int done = 0; done < CASES; done += BATCH) {
            Map<Integer, Wire.Client> clients = new LinkedHashMap<>();
            for (int port = FIRST_PORT + done; port < FIRST_PORT + done + BATCH; port++) {
                Wire.Client client = new Wire.Client(BALANCER, port, PORT);
                clients.put(port, client);
                wire.syn(client);
            }
            wire.awaitAnswers(clients);
            for (Wire.Client client : clients.values()) {
                // One at a time: who was accepted cannot be told by the address that is under test.
                byte[] options = options(random);
                wire.acknowledge(client, options);
                compare(wire, listener, client, options, counts);
            }
        }
        return counts;
    }

    private static void compare(
            Wire wire, ServerSocketChannel listener, Wire.Client client, byte[] options, Counts counts)
            throws IOException {
        var without = new InetSocketAddress(BALANCER, client.port);
        Reading expected = read(options, without);
        int marker = expected.droppable() ? FIRST_MARKER + counts.markers++ : 0;
        if (marker != 0) {
            // What was sent before it has been dealt with when it is accepted.
            wire.connect(BALANCER, marker, PORT, new byte[0]);
        }
        try (SocketChannel accepted = accept(listener)) {
            if (isMarker(accepted, marker)) {
                counts.dropped++;
                return;
            }
            assertThat(accepted.getRemoteAddress())
                    .as("options %s", Arrays.toString(options))
                    .isEqualTo(expected.client());
            if (expected.broken()) {
                counts.broken++;
            } else if (expected.client().equals(without)) {
                counts.notTold++;
            } else {
                counts.told++;
            }
        }
        if (marker != 0) {
            try (SocketChannel accepted = accept(listener)) {
                assertThat(isMarker(accepted, marker)).isTrue();
            }
        }
    }

    private static boolean isMarker(SocketChannel accepted, int marker) throws IOException {
        return accepted.getRemoteAddress().equals(new InetSocketAddress(BALANCER, marker));
    }

    private static SocketChannel accept(ServerSocketChannel listener) throws IOException {
        SocketChannel accepted = listener.accept();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (accepted == null) {
            assertThat(System.nanoTime()).as("a connection within 10 s").isLessThan(deadline);
            accepted = listener.accept();
        }
        accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
        return accepted;
    }
}
