package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of connections on a virtual clock, against a map that says when each was seen last. */
class HalfOpenQueuesTest {
    private static final int CAPACITY = 400;
    private static final int ESTABLISHED = TcpState.ESTABLISHED.ordinal();
    private static final int[] TCP_STATES = {
        TcpState.NONE.ordinal(), TcpState.SYN_SENT.ordinal(), TcpState.SYN_RECEIVED.ordinal(), TcpState.SYNACK.ordinal()
    };

    private final Arena arena = Arena.ofConfined();
    private Connections connections = make();
    private final Map<Integer, Long> lastSeen = new LinkedHashMap<>();
    private final Set<Integer> established = new HashSet<>();
    private final List<Integer> ended = new ArrayList<>();
    private long now = 86_400_000L * 50;
    private int flows;
    private long reloaded;

    /** Seconds by TCP state; a reload changes them. */
    private int[] timeouts = {2, 90, 3, 30, 7, 7, 3, 7, 7, 120, 30};

    private final TimerWheel.Expiry expiry = new TimerWheel.Expiry() {
        @Override
        public int remainingMillis(int connection, long record) {
            return timeouts[Connection.state(record)] * 1000 - ((int) now - Connection.lastSeen(record));
        }

        @Override
        public boolean expire(int connection, long record) {
            connections.closeExpired(connection);
            ended.add(connection);
            return true;
        }
    };

    private Connections make() {
        long memory = arena.allocate(Connections.memoryBytes(CAPACITY), 64).address();
        return new Connections(memory, CAPACITY, 0, 0, new Random(3), 86_400_000L * 50);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private int open() {
        int flow = flows++;
        int connection = connections.open(
                connections.flow().set(false, Address.ofIpv4(0x0b00_0000 + flow), 1000, Address.ofIpv4(1), 80),
                connections.flow().set(false, Address.ofIpv4(2), 80, Address.ofIpv4(0x0c00_0000 + flow), 2000),
                0,
                0,
                0,
                now);
        lastSeen.put(connection, now);
        return connection;
    }

    private void see(int connection) {
        Connection.setLastSeen(connections.record(connection), (int) now);
        lastSeen.put(connection, now);
    }

    private void state(int connection, int after) {
        see(connection);
        long record = connections.record(connection);
        int before = Connection.state(record);
        Memory.putByte(record + Connection.STATE, after);
        connections.stateChanged(connection, now, timeouts[after] * 1000, timeouts[after] < timeouts[before]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theOldestGoesFirstAndNeverAnEstablishedOne(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 60_000; step++) {
            List<Integer> live = new ArrayList<>(lastSeen.keySet());
            int some = live.isEmpty() ? -1 : live.get(random.nextInt(live.size()));
            int action = random.nextInt(100);
            if (action < 40) {
                if (connections.isFull()) {
                    evict();
                }
                if (!connections.isFull()) {
                    state(open(), TcpState.SYN_RECEIVED.ordinal());
                }
            } else if (some < 0) {
                continue;
            } else if (action < 60) {
                see(some);
            } else if (action < 70 && !established.contains(some)) {
                state(some, TCP_STATES[random.nextInt(TCP_STATES.length)]);
            } else if (action < 78 && established.size() < CAPACITY) {
                state(some, ESTABLISHED);
                established.add(some);
            } else if (action < 80 && established.remove(some)) {
                state(some, TcpState.CLOSE.ordinal());
            } else if (action < 82) {
                connections.close(some);
                lastSeen.remove(some);
                established.remove(some);
            } else if (action == 90 && random.nextInt(50) == 0) {
                // A reload: only half-open ones, for a wheel does not cut short.
                timeouts = timeouts.clone();
                timeouts[TcpState.SYN_RECEIVED.ordinal()] = 1 + random.nextInt(40);
                timeouts[TcpState.SYN_SENT.ordinal()] = 1 + random.nextInt(10);
                reloaded = now;
            }
            now += random.nextInt(60) == 0 ? random.nextInt(2500) : random.nextInt(25);
            tick();
            assertThat(connections.size()).isEqualTo(lastSeen.size());
            assertThat(connections.halfOpen()).isLessThanOrEqualTo(CAPACITY / 2);
        }
    }

    private void evict() {
        int victim = connections.leastWorthy(now, expiry);
        if (victim < 0) {
            assertThat(established).hasSameSizeAs(lastSeen.keySet());
            return;
        }
        assertThat(established).doesNotContain(victim);
        long oldest = lastSeen.entrySet().stream()
                .filter(entry -> !established.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElseThrow();
        // Exact to one list of 128 ms.
        assertThat(lastSeen.get(victim)).isBetween(oldest, oldest + 128);
        connections.close(victim);
        lastSeen.remove(victim);
    }

    private void tick() {
        ended.clear();
        connections.tick(now, expiry);
        for (int connection : ended) {
            long seen = java.util.Objects.requireNonNull(lastSeen.remove(connection));
            established.remove(connection);
            assertThat(now - seen).isPositive();
        }
        for (Map.Entry<Integer, Long> entry : lastSeen.entrySet()) {
            int state = Connection.state(connections.record(entry.getKey()));
            if (!established.contains(entry.getKey()) && now - reloaded > 256) {
                assertThat(now - entry.getValue())
                        .as("a half-open connection ends in time")
                        .isLessThan(timeouts[state] * 1000L + 2500 + 256);
            }
        }
    }

    @Test
    void withoutRefreshTheOrderIsThatOfOpening() {
        List<Integer> opened = new ArrayList<>();
        for (int i = 0; i < CAPACITY / 2; i++) {
            opened.add(open());
            now += i % 7;
        }
        assertThat(connections.isFull()).isTrue();
        List<Integer> evicted = new ArrayList<>();
        while (connections.size() > 0) {
            int victim = connections.leastWorthy(now, expiry);
            connections.close(victim);
            evicted.add(victim);
        }
        assertThat(evicted).isEqualTo(opened);
        assertThat(connections.leastWorthy(now, expiry)).isNegative();
    }

    @Test
    void aSearchMovesABoundedNumberOfRefreshedOnes() {
        for (int i = 0; i < CAPACITY / 2; i++) {
            open();
        }
        List<Integer> order = new ArrayList<>(lastSeen.keySet());
        now += 1000;
        order.forEach(this::see);
        int victim = connections.leastWorthy(now, expiry);
        assertThat(victim).isEqualTo(order.get(64));
        now += 1000;
        see(order.get(0));
        see(order.get(1));
        order.sort(Comparator.comparing(lastSeen::get));
        connections.leastWorthy(now, expiry);
        connections.leastWorthy(now, expiry);
        assertThat(lastSeen.get(connections.leastWorthy(now, expiry))).isEqualTo(now - 1000);
    }

    @Test
    void theLongestTimeoutsAndLeapsOfTheClockLoseNobody() {
        timeouts[TcpState.SYN_RECEIVED.ordinal()] = 5000;
        int first = open();
        state(first, TcpState.SYN_RECEIVED.ordinal());
        now += 900_000;
        int second = open();
        state(second, TcpState.SYN_RECEIVED.ordinal());
        now += 4_000_000;
        tick();
        assertThat(ended).isEmpty();
        assertThat(connections.leastWorthy(now, expiry)).isEqualTo(first);
        now += 101_000;
        tick();
        assertThat(ended).containsExactly(first);
        now += 900_000;
        tick();
        assertThat(ended).containsExactly(second);
    }
}
