package jdpvs.stack;

import java.util.List;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.fragment.Fragmenter;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import org.jspecify.annotations.Nullable;

/**
 * Resolves next hops for one worker, with ARP (RFC 826) or neighbour discovery (RFC 4861 §7.2), which differ in the question only. States and times as {@link NeighbourState} says; every entry that was used keeps
 * itself fresh by asking once per neighbour time-out, because established connections hold its MAC address without asking here.
 *
 * <pre>
 *             packet            answer                time-out            3 × 10 s           3 × 1 s
 *  (no entry) ------> SEND ------------> REACHABLE -------------> PROBE ----------> DELAY ----------> NONE --2 s--> (no entry)
 *                      | 3 × 1 s, queue dropped       any answer: back to REACHABLE                    ^
 *                      +-------------------------------------------------------------------------------+
 * </pre>
 */
final class Neighbours {
    private static final int NONE_MILLIS = 2000;
    private static final int ASK_MILLIS = 1000;
    private static final int PROBE_MILLIS = 10_000;
    private static final int ATTEMPTS = 3;

    /** Instead of a MAC address: whoever may have the address. */
    private static final long EVERYBODY = -1;

    private final WorkerContext context;
    private final NeighbourTable table;
    private final WaitingPackets waiting;
    private final NeighbourFailures failures = new NeighbourFailures();
    private final Fragmenter fragmenter;
    private int generation = 1;
    private long evicted;
    /** Somebody was told since the last generation that a MAC address is unknown, so that a new one is news. */
    private boolean toldUnknown = true;

    Neighbours(WorkerContext context, StackLimits limits, StackEvents events, WaitingPackets.Unresolved unresolved) {
        this.context = context;
        this.table = new NeighbourTable(limits.neighbours());
        this.fragmenter = new Fragmenter(context);
        this.waiting = new WaitingPackets(context, table, limits, events, unresolved, fragmenter);
    }

    int generation() {
        return generation;
    }

    List<NeighbourEntry> snapshot() {
        return table.snapshot(context.index);
    }

    /** Unresolved entries that made room for others; any thread may see it late. */
    long evicted() {
        return evicted;
    }

    @Nullable NeighbourEntry snapshot(int device, Address address) {
        return table.snapshot(device, address, context.index);
    }

    /** Any thread: the neighbours that did not answer lately. */
    NeighbourFailures failures() {
        return failures;
    }

    /** Packets that wait for an answer. */
    int waiting() {
        return waiting.count();
    }

    /** The MAC address of a next hop or -1; the entry counts as used. */
    long macAddress(int device, long high, long low) {
        int entry = table.find(device, high, low);
        if (entry == NeighbourTable.NONE || !isResolved(entry)) {
            toldUnknown = true;
            return -1;
        }
        use(entry);
        return table.macAddress(entry);
    }

    /** Sends an IP packet along a route: {@link LocalStack#output}, but that the packet need not be of dpvs's own. */
    boolean send(Route route, long frame, int length) {
        long ip = frame + Ethernet.LENGTH;
        return send(
                route.device(),
                route.nextHigh(Ip.destinationHigh(ip)),
                route.nextLow(Ip.destinationLow(ip)),
                frame,
                length,
                route.mtu());
    }

    /** Sends an IP packet at once (true), or keeps or drops it; in fragments where it is larger than the route's MTU and may be cut. */
    private boolean send(Device device, long high, long low, long frame, int length, int mtu) {
        if (!Fragmenter.canPass(frame, length, mtu)) {
            context.drops.count(DropReason.TOO_BIG);
            context.ipv6.count(Ipv6Counter.FRAG_FAILS, frame, length);
            return false;
        }
        int entry = table.find(device.id(), high, low);
        if (entry != NeighbourTable.NONE && isResolved(entry)) {
            use(entry);
            context.step(Step.NEIGHBOUR_FOUND, device.id(), table.macAddress(entry));
            Ethernet.set(frame, table.macAddress(entry), device.macAddress(), Ip.etherType(frame + Ethernet.LENGTH));
            fragmenter.send(device.id(), frame, length, mtu);
            return true;
        }
        toldUnknown = true;
        if (entry == NeighbourTable.NONE) {
            entry = add(device.id(), high, low, NeighbourTable.UNRESOLVED, NeighbourState.SEND);
            if (entry == NeighbourTable.NONE) {
                context.drops.count(DropReason.NEIGHBOUR_TABLE_FULL);
                context.ipv6.count(Ipv6Counter.OUT_DISCARDS, frame, length);
                return false;
            }
            start(entry);
        } else if (table.state(entry) == NeighbourState.NONE) {
            table.touch(entry, NeighbourTable.UNRESOLVED);
            table.set(entry, 0, NeighbourState.SEND, false);
            start(entry);
        }
        context.step(Step.WAITS_FOR_NEIGHBOUR, device.id(), high, low);
        waiting.add(entry, frame, length);
        return false;
    }

