package jdpvs.daemon.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchRingTest {
    private static final int CAPACITY = 4096;

    private static WatchRing ring(Arena arena) {
        return new WatchRing(arena.allocate(CAPACITY, 64).address(), CAPACITY);
    }

    @Test
    void aFullRingCountsWhatItLosesAndGoesOn() {
        try (Arena arena = Arena.ofConfined()) {
            WatchRing ring = ring(arena);
            long frame = arena.allocate(400, 8).address() + 16;
            for (int i = 0; i < 20; i++) {
                ring.offer(WatchRecord.SENT, i, i, 0, 0, 0, 0, 0, frame, 300, 300);
            }
            // 72 + 300, padded: 376 bytes each.
            assertThat(ring.notShown()).isEqualTo(20 - 4096 / 376);
            for (int i = 0; i < 4096 / 376; i++) {
                long record = ring.peek();
                assertThat(WatchRecord.serial(record)).isEqualTo(i);
                ring.remove(record);
            }
            assertThat(ring.peek()).isZero();
            ring.offer(WatchRecord.STEP, 1, 99, 0, 7, 8, 9, 10, 0, 0, 0);
            assertThat(WatchRecord.serial(ring.peek())).isEqualTo(99);
            assertThat(WatchRecord.first(ring.peek())).isEqualTo(8);
        }
    }

    /** Two threads: whatever comes out is whole and in order, and the rest is counted. */
    @Test
    void nothingIsTornBetweenThreads() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            WatchRing ring = ring(arena);
            int count = 200_000;
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Thread producer = Thread.ofPlatform().start(() -> {
                try {
                    Random random = new Random(7);
                    long frame = arena.allocate(600, 8).address() + 16;
                    for (int i = 1; i <= count; i++) {
                        int length = random.nextInt(500);
                        Memory.fill(frame, length, i);
                        ring.offer(WatchRecord.RECEIVED, i, i, 1, 0, 0, 0, 0, frame, length, length);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            long seen = 0;
            long last = 0;
            while (producer.isAlive() || ring.peek() != 0) {
                long record = ring.peek();
                if (record == 0) {
                    Thread.onSpinWait();
                    continue;
                }
                long serial = WatchRecord.serial(record);
                assertThat(serial).isGreaterThan(last);
                last = serial;
                for (int i = 0; i < WatchRecord.captured(record); i++) {
                    if (Memory.getByte(WatchRecord.frame(record) + i) != (serial & 0xff)) {
                        throw new AssertionError("record " + serial + " is torn at " + i);
                    }
                }
                ring.remove(record);
                seen++;
            }
            producer.join();
            assertThat(failure.get()).isNull();
            assertThat(seen).isPositive();
            assertThat(seen + ring.notShown()).isEqualTo(count);
        }
    }
}
