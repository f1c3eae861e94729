package jdpvs.port.bond;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdpvs.port.Burst;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.port.QueueCounters;
import jdpvs.wire.Memory;
import jdpvs.wire.slow.SlowProtocol;

/** A queue of a bond: the queues of the same number of all its slaves. One slave's frames are lent at a time. */
final class BondQueue implements PortQueue {
    private static final int NONE = -1;

    private final BondPort bond;
    private final PortQueue[] queues;
    private final LinkProtocol protocol;
    private final Burst[] outgoing;
    private final QueueCounters own = new QueueCounters();
    private int next;
    private int lent = NONE;
    private int turn;

    /**
     * @param queues by slave
     * @param protocol is shown what comes in first
     */
    BondQueue(BondPort bond, PortQueue[] queues, LinkProtocol protocol) {
        this.bond = bond;
        this.queues = queues.clone();
        this.protocol = protocol;
        this.outgoing = Stream.generate(Burst::new).limit(queues.length).toArray(Burst[]::new);
    }

    @Override
    public int receive(Burst burst) {
        BondState state = bond.state();
        for (int tried = 0; tried < queues.length; tried++) {
            int slave = next;
            next = next + 1 == queues.length ? 0 : next + 1;
            lent = slave;
            if (queues[slave].receive(burst) > 0 && select(state, slave, burst) > 0) {
                return burst.count;
            }
            release();
        }
        burst.count = 0;
        return 0;
    }

    /** Leaves in the burst what is for whoever reads this queue. */
    private int select(BondState state, int slave, Burst burst) {
        boolean receives = state.receives(slave);
        int kept = 0;
        int unused = 0;
        for (int i = 0; i < burst.count; i++) {
            long frame = burst.address[i];
            int length = burst.length[i];
            if (protocol.takes(slave, frame, length)) {
                continue;
            }
            if (receives) {
                burst.address[kept] = frame;
                burst.length[kept++] = length;
            } else if (Memory.getShortNet(frame + 12) != SlowProtocol.TYPE) {
                unused++;
            }
        }
        burst.count = kept;
        if (unused > 0) {
            own.receiveUnused(unused);
        }
        return kept;
    }

    @Override
    public void release() {
        if (lent != NONE) {
            queues[lent].release();
            lent = NONE;
        }
    }

    @Override
    public void transmit(Burst burst) {
        BondState state = bond.state();
        int count = burst.count;
        burst.count = 0;
        if (!state.sendsAny()) {
            own.transmitErrors(count);
            return;
        }
        for (int i = 0; i < count; i++) {
            outgoing[state.slaveFor(burst.address[i], burst.length[i], turn++)].add(burst.address[i], burst.length[i]);
        }
        for (int slave = 0; slave < queues.length; slave++) {
            if (outgoing[slave].count > 0) {
                queues[slave].transmit(outgoing[slave]);
            }
        }
    }

    /** Sends by one slave, whatever it may otherwise do: what a link says about itself. */
    void transmit(int slave, Burst burst) {
        queues[slave].transmit(burst);
    }

    @Override
    public PortCounters counters() {
        PortCounters sum = own.read(0);
        for (PortQueue queue : queues) {
            sum = sum.plus(queue.counters());
        }
        return sum;
    }

    @Override
    public int[] pollDescriptors() {
        boolean silent = Stream.of(queues).anyMatch(queue -> queue.pollDescriptors().length == 0);
        return silent
                ? new int[0]
                : Stream.of(queues)
                        .flatMapToInt(queue -> IntStream.of(queue.pollDescriptors()))
                        .toArray();
    }
}