    /**
     * Takes what was said about a neighbour.
     *
     * @param create make an entry when there is none
     * @return whether this is worth telling the other workers: a new or changed address, or a confirmation after a while
     */
    boolean learn(int device, long high, long low, long macAddress, boolean create) {
        int entry = table.find(device, high, low);
        if (entry == NeighbourTable.NONE) {
            if (!create) {
                return false;
            }
            entry = add(device, high, low, NeighbourTable.UNUSED, NeighbourState.NONE);
            if (entry == NeighbourTable.NONE) {
                return false;
            }
        } else if (table.worth(entry) == NeighbourTable.STATIC) {
            return false;
        }
        boolean same = isResolved(entry) && table.macAddress(entry) == macAddress;
        boolean news = !same || context.nowMillis - table.confirmedMillis[entry] >= ASK_MILLIS;
        table.confirmedMillis[entry] = context.nowMillis;
        table.set(entry, macAddress, NeighbourState.REACHABLE, false);
        if (table.worth(entry) == NeighbourTable.UNRESOLVED) {
            promote(entry);
        }
        // What this worker does not use may serve another, whose question refreshes it here: it stays longer than the
        // question takes.
        table.deadlineMillis[entry] =
                table.worth(entry) == NeighbourTable.UNUSED ? freshUntil(entry) + timeoutMillis() : freshUntil(entry);
        if (!same) {
            failures.answered(device, high, low);
            // An entry that nobody used has been told to nobody: the link's chatter makes no generations.
            if (toldUnknown || table.worth(entry) != NeighbourTable.UNUSED) {
                changed();
            }
            waiting.send(entry);
        }
        return news;
    }

    /** The MAC address of a neighbour that is resolved, or -1; the entry does not count as used. */
    long knownMac(int device, long high, long low) {
        int entry = table.find(device, high, low);
        return entry != NeighbourTable.NONE && isResolved(entry) ? table.macAddress(entry) : -1;
    }

    /** Whether an entry exists, resolved or not. */
    boolean knows(int device, long high, long low) {
        return table.find(device, high, low) != NeighbourTable.NONE;
    }

    /** Makes the static entries those of the configuration. */
    void synchronise(List<StaticNeighbour> wanted) {
        for (int entry = 0; entry < table.highWater(); entry++) {
            if (table.isUsed(entry)
                    && table.worth(entry) == NeighbourTable.STATIC
                    && !contains(wanted, table.device(entry), table.high(entry), table.low(entry))) {
                table.remove(entry);
                changed();
            }
        }
        for (StaticNeighbour neighbour : wanted) {
            int device = neighbour.device().id();
            long high = neighbour.address().high();
            long low = neighbour.address().low();
            int entry = table.find(device, high, low);
            if (entry == NeighbourTable.NONE) {
                entry = add(device, high, low, NeighbourTable.STATIC, NeighbourState.REACHABLE);
            }
            if (entry != NeighbourTable.NONE) {
                boolean same = isResolved(entry) && table.macAddress(entry) == neighbour.macAddress();
                table.touch(entry, NeighbourTable.STATIC);
                table.deadlineMillis[entry] = Long.MAX_VALUE;
                table.set(entry, neighbour.macAddress(), NeighbourState.REACHABLE, true);
                if (!same) {
                    changed();
                    waiting.send(entry);
                }
            }
        }
    }

    void tick() {
        long now = context.nowMillis;
        for (int entry = 0, end = table.highWater(); entry < end; entry++) {
            if (table.deadlineMillis[entry] <= now && table.isUsed(entry)) {
                expire(entry);
            }
        }
    }

