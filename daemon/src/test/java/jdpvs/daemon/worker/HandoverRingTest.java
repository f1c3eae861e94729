package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import jdpvs.port.PortQueue;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;

class HandoverRingTest {
    private static HandoverRing ring(int capacity) {
        return new HandoverRing(Arena.global().allocate(capacity, 64).address(), capacity);
    }

    private final long source = Arena.global().allocate(70_000, 8).address() + PortQueue.HEADROOM;

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    }

    private void mark(int sequence, int length) {
        Memory.putByte(source - 10, sequence);
        Memory.putByte(source, sequence);
        Memory.putByte(source + length - 1, sequence);
    }

    private static boolean isMarked(long frame, int sequence, int length) {
        return Memory.getByte(frame - 10) == (length > 0 ? sequence & 255 : 0)
                && Memory.getByte(frame + length - 1) == (sequence & 255);
    }

    @Test
    void behavesLikeAQueueOfBoundedBytes() {
        RandomGenerator random = random();
        HandoverRing ring = ring(1 << 18);
        Deque<int[]> model = new ArrayDeque<>();
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            if (random.nextInt(100) < 52) {
                int length = random.nextInt(10) == 0 ? 60 + random.nextInt(65_000) : 60 + random.nextInt(1500);
                mark(i, length);
                if (ring.offerFrame(i % 5, source, length)) {
                    model.add(new int[] {i, length});
                } else {
                    refused++;
                    assertThat(model).isNotEmpty();
                }
            } else {
                long record = ring.poll();
                int[] expected = model.poll();
                assertThat(record == 0).isEqualTo(expected == null);
                if (expected != null) {
                    assertThat(HandoverRing.kind(record)).isEqualTo(HandoverRing.FRAME);
                    assertThat(HandoverRing.device(record)).isEqualTo(expected[0] % 5);
                    assertThat(HandoverRing.length(record)).isEqualTo(expected[1]);
                    assertThat(isMarked(HandoverRing.frame(record), expected[0], expected[1]))
                            .isTrue();
                }
                ring.release();
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void roomIsGivenBackByReleaseOnly() {
        HandoverRing ring = ring(4096);
        while (ring.offerNeighbour(1, 4, 2, 3)) {
            assertThat(ring.isEmpty()).isFalse();
        }
        long record = ring.poll();
        assertThat(HandoverRing.kind(record)).isEqualTo(HandoverRing.NEIGHBOUR);
        assertThat(HandoverRing.high(record)).isEqualTo(4);
        assertThat(HandoverRing.low(record)).isEqualTo(2);
        assertThat(HandoverRing.macAddress(record)).isEqualTo(3);
        assertThat(ring.offerNeighbour(1, 4, 2, 3)).isFalse();
        ring.release();
        assertThat(ring.offerNeighbour(1, 4, 2, 3)).isTrue();
    }

    @Test
    void aRecordThatCanNeverFitIsRefused() {
        HandoverRing ring = ring(4096);
        assertThat(ring.offerFrame(0, source, 5000)).isFalse();
        assertThat(ring.offerFrame(0, source, 1500)).isTrue();
    }

    @Test
    void twoThreads() throws Exception {
        HandoverRing ring = ring(1 << 18);
        int frames = 100_000;
        AtomicReference<String> failure = new AtomicReference<>();
        Thread consumer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < frames; ) {
                long record = ring.poll();
                if (record == 0) {
                    LockSupport.parkNanos(1_000);
                    continue;
                }
                if (!isMarked(HandoverRing.frame(record), i, HandoverRing.length(record))) {
                    failure.compareAndSet(null, "frame " + i);
                }
                i++;
                ring.release();
            }
        });
        RandomGenerator random = random();
        for (int i = 0; i < frames; ) {
            int length = 60 + random.nextInt(3000);
            mark(i, length);
            if (ring.offerFrame(0, source, length)) {
                i++;
            } else {
                LockSupport.parkNanos(1_000);
            }
        }
        consumer.join(20_000);
        assertThat(consumer.isAlive()).isFalse();
        assertThat(failure.get()).isNull();
    }
}
