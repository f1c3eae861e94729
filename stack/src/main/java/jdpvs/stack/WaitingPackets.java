package jdpvs.stack;

import jdpvs.port.DropReason;
import jdpvs.stack.fragment.Fragmenter;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;

/**
 * Packets that wait for the MAC address of a next hop: a queue per neighbour, bounded by {@link StackSettings#unresolvedQueueLength}, and all
 * of them together bounded by the {@link PacketPool}. A queue may be no longer than what is left for others: however many dead next hops there
 * are, they leave some room to one more.
 */
final class WaitingPackets {
    /** What becomes of a packet that waited in vain. */
    interface Unresolved {
        void hostUnreachable(long frame);
    }

    private final WorkerContext context;
    private final NeighbourTable table;
    private final StackEvents events;
    private final Unresolved unresolved;
    private final Fragmenter fragmenter;
    private final PacketPool pool;
    private int count;
    private long queueFullToldMillis = Long.MIN_VALUE / 2;

    WaitingPackets(
            WorkerContext context,
            NeighbourTable table,
            StackLimits limits,
            StackEvents events,
            Unresolved unresolved,
            Fragmenter fragmenter) {
        this.context = context;
        this.table = table;
        this.events = events;
        this.unresolved = unresolved;
        this.fragmenter = fragmenter;
        this.pool = new PacketPool(limits.smallBuffers(), limits.largeBuffers());
    }

    int count() {
        return count;
    }

    /** Keeps a copy, or counts why not. */
    void add(int entry, long frame, int length) {
        boolean large = length > PacketPool.SMALL_BYTES;
        int held = large ? table.queueLarge[entry] : table.queueLength[entry] - table.queueLarge[entry];
        int available = pool.available(length, context.nowMillis);
        if (table.queueLength[entry] >= context.network.settings().unresolvedQueueLength()
                || (available > 0 && held >= available)) {
            context.drops.count(DropReason.NEIGHBOUR_QUEUE_FULL);
            context.ipv6.count(Ipv6Counter.OUT_DISCARDS, frame, length);
            if (context.nowMillis - queueFullToldMillis >= 1000) {
                queueFullToldMillis = context.nowMillis;
                events.unresolvedQueueFull(table.device(entry), new Address(table.high(entry), table.low(entry)));
            }
            return;
        }
        int slot = pool.keep(frame, length, context.nowMillis);
        if (slot == PacketPool.NONE) {
            context.drops.count(DropReason.BUFFERS_EXHAUSTED);
            context.ipv6.count(Ipv6Counter.OUT_DISCARDS, frame, length);
            return;
        }
        context.waits(pool.frame(slot));
        if (table.queueHead[entry] == PacketPool.NONE) {
            table.queueHead[entry] = slot;
        } else {
            pool.link(table.queueTail[entry], slot);
        }
        table.queueTail[entry] = slot;
        table.queueLength[entry]++;
        if (pool.isLarge(slot)) {
            table.queueLarge[entry]++;
        }
        count++;
    }

    /** Sends what waits for an entry that has just got its MAC address. */
    void send(int entry) {
        Device device = context.network.device(table.device(entry));
        if (device == null) {
            drop(entry, DropReason.LINK_DOWN);
            return;
        }
        long macAddress = table.macAddress(entry);
        for (int slot = table.queueHead[entry]; slot != PacketPool.NONE; ) {
            int following = pool.next(slot);
            long frame = pool.frame(slot);
            Ethernet.set(frame, macAddress, device.macAddress(), Ip.etherType(frame + Ethernet.LENGTH));
            context.waited(device.id(), frame, pool.length(slot));
            sendKept(device, frame, pool.length(slot));
            context.resumed();
            pool.retire(slot, context.nowMillis);
            slot = following;
        }
        empty(entry);
    }

    /** The route that the packet came by may have changed while it waited. */
    private void sendKept(Device device, long frame, int length) {
        Route route = context.network.route(
                Ip.destinationHigh(frame + Ethernet.LENGTH), Ip.destinationLow(frame + Ethernet.LENGTH));
        int mtu = route == null ? device.mtu() : Math.min(device.mtu(), route.mtu());
        if (Fragmenter.canPass(frame, length, mtu)) {
            fragmenter.send(device.id(), frame, length, mtu);
        } else {
            context.drops.count(DropReason.TOO_BIG);
            context.ipv6.count(Ipv6Counter.FRAG_FAILS, frame, length);
        }
    }

    /** Counts what waits for an entry under a reason. */
    void drop(int entry, DropReason reason) {
        int slot = table.queueHead[entry];
        empty(entry);
        while (slot != PacketPool.NONE) {
            int following = pool.next(slot);
            context.waited(table.device(entry), pool.frame(slot), pool.length(slot));
            context.drops.count(reason);
            context.ipv6.count(Ipv6Counter.OUT_DISCARDS, pool.frame(slot), pool.length(slot));
            if (reason == DropReason.NEIGHBOUR_UNRESOLVED) {
                unresolved.hostUnreachable(pool.frame(slot));
            }
            context.resumed();
            pool.free(slot);
            slot = following;
        }
    }

    private void empty(int entry) {
        table.queueHead[entry] = PacketPool.NONE;
        table.queueTail[entry] = PacketPool.NONE;
        count -= table.queueLength[entry];
        table.queueLength[entry] = 0;
        table.queueLarge[entry] = 0;
    }
}
