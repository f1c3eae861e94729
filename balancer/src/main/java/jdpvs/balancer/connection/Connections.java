package jdpvs.balancer.connection;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Everything one worker remembers about flows: records, index, timers, local ports. Opening and closing a connection go through here and nowhere
 * else, so that the parts agree.
 *
 * <p>A connection that nobody has proven to be real (half-open, refused, or UDP whose client has not spoken again after an answer) waits in the
 * {@link HalfOpenQueues}, and all such together may be half of the table; every other one is in the {@link TimerWheel} and is never evicted.
 */
public final class Connections {
    private final AddressHash hash;
    private final ConnectionTable table;
    private final FlowIndex index;
    private final TimerWheel wheel;
    private final HalfOpenQueues unproven;
    private final int unprovenLimit;
    private final LocalPorts ports;
    private final LocalAddressUse use;
    private final PortShortages shortages = new PortShortages();

    /**
     * @param memory 64-byte aligned (a huge page pays off), {@link #memoryBytes} long, zero
     * @param capacity the most connections
     * @param worker index from 0
     * @param portMask see {@link LocalPorts}
     * @param random source of the hash's secret
     */
    public Connections(long memory, int capacity, int worker, int portMask, RandomGenerator random, long nowMillis) {
        table = new ConnectionTable(memory, memory + residentBytes(capacity), capacity, worker);
        long at = memory + ConnectionTable.memoryBytes(capacity);
        index = new FlowIndex(at, capacity, random.nextLong(), random.nextLong());
        hash = new AddressHash(random);
        at += FlowIndex.memoryBytes(capacity);
        ports = new LocalPorts(at, capacity, index, table, worker, portMask, random.nextLong());
        at += LocalPorts.memoryBytes(capacity);
        use = new LocalAddressUse(at, capacity);
        wheel = new TimerWheel(table, nowMillis);
        unproven = new HalfOpenQueues(table);
        unprovenLimit = Math.max(1, capacity / 2);
    }

    /** Native memory for a capacity: at most 256 bytes a connection from 65,536 on, of which one of IPv4 alone touches 192. */
    public static long memoryBytes(int capacity) {
        return residentBytes(capacity) + ConnectionAddresses.memoryBytes(capacity);
    }

    /** How much of it, from its beginning, every connection touches; the rest is for connections with a side of IPv6, and need not be there before they are. */
    public static long residentBytes(int capacity) {
        long bytes = ConnectionTable.memoryBytes(capacity)
                + FlowIndex.memoryBytes(capacity)
                + LocalPorts.memoryBytes(capacity)
                + LocalAddressUse.memoryBytes(capacity);
        return (bytes + 63) & -64;
    }

    public FlowIndex index() {
        return index;
    }

    /** What stands for the addresses of IPv6 in {@link FlowKey}s of this worker. */
    public AddressHash hash() {
        return hash;
    }

    public ConnectionAddresses addresses() {
        return table.addresses();
    }

    /** A flow to ask this worker about; any thread. */
    public Flow flow() {
        return new Flow(hash);
    }

    /** Addresses of the {@link FlowKey} of what a line's packets become. */
    public long addressesOf(long line) {
        return Connection.leavesAsIpv6(line)
                ? hash.of(addresses().pair(line))
                : Memory.getLong(line + Connection.ADDRESSES);
    }

    public LocalPorts localPorts() {
        return ports;
    }

    public LocalAddressUse localAddressUse() {
        return use;
    }

    public PortShortages portShortages() {
        return shortages;
    }

    /** See {@link ConnectionTable#forEachServerSide}; any thread. */
    public void forEachServerSide(ConnectionTable.ServerSideVisitor visitor) {
        table.forEachServerSide(visitor);
    }

    public long record(int connection) {
        return table.record(connection);
    }

    /** Whether the next one can only be opened in the place of another. */
    public boolean isFull() {
        return table.isFull() || unproven.size() >= unprovenLimit;
    }

    /**
     * Who goes first when room is needed: of the connections that are not proven, the one that has been silent for longest.
     *
     * @return its number, or -1 when all are established
     */
    public int leastWorthy(long nowMillis, TimerWheel.Expiry expiry) {
        return unproven.oldest(nowMillis, expiry);
    }

    /** Connections that would make room for a new one: half-open, refused or reset; any thread may see it late. */
    public int replaceable() {
        return unproven.size();
    }

    /** Half-open connections now; any thread may see it late. */
    public int halfOpen() {
        return unproven.halfOpen();
    }

    /** The most half-open connections, together with those that were refused or reset. */
    public int halfOpenLimit() {
        return unprovenLimit;
    }

    /** Connections now; any thread. */
    public int size() {
        return table.size();
    }

    public int capacity() {
        return table.capacity();
    }

