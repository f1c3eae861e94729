package jdpvs.balancer.connection;

import jdpvs.wire.Address;
import jdpvs.wire.Memory;

/**
 * Chooses local ports for connections to servers: the same local address and port serve any number of servers at once, so every local address carries up to
 * 64,511 connections to each of them (divided over the workers by the port's low bits).
 *
 * <p>A port is free when the flow index does not know (server, server port → local address, port): there is nothing to keep per port. What is kept per
 * (local address, server) pair is only where the last search ended, so that a freed port rests as long as possible before it is used again; and
 * that is a bounded cache: a pair that fell out of it starts at a random port.
 *
 * <pre>
 *  set (128 bytes, two cache lines): four pairs; pair (32 bytes):
 *   0                        16          18          20            22       24              28
 *  +------------------------+-----------+-----------+-------------+--------+---------------+--------------------+
 *  | server address (IPv6   | its port  | local id  | protocol +1 | cursor | last use (s)  | searches in vain   |
 *  | or v4-mapped), halves  |           |           |             |        |               |                    |
 *  +------------------------+-----------+-----------+-------------+--------+---------------+--------------------+
 *  per local address (16 bytes): in use (4) | unused (4) | missed (8)
 * </pre>
 */
public final class LocalPorts {
    public static final int LOWEST = 1025;
    public static final int HIGHEST = 65535;
    /** Local address ids go up to here; the id 0 is a valid one. */
    public static final int LOCAL_ADDRESSES = 16384;

    /** Ports tried per call; each try may cost a cache miss. At 98 % use a search of this length fails once in a hundred times. */
    private static final int TRIES = 256;

    /** Ports tried before the place of a half-open connection is preferred to a longer search. */
    private static final int QUICK_TRIES = 8;

    /** No half-open connection was in the way. */
    public static final int NOBODY = -1;

    private static final int PAIR = 32;
    private static final int SET = 4 * PAIR;
    private static final int LOW = 8;
    private static final int PORT = 16;
    private static final int LOCAL_ID = 18;
    private static final int PROTOCOL = 20;
    private static final int CURSOR = 22;
    private static final int LAST_USE = 24;
    private static final int SHORTAGES = 28;

    private static final int LARGEST_PAIRS = 1 << 18;
    private static final int SMALLEST_PAIRS = 1 << 8;

    private final FlowIndex index;
    private final ConnectionTable table;
    private final long addresses;
    private final long pairs;
    private final int sets;
    private final int first;
    private final int step;
    private final int count;
    private long random;
    private int holder = NOBODY;

    /**
     * @param base 64-byte aligned, {@link #memoryBytes} long, zero
     * @param worker index from 0: only ports with {@code port & mask == worker} are chosen
     * @param mask 2^⌈log2 workers⌉ − 1
     * @param seed of the random starting points
     */
    public LocalPorts(
            long base, int connections, FlowIndex index, ConnectionTable table, int worker, int mask, long seed) {
        this.index = index;
        this.table = table;
        this.addresses = base;
        this.pairs = base + (long) LOCAL_ADDRESSES * 16;
        this.sets = pairCount(connections) * PAIR / SET;
        this.step = mask + 1;
        this.first = LOWEST + ((worker - LOWEST) & mask);
        this.count = (HIGHEST - first) / step + 1;
        this.random = seed | 1;
    }

    public static long memoryBytes(int connections) {
        return (long) LOCAL_ADDRESSES * 16 + (long) pairCount(connections) * PAIR;
    }

    private static int pairCount(int connections) {
        int wanted = Integer.highestOneBit(Math.max(1, connections / 8));
        return Math.clamp(wanted, SMALLEST_PAIRS, LARGEST_PAIRS);
    }

    /** Ports of one local address that this worker may use towards one server. */
    public int count() {
        return count;
    }

    /**
     * A free port towards a server, or 0. The port is taken by inserting the connection into the flow index, and by {@link #taken}.
     *
     * @param localId of the local address
     * @param answers what the server will send: from its address and port to the local address, whatever the destination port
     */
    public int find(int localId, Flow answers, int nowSeconds) {
        return search(localId, answers, nowSeconds, 0);
    }

    /** As {@link #find}, but gives up early where the port of a half-open connection could be had: see {@link #holder}. */
    public int findOrHolder(int localId, Flow answers, int nowSeconds) {
        return search(localId, answers, nowSeconds, QUICK_TRIES);
    }

    private int search(int localId, Flow answers, int nowSeconds, int quickTries) {
        long pair = pair(localId, answers, nowSeconds);
        int cursor = Memory.getShort(pair + CURSOR);
        int tries = Math.min(TRIES, count);
        int heldAt = 0;
        holder = NOBODY;
        for (int i = 0; i < tries; i++) {
            int port = first + cursor * step;
            int hit = index.find(answers.addresses(), answers.portsTo(port));
            int next = cursor + 1 == count ? 0 : cursor + 1;
            if (hit == 0) {
                holder = NOBODY;
                Memory.putShort(pair + CURSOR, next);
                return port;
            }
            if (i < quickTries && holder == NOBODY && isHalfOpen(hit)) {
                holder = FlowIndex.connection(hit);
                heldAt = cursor;
            }
            if (i + 1 >= quickTries && holder != NOBODY) {
                // The next search begins there.
                Memory.putShort(pair + CURSOR, heldAt);
                return 0;
            }
            cursor = next;
        }
        Memory.putShort(pair + CURSOR, holder == NOBODY ? cursor : heldAt);
        if (holder == NOBODY) {
            Memory.putInt(pair + SHORTAGES, Memory.getInt(pair + SHORTAGES) + 1);
        }
        return 0;
    }

