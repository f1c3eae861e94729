package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import jdpvs.wire.Memory;
import jdpvs.wire.slow.SlowProtocol;

/**
 * Bonds with cables between them on a virtual clock: cables lose, delay, double and silently eat frames, all from one seed. Frames pass as bytes. After every event each station is held against what
 * must always be true.
 */
final class LacpLab {
    private static final int TICK_MILLIS = 20;

    private static long memory() {
        return Arena.global().allocate(SlowProtocol.FRAME_LENGTH, 8).address();
    }

    /** A frame under way; frames that come at the same time come in the order they were sent. */
    private static final class Arrival {
        final long atMillis;
        final long sequence;
        final LacpStation to;
        final int slave;
        final byte[] frame;

        Arrival(long atMillis, long sequence, LacpStation to, int slave, byte[] frame) {
            this.atMillis = atMillis;
            this.sequence = sequence;
            this.to = to;
            this.slave = slave;
            this.frame = frame;
        }
    }

    final Random random;
    final List<LacpStation> stations = new ArrayList<>();
    private static final long FRAME = memory();
    private static final long WRITTEN = memory();

    private final PriorityQueue<Arrival> underWay =
            new PriorityQueue<>(Comparator.<Arrival>comparingLong(arrival -> arrival.atMillis)
                    .thenComparingLong(arrival -> arrival.sequence));
    private long sequence;

    long nowMillis;
    double loss;
    double duplication;
    int delayMillis = 1;

    LacpLab(long seed) {
        random = new Random(seed);
    }

    LacpStation station(LacpOptions options, int slaves) {
        var station = new LacpStation(this, options, slaves);
        stations.add(station);
        return station;
    }

    /** Two stations with as many cables between them, of which none is plugged yet. */
    static LacpLab of(long seed, LacpOptions left, LacpOptions right, int cables) {
        var lab = new LacpLab(seed);
        lab.station(left, cables);
        lab.station(right, cables);
        return lab;
    }

    LacpStation left() {
        return stations.get(0);
    }

    LacpStation right() {
        return stations.get(1);
    }

    /** Plugs every slave of the left into the same of the right. */
    LacpLab straight() {
        for (int slave = 0; slave < left().bond.slaveCount(); slave++) {
            plug(left(), slave, right(), slave);
        }
        return this;
    }

    void plug(LacpStation a, int slave, LacpStation b, int other) {
        a.peers[slave] = b;
        a.peerSlaves[slave] = other;
        b.peers[other] = a;
        b.peerSlaves[other] = slave;
        a.carrier(slave, true);
        b.carrier(other, true);
    }

    /** Both ends lose carrier; what is under way is lost. */
    void unplug(LacpStation a, int slave) {
        LacpStation b = a.peers[slave];
        int other = a.peerSlaves[slave];
        a.peers[slave] = null;
        a.carrier(slave, false);
        underWay.removeIf(arrival -> arrival.to == a && arrival.slave == slave);
        if (b != null && b.peers[other] == a) {
            b.peers[other] = null;
            b.carrier(other, false);
            underWay.removeIf(arrival -> arrival.to == b && arrival.slave == other);
        }
    }

    void send(LacpStation to, int slave, byte[] frame) {
        int copies = random.nextDouble() < duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() >= loss) {
                long at = nowMillis + 1 + (delayMillis > 1 ? random.nextInt(delayMillis) : 0);
                underWay.add(new Arrival(at, sequence++, to, slave, frame));
            }
        }
    }

    void run(long millis) {
        long end = nowMillis + millis;
        while (true) {
            long nextTick = (nowMillis / TICK_MILLIS + 1) * TICK_MILLIS;
            Arrival next = underWay.peek();
            long at = next == null ? nextTick : Math.min(nextTick, next.atMillis);
            if (at > end) {
                nowMillis = end;
                return;
            }
            nowMillis = at;
            while (next != null && next.atMillis <= nowMillis) {
                underWay.poll();
                deliver(next);
                next = underWay.peek();
            }
            if (at == nextTick) {
                stations.forEach(LacpStation::tick);
            }
            stations.forEach(LacpStation::check);
        }
    }

    private void deliver(Arrival arrival) {
        // The answers are written while this frame is still read from: not into the same memory.
        Memory.copyIn(arrival.frame, 0, FRAME, arrival.frame.length);
        assertThat(arrival.to.bond.receive(arrival.slave, FRAME, arrival.frame.length, nowMillis))
                .isTrue();
    }

    /** The bytes of what is written by {@code writer} to a frame. */
    byte[] bytes(LongConsumer writer) {
        byte[] bytes = new byte[SlowProtocol.FRAME_LENGTH];
        writer.accept(WRITTEN);
        Memory.copyOut(WRITTEN, bytes, 0, bytes.length);
        return bytes;
    }

    /** Runs until both say what is wanted of them, and returns how long that took. */
    long await(BooleanSupplier condition, long limitMillis) {
        long begin = nowMillis;
        while (!condition.getAsBoolean()) {
            assertThat(nowMillis - begin)
                    .as(() -> "waited too long: " + stations)
                    .isLessThan(limitMillis);
            run(1);
        }
        return nowMillis - begin;
    }
}
