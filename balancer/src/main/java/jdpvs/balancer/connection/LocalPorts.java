package jdpvs.balancer.connection;

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
 *  set (64 bytes, one cache line): four pairs; pair (16 bytes):
 *   0               4           6           8             10          12
 *  +---------------+-----------+-----------+-------------+-----------+---------------+
 *  | server address| its port  | local id  | protocol +1 | cursor    | last use (s)  |
 *  +---------------+-----------+-----------+-------------+-----------+---------------+
 *  per local address (16 bytes): in use (4) | unused (4) | missed (8)
 *  per pair, elsewhere: searches that found no free port (4)
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

    private static final int PAIR = 16;
    private static final int SET = 64;
    private static final int LARGEST_PAIRS = 1 << 18;
    private static final int SMALLEST_PAIRS = 1 << 8;

    private final FlowIndex index;
    private final ConnectionTable table;
    private final long addresses;
    private final long pairs;
    private final long shortages;
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
        this.shortages = pairs + (long) sets * SET;
        this.step = mask + 1;
        this.first = LOWEST + ((worker - LOWEST) & mask);
        this.count = (HIGHEST - first) / step + 1;
        this.random = seed | 1;
    }

    public static long memoryBytes(int connections) {
        return (long) LOCAL_ADDRESSES * 16 + (long) pairCount(connections) * (PAIR + 4);
    }

    private static int pairCount(int connections) {
        int wanted = Integer.highestOneBit(Math.max(1, connections / 4));
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
     */
    public int find(int localId, int localAddress, int serverAddress, int serverPort, boolean udp, int nowSeconds) {
        return search(localId, localAddress, serverAddress, serverPort, udp, nowSeconds, 0);
    }

    /** As {@link #find}, but gives up early where the port of a half-open connection could be had: see {@link #holder}. */
    public int findOrHolder(
            int localId, int localAddress, int serverAddress, int serverPort, boolean udp, int nowSeconds) {
        return search(localId, localAddress, serverAddress, serverPort, udp, nowSeconds, QUICK_TRIES);
    }

    private int search(
            int localId,
            int localAddress,
            int serverAddress,
            int serverPort,
            boolean udp,
            int nowSeconds,
            int quickTries) {
        long pair = pair(localId, serverAddress, serverPort, udp, nowSeconds);
        int cursor = Memory.getShort(pair + 10);
        long flow = FlowKey.addresses(serverAddress, localAddress);
        int tries = Math.min(TRIES, count);
        int heldAt = 0;
        holder = NOBODY;
        for (int i = 0; i < tries; i++) {
            int port = first + cursor * step;
            int hit = index.find(flow, FlowKey.ports(udp, serverPort, port));
            int next = cursor + 1 == count ? 0 : cursor + 1;
            if (hit == 0) {
                holder = NOBODY;
                Memory.putShort(pair + 10, next);
                return port;
            }
            if (i < quickTries && holder == NOBODY && isHalfOpen(hit)) {
                holder = FlowIndex.connection(hit);
                heldAt = cursor;
            }
            if (i + 1 >= quickTries && holder != NOBODY) {
                // The next search begins there.
                Memory.putShort(pair + 10, heldAt);
                return 0;
            }
            cursor = next;
        }
        Memory.putShort(pair + 10, holder == NOBODY ? cursor : heldAt);
        if (holder == NOBODY) {
            long shortage = shortage(pair);
            Memory.putInt(shortage, Memory.getInt(shortage) + 1);
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

    private long shortage(long pair) {
        return shortages + ((pair - pairs) >> 2);
    }

    /** Is told of a pair that is remembered. */
    public interface PairVisitor {
        /** @param missed how often the local address had no free port towards the server since the pair is remembered */
        void pair(int localId, int serverAddress, int serverPort, boolean udp, int missed);
    }

    /** Visits the pairs that are remembered; any thread, so one that changes meanwhile may be mixed from two. */
    public void forEachPair(PairVisitor visitor) {
        for (long pair = pairs; pair < pairs + (long) sets * SET; pair += PAIR) {
            int protocol = Memory.getShort(pair + 8);
            if (protocol != 0) {
                visitor.pair(
                        Memory.getShort(pair + 6),
                        Memory.getInt(pair),
                        Memory.getShort(pair + 4),
                        protocol == 2,
                        Memory.getInt(shortage(pair)));
            }
        }
    }

    /** Any thread: whether {@link #find} would find a port now; leaves no trace. */
    public boolean hasFree(int localId, int localAddress, int serverAddress, int serverPort, boolean udp) {
        int cursor = cursor(localId, serverAddress, serverPort, udp);
        long flow = FlowKey.addresses(serverAddress, localAddress);
        for (int i = 0, tries = Math.min(TRIES, count); i < tries; i++) {
            int port = first + (cursor + i) % count * step;
            int hit = index.find(flow, FlowKey.ports(udp, serverPort, port));
            if (hit == 0 || (i < QUICK_TRIES && isHalfOpen(hit))) {
                return true;
            }
        }
        return false;
    }

    /** Any thread: how many ports of a local address are free towards a server; looks at each. */
    public int free(int localAddress, int serverAddress, int serverPort, boolean udp) {
        long flow = FlowKey.addresses(serverAddress, localAddress);
        int free = 0;
        for (int i = 0; i < count; i++) {
            free += index.find(flow, FlowKey.ports(udp, serverPort, first + i * step)) == 0 ? 1 : 0;
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
    private int cursor(int localId, int serverAddress, int serverPort, boolean udp) {
        long set = set(localId, serverAddress, serverPort, udp);
        for (long pair = set; pair < set + SET; pair += PAIR) {
            if (isPair(pair, localId, serverAddress, serverPort, udp)) {
                return Memory.getShort(pair + 10);
            }
        }
        return 0;
    }

    private long set(int localId, int serverAddress, int serverPort, boolean udp) {
        long key = (long) localId << 17 | (long) serverPort << 1 | (udp ? 1 : 0);
        long hash = ((serverAddress * 0x9e3779b97f4a7c15L) ^ key) * 0xd6e8feb86659fd93L;
        return pairs + Math.unsignedMultiplyHigh(hash ^ (hash >>> 32), sets) * SET;
    }

    private static boolean isPair(long pair, int localId, int serverAddress, int serverPort, boolean udp) {
        return Memory.getShort(pair + 8) == (udp ? 2 : 1)
                && Memory.getInt(pair) == serverAddress
                && Memory.getShort(pair + 4) == serverPort
                && Memory.getShort(pair + 6) == localId;
    }

    /** The pair's place; when it is new, that of the set's oldest. */
    private long pair(int localId, int serverAddress, int serverPort, boolean udp, int nowSeconds) {
        int protocol = udp ? 2 : 1;
        long set = set(localId, serverAddress, serverPort, udp);
        long oldest = set;
        int oldestAge = -1;
        for (long pair = set; pair < set + SET; pair += PAIR) {
            int usedBy = Memory.getShort(pair + 8);
            if (isPair(pair, localId, serverAddress, serverPort, udp)) {
                Memory.putInt(pair + 12, nowSeconds);
                return pair;
            }
            int age = usedBy == 0 ? Integer.MAX_VALUE : nowSeconds - Memory.getInt(pair + 12);
            if (age > oldestAge) {
                oldestAge = age;
                oldest = pair;
            }
        }
        Memory.putInt(oldest, serverAddress);
        Memory.putShort(oldest + 4, serverPort);
        Memory.putShort(oldest + 6, localId);
        Memory.putShort(oldest + 8, protocol);
        Memory.putShort(oldest + 10, start());
        Memory.putInt(oldest + 12, nowSeconds);
        Memory.putInt(shortage(oldest), 0);
        return oldest;
    }

    private int start() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) Math.unsignedMultiplyHigh(random, count);
    }
}
