package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import jdpvs.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random lives of connections on a virtual clock, against the time each should end. */
class TimerWheelTest {
    private static final int CAPACITY = 2000;

    private final Arena arena = Arena.ofConfined();
    private final Random random = new Random(11);
    private final Map<Integer, Long> deadlines = new HashMap<>();
    private ConnectionTable table;
    private TimerWheel wheel;
    private long now = 86_400_000L * 30;

    @BeforeEach
    void make() {
        table = new ConnectionTable(
                arena.allocate(ConnectionTable.memoryBytes(CAPACITY), 64).address(),
                arena.allocate(ConnectionAddresses.memoryBytes(CAPACITY), 64).address(),
                CAPACITY,
                0);
        wheel = new TimerWheel(table, now);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    private final Flow flow =
            new Flow(new AddressHash(new Random(1))).set(false, Address.ofIpv4(1), 1, Address.ofIpv4(2), 2);

    private int add(int remaining) {
        int connection = table.add(flow, flow, 0, 0, 0, now);
        wheel.add(connection, table.record(connection), now, remaining);
        deadlines.put(connection, now + remaining);
        return connection;
    }

    private final TimerWheel.Expiry expiry = new TimerWheel.Expiry() {
        @Override
        public int remainingMillis(int connection, long record) {
            return (int) (deadlines.getOrDefault(connection, 0L) - now);
        }

        @Override
        public boolean expire(int connection, long record) {
            long deadline = deadlines.getOrDefault(connection, Long.MAX_VALUE);
            deadlines.remove(connection);
            assertThat(now).isGreaterThanOrEqualTo(deadline).isLessThanOrEqualTo(deadline + 1000);
            table.remove(connection);
            return true;
        }
    };

    @Test
    void endsEachConnectionWithinASecondOfItsTime() {
        for (int step = 0; step < 40_000; step++) {
            int action = random.nextInt(10);
            if (action < 4 && !table.isFull()) {
                add(random.nextInt(10) == 0 ? random.nextInt(2_000_000) : random.nextInt(30_000));
            } else if (action < 6 && !deadlines.isEmpty()) {
                // Packets: only the deadline moves, the wheel finds out later.
                int connection = random.nextInt(CAPACITY);
                deadlines.computeIfPresent(connection, (c, deadline) -> deadline + random.nextInt(20_000));
            } else if (action == 6) {
                // A shorter time-out: linked anew at once.
                int connection = random.nextInt(CAPACITY);
                if (deadlines.containsKey(connection)) {
                    long record = table.record(connection);
                    wheel.remove(record);
                    int remaining = random.nextInt(3000);
                    wheel.add(connection, record, now, remaining);
                    deadlines.put(connection, now + remaining);
                }
            } else if (action == 7) {
                int connection = random.nextInt(CAPACITY);
                if (deadlines.remove(connection) != null) {
                    wheel.remove(table.record(connection));
                    table.remove(connection);
                }
            }
            now += random.nextInt(30);
            wheel.tick(now, 1000, expiry);
            assertThat(table.size()).isEqualTo(deadlines.size());
        }
        while (!deadlines.isEmpty()) {
            now += 50;
            wheel.tick(now, 1000, expiry);
        }
    }

    @Test
    void boundsTheWorkOfATick() {
        for (int i = 0; i < CAPACITY; i++) {
            add(5000);
        }
        now += 5500;
        int ticks = 0;
        while (!deadlines.isEmpty()) {
            assertThat(wheel.tick(now, 100, expiry)).isLessThanOrEqualTo(100);
            ticks++;
        }
        assertThat(ticks).isEqualTo(CAPACITY / 100);
    }

    @Test
    void whatCannotEndNowIsTriedAgain() {
        int connection = add(1000);
        now += 2000;
        wheel.tick(now, 10, new TimerWheel.Expiry() {
            @Override
            public int remainingMillis(int unused, long record) {
                return 0;
            }

            @Override
            public boolean expire(int unused, long record) {
                return false;
            }
        });
        assertThat(table.isLive(connection)).isTrue();
        deadlines.put(connection, now);
        now += 300;
        wheel.tick(now, 10, expiry);
        assertThat(table.isLive(connection)).isFalse();
    }
}