    /** One connection as it is now, or null when it has ended; any thread. */
    public @Nullable ConnectionSnapshot snapshot(int connection) {
        return table.snapshot(connection);
    }

    /** See {@link ConnectionTable#forEach}; any thread. */
    public boolean forEach(Predicate<ConnectionSnapshot> visitor) {
        return table.forEach(visitor);
    }

    /**
     * Opens a connection between two flows that are not known yet; there is room.
     *
     * @param client the client's packets
     * @param answers the server's packets: its address and port towards the local address and port; of any family
     * @return its number; both directions are {@link Connection#UNSTEADY}, and its state is its protocol's NONE
     */
    public int open(Flow client, Flow answers, int service, int server, int localId, long nowMillis) {
        int connection = table.add(client, answers, service, server, localId, nowMillis);
        index.insert(client.addresses(), client.ports(), connection, false);
        index.insert(answers.addresses(), answers.ports(), connection, true);
        ports.taken(localId);
        use.add(service, localId);
        long record = table.record(connection);
        Connection.setFlag(record, Connection.UNSTEADY);
        Connection.setFlag(record + Connection.OUT, Connection.UNSTEADY);
        unproven.add(connection, record, HalfOpenQueues.queueFor(record), nowMillis, 0);
        return connection;
    }

    /** Forgets a live connection. */
    public void close(int connection) {
        long record = table.record(connection);
        unlink(record);
        forget(connection, record);
    }

    /** As {@link #close}, for a connection whose time is over and that has just been handed to {@link TimerWheel.Expiry#expire}. */
    public void closeExpired(int connection) {
        forget(connection, table.record(connection));
    }

    /**
     * Puts a connection where it has to wait after a packet has changed its state.
     *
     * @param timeoutMillis of the new state
     * @param sooner it is shorter than the old state's
     */
    public void stateChanged(int connection, long nowMillis, int timeoutMillis, boolean sooner) {
        long record = table.record(connection);
        int queue = HalfOpenQueues.queueFor(record);
        if (queue != HalfOpenQueues.NONE) {
            unlink(record);
            unproven.add(connection, record, queue, nowMillis, timeoutMillis);
        } else if (sooner || HalfOpenQueues.isQueued(record)) {
            unlink(record);
            wheel.add(connection, record, nowMillis, timeoutMillis);
        }
    }

    /** Ends connections whose time is over: bounded work, and more of it when the wheel has fallen behind. */
    public int tick(long nowMillis, TimerWheel.Expiry expiry) {
        int budget = wheel.lagMillis(nowMillis) > 500 ? 8192 : 1024;
        return unproven.tick(nowMillis, budget, expiry) + wheel.tick(nowMillis, budget, expiry);
    }

    private void unlink(long record) {
        if (HalfOpenQueues.isQueued(record)) {
            unproven.remove(record);
        } else {
            wheel.remove(record);
        }
    }

    /**
     * Any thread, for questions: the connection of a packet. The worker may move index entries meanwhile, so what was found is checked, and what was not found is
     * looked for again.
     *
     * @param flow of the packet, from {@link #flow}
     */
    public @Nullable FoundConnection look(Flow flow) {
        for (int i = 0; i < 4; i++) {
            int hit = index.find(flow.addresses(), flow.ports());
            if (hit != 0) {
                int number = FlowIndex.connection(hit);
                ConnectionSnapshot connection = table.snapshot(number);
                boolean outbound = FlowIndex.isOutbound(hit);
                long line = table.record(number) + (outbound ? Connection.OUT : 0);
                int acknowledged = Memory.getInt(line + Connection.LAST_ACKNOWLEDGEMENT);
                int lastSeenMillis = Connection.lastSeen(table.record(number));
                if (connection != null && connection.isFlow(flow, outbound)) {
                    return new FoundConnection(connection, outbound, acknowledged, lastSeenMillis);
                }
            }
        }
        return null;
    }

    private void forget(int connection, long record) {
        boolean udp = Connection.isUdp(record);
        int localId = Connection.localAddress(record);
        removeAnswering(udp, record + Connection.OUT);
        removeAnswering(udp, record);
        ports.freed(localId);
        use.subtract(Connection.service(record), localId);
        table.remove(connection);
    }

    /** Forgets the flow that answers a line's packets: what one side sends is what the other direction's packets become, reversed. */
    private void removeAnswering(boolean udp, long line) {
        boolean ipv6 = Connection.leavesAsIpv6(line);
        long answering = ipv6
                ? hash.ofAnswer(addresses().pair(line))
                : Long.rotateLeft(Memory.getLong(line + Connection.ADDRESSES), 32);
        int ports = Memory.getInt(line + Connection.PORTS);
        index.remove(answering, FlowKey.ofWire(udp, ipv6, Integer.rotateLeft(ports, 16)));
    }
}