    private void expire(int entry) {
        switch (table.state(entry)) {
            case NONE -> table.remove(entry);
            case SEND -> {
                if (table.attempts[entry] < ATTEMPTS) {
                    ask(entry, EVERYBODY, ASK_MILLIS);
                } else {
                    fail(entry);
                }
            }
            case REACHABLE -> {
                if (table.worth(entry) == NeighbourTable.UNUSED) {
                    table.remove(entry);
                } else {
                    table.set(entry, table.macAddress(entry), NeighbourState.PROBE, false);
                    table.attempts[entry] = 0;
                    ask(entry, table.macAddress(entry), PROBE_MILLIS);
                }
            }
            case PROBE -> {
                if (table.attempts[entry] < ATTEMPTS) {
                    ask(entry, table.macAddress(entry), PROBE_MILLIS);
                } else {
                    table.set(entry, table.macAddress(entry), NeighbourState.DELAY, false);
                    table.attempts[entry] = 0;
                    ask(entry, EVERYBODY, ASK_MILLIS);
                }
            }
            case DELAY -> {
                if (table.attempts[entry] < ATTEMPTS) {
                    ask(entry, EVERYBODY, ASK_MILLIS);
                } else {
                    changed();
                    fail(entry);
                }
            }
        }
    }

    private void fail(int entry) {
        table.set(entry, 0, NeighbourState.NONE, false);
        failures.failed(table.device(entry), table.high(entry), table.low(entry), context.nowMillis);
        table.touch(entry, NeighbourTable.UNRESOLVED);
        table.deadlineMillis[entry] = context.nowMillis + NONE_MILLIS;
        waiting.drop(entry, DropReason.NEIGHBOUR_UNRESOLVED);
    }

    private void start(int entry) {
        table.attempts[entry] = 0;
        // At most one request a second however often resolution starts anew.
        long next = table.askedMillis[entry] + ASK_MILLIS;
        if (context.nowMillis >= next) {
            ask(entry, EVERYBODY, ASK_MILLIS);
        } else {
            table.deadlineMillis[entry] = next;
        }
    }

    private void ask(int entry, long to, int againMillis) {
        long now = context.nowMillis;
        table.deadlineMillis[entry] = now + againMillis;
        table.attempts[entry]++;
        table.askedMillis[entry] = now;
        Device device = context.network.device(table.device(entry));
        if (device == null) {
            return;
        }
        long frame = context.egress.allocate();
        if (frame == 0) {
            context.drops.count(DropReason.BUFFERS_EXHAUSTED);
            return;
        }
        int length = Questions.write(frame, device, context.network, to, table.high(entry), table.low(entry));
        context.speak(device.id(), frame, length);
    }

    private void changed() {
        generation++;
        toldUnknown = false;
    }

    private int add(int device, long high, long low, int worth, NeighbourState state) {
        if (!table.hasRoom(worth)) {
            int victim = table.victim(worth);
            if (victim == NeighbourTable.NONE) {
                return NeighbourTable.NONE;
            }
            evict(victim);
        }
        return table.add(device, high, low, worth, state);
    }

    private void evict(int victim) {
        if (table.worth(victim) == NeighbourTable.USED) {
            changed();
        } else if (table.worth(victim) == NeighbourTable.UNRESOLVED) {
            evicted++;
        }
        waiting.drop(victim, DropReason.NEIGHBOUR_TABLE_FULL);
        table.remove(victim);
    }

    /** Makes an entry the most recently used one. */
    private void promote(int entry) {
        boolean more = table.worth(entry) != NeighbourTable.USED;
        table.touch(entry, NeighbourTable.USED);
        int surplus = more ? table.surplus() : NeighbourTable.NONE;
        if (surplus != NeighbourTable.NONE && surplus != entry) {
            evict(surplus);
        }
    }

    private void use(int entry) {
        int worth = table.worth(entry);
        if (worth == NeighbourTable.STATIC) {
            return;
        }
        if (worth == NeighbourTable.UNUSED) {
            table.deadlineMillis[entry] = freshUntil(entry);
        }
        promote(entry);
    }

    /** Workers confirm each other: the first one's deadline comes first, so that usually it alone asks. */
    private long freshUntil(int entry) {
        return table.confirmedMillis[entry] + timeoutMillis() + context.index * 1000L;
    }

    private long timeoutMillis() {
        return context.network.settings().neighbourTimeoutSeconds() * 1000L;
    }

    private boolean isResolved(int entry) {
        return table.state(entry).compareTo(NeighbourState.REACHABLE) >= 0;
    }

    private static boolean contains(List<StaticNeighbour> neighbours, int device, long high, long low) {
        for (StaticNeighbour neighbour : neighbours) {
            if (neighbour.address().low() == low
                    && neighbour.address().high() == high
                    && neighbour.device().id() == device) {
                return true;
            }
        }
        return false;
    }
}