    /**
     * After a {@link #findOrHolder} in vain: a half-open connection that holds a port of the pair, or {@link #NOBODY}. The search goes round through all ports, so
     * this one was opened a whole round ago; when it is closed, the same search finds its port.
     */
    public int holder() {
        return holder;
    }

    private boolean isHalfOpen(int hit) {
        return HalfOpenQueues.isQueued(table.record(FlowIndex.connection(hit)));
    }

    /** Is told of a pair that is remembered. */
    public interface PairVisitor {
        /** @param missed how often the local address had no free port towards the server since the pair is remembered */
        void pair(int localId, Address server, int serverPort, boolean udp, int missed);
    }

    /** Visits the pairs that are remembered; any thread, so one that changes meanwhile may be mixed from two. */
    public void forEachPair(PairVisitor visitor) {
        for (long pair = pairs; pair < pairs + (long) sets * SET; pair += PAIR) {
            int protocol = Memory.getShort(pair + PROTOCOL);
            if (protocol != 0) {
                visitor.pair(
                        Memory.getShort(pair + LOCAL_ID),
                        new Address(Memory.getLong(pair), Memory.getLong(pair + LOW)),
                        Memory.getShort(pair + PORT),
                        protocol == 2,
                        Memory.getInt(pair + SHORTAGES));
            }
        }
    }

    /** Any thread: whether {@link #find} would find a port now; leaves no trace. */
    public boolean hasFree(int localId, Flow answers) {
        int cursor = cursor(localId, answers);
        for (int i = 0, tries = Math.min(TRIES, count); i < tries; i++) {
            int port = first + (cursor + i) % count * step;
            int hit = index.find(answers.addresses(), answers.portsTo(port));
            if (hit == 0 || (i < QUICK_TRIES && isHalfOpen(hit))) {
                return true;
            }
        }
        return false;
    }

    /** Any thread: how many ports of a local address are free towards a server; looks at each. */
    public int free(Flow answers) {
        int free = 0;
        for (int i = 0; i < count; i++) {
            free += index.find(answers.addresses(), answers.portsTo(first + i * step)) == 0 ? 1 : 0;
        }
        return free;
    }

    public void taken(int localId) {
        long counter = addresses + localId * 16L;
        Memory.putInt(counter, Memory.getInt(counter) + 1);
    }

    public void freed(int localId) {
        long counter = addresses + localId * 16L;
        Memory.putInt(counter, Memory.getInt(counter) - 1);
    }

    /** No local address had a free port; counted for the one that was asked first. */
    public void missed(int localId) {
        long counter = addresses + localId * 16L + 8;
        Memory.putLong(counter, Memory.getLong(counter) + 1);
    }

    /** Connections of this worker that use the local address; any thread. */
    public int used(int localId) {
        return Memory.getInt(addresses + localId * 16L);
    }

    /** How often no port was free; any thread. */
    public long misses(int localId) {
        return Memory.getLong(addresses + localId * 16L + 8);
    }

    /** Where the next search of a pair begins; anywhere when the pair is not known. */
    private int cursor(int localId, Flow answers) {
        long set = set(localId, answers);
        for (long pair = set; pair < set + SET; pair += PAIR) {
            if (isPair(pair, localId, answers)) {
                return Memory.getShort(pair + CURSOR);
            }
        }
        return 0;
    }

    private long set(int localId, Flow answers) {
        int detail = localId << 17 | answers.sourcePort() << 1 | (answers.isUdp() ? 1 : 0);
        long hash = Address.hash(answers.sourceHigh(), answers.sourceLow(), detail) * 0xd6e8feb86659fd93L;
        return pairs + Math.unsignedMultiplyHigh(hash ^ (hash >>> 32), sets) * SET;
    }

    private static boolean isPair(long pair, int localId, Flow answers) {
        return Memory.getShort(pair + PROTOCOL) == (answers.isUdp() ? 2 : 1)
                && Memory.getLong(pair) == answers.sourceHigh()
                && Memory.getLong(pair + LOW) == answers.sourceLow()
                && Memory.getShort(pair + PORT) == answers.sourcePort()
                && Memory.getShort(pair + LOCAL_ID) == localId;
    }

    /** The pair's place; when it is new, that of the set's oldest. */
    private long pair(int localId, Flow answers, int nowSeconds) {
        long set = set(localId, answers);
        long oldest = set;
        int oldestAge = -1;
        for (long pair = set; pair < set + SET; pair += PAIR) {
            if (isPair(pair, localId, answers)) {
                Memory.putInt(pair + LAST_USE, nowSeconds);
                return pair;
            }
            int age = Memory.getShort(pair + PROTOCOL) == 0
                    ? Integer.MAX_VALUE
                    : nowSeconds - Memory.getInt(pair + LAST_USE);
            if (age > oldestAge) {
                oldestAge = age;
                oldest = pair;
            }
        }
        Memory.putLong(oldest, answers.sourceHigh());
        Memory.putLong(oldest + LOW, answers.sourceLow());
        Memory.putShort(oldest + PORT, answers.sourcePort());
        Memory.putShort(oldest + LOCAL_ID, localId);
        Memory.putShort(oldest + PROTOCOL, answers.isUdp() ? 2 : 1);
        Memory.putShort(oldest + CURSOR, start());
        Memory.putInt(oldest + LAST_USE, nowSeconds);
        Memory.putInt(oldest + SHORTAGES, 0);
        return oldest;
    }

    private int start() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) Math.unsignedMultiplyHigh(random, count);
    }
}
