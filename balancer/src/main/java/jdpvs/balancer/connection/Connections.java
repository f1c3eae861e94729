package jdpvs.balancer.connection;

import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Everything one worker remembers about flows: records, index, timers, local ports. Opening and closing a connection go through here and nowhere
 * else, so that the parts agree.
 */
public final class Connections {
    private final ConnectionTable table;
    private final FlowIndex index;
    private final TimerWheel wheel;
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
        table = new ConnectionTable(memory, capacity, worker);
        long at = memory + ConnectionTable.memoryBytes(capacity);
        index = new FlowIndex(at, capacity, random.nextLong(), random.nextLong());
        at += FlowIndex.memoryBytes(capacity);
        ports = new LocalPorts(at, capacity, index, worker, portMask, random.nextLong());
        at += LocalPorts.memoryBytes(capacity);
        use = new LocalAddressUse(at, capacity);
        wheel = new TimerWheel(table, nowMillis);
    }

    /** Native memory for a capacity: at most 192 bytes a connection from 65,536 on. */
    public static long memoryBytes(int capacity) {
        return ConnectionTable.memoryBytes(capacity)
                + FlowIndex.memoryBytes(capacity)
                + LocalPorts.memoryBytes(capacity)
                + LocalAddressUse.memoryBytes(capacity);
    }

    public FlowIndex index() {
        return index;
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

    public boolean isFull() {
        return table.isFull();
    }

    /** Connections now; any thread. */
    public int size() {
        return table.size();
    }

    public int capacity() {
        return table.capacity();
    }

    /** See {@link ConnectionTable#forEach}; any thread. */
    public boolean forEach(Predicate<ConnectionSnapshot> visitor) {
        return table.forEach(visitor);
    }

    /**
     * Opens a connection between two flows that are not known yet; there is room.
     *
     * @param clientAddresses {@link FlowKey} of the client's packets
     * @param serverAddresses {@link FlowKey} of the server's packets: its address and port towards the local address and port
     * @param timeoutMillis until it ends if nothing else comes
     * @return its number; both directions are {@link Connection#UNSTEADY}
     */
    public int open(
            long clientAddresses,
            long clientPorts,
            long serverAddresses,
            long serverPorts,
            int service,
            int server,
            int localId,
            long nowMillis,
            int timeoutMillis) {
        int connection = table.add(
                clientAddresses, clientPorts, serverAddresses, serverPorts, service, server, localId, nowMillis);
        index.insert(clientAddresses, clientPorts, connection, false);
        index.insert(serverAddresses, serverPorts, connection, true);
        ports.taken(localId);
        use.add(service, localId);
        long record = table.record(connection);
        Connection.setFlag(record, Connection.UNSTEADY);
        Connection.setFlag(record + Connection.OUT, Connection.UNSTEADY);
        wheel.add(connection, record, nowMillis, timeoutMillis);
        return connection;
    }

    /** Forgets a live connection. */
    public void close(int connection) {
        long record = table.record(connection);
        wheel.remove(record);
        forget(connection, record);
    }

    /** As {@link #close}, for a connection that the wheel has just handed to {@link TimerWheel.Expiry#expire}. */
    public void closeExpired(int connection) {
        forget(connection, table.record(connection));
    }

    /** Ends a connection earlier than the wheel would notice. */
    public void shorten(int connection, long nowMillis, int timeoutMillis) {
        long record = table.record(connection);
        wheel.remove(record);
        wheel.add(connection, record, nowMillis, timeoutMillis);
    }

    /** See {@link TimerWheel#tick}; a wheel that has fallen behind does more work a tick. */
    public int tick(long nowMillis, TimerWheel.Expiry expiry) {
        int budget = wheel.lagMillis(nowMillis) > 500 ? 8192 : 1024;
        return wheel.tick(nowMillis, budget, expiry);
    }

    /**
     * Any thread, for questions: the connection of a packet. The worker may move index entries meanwhile, so what was found is checked, and what was not found is
     * looked for again.
     *
     * @param addresses {@link FlowKey} of the packet
     */
    public @Nullable FoundConnection look(long addresses, long ports) {
        for (int i = 0; i < 4; i++) {
            int hit = index.find(addresses, ports);
            if (hit != 0) {
                int number = FlowIndex.connection(hit);
                ConnectionSnapshot connection = table.snapshot(number);
                boolean outbound = FlowIndex.isOutbound(hit);
                long line = table.record(number) + (outbound ? Connection.OUT : 0);
                int acknowledged = Memory.getInt(line + Connection.LAST_ACKNOWLEDGEMENT);
                int lastSeenMillis = Connection.lastSeen(table.record(number));
                if (connection != null && connection.isFlow(addresses, ports, outbound)) {
                    return new FoundConnection(connection, outbound, acknowledged, lastSeenMillis);
                }
            }
        }
        return null;
    }

    private void forget(int connection, long record) {
        boolean udp = Connection.isUdp(record);
        int localId = Connection.localAddress(record);
        index.remove(
                arriving(Memory.getLong(record + Connection.OUT + Connection.ADDRESSES)),
                arrivingPorts(udp, Memory.getInt(record + Connection.OUT + Connection.PORTS)));
        index.remove(
                arriving(Memory.getLong(record + Connection.ADDRESSES)),
                arrivingPorts(udp, Memory.getInt(record + Connection.PORTS)));
        ports.freed(localId);
        use.subtract(Connection.service(record), localId);
        table.remove(connection);
    }

    /** What one side sends is what the other direction's packets become, reversed. */
    private static long arriving(long rewritten) {
        return Long.rotateLeft(rewritten, 32);
    }

    private static long arrivingPorts(boolean udp, int rewritten) {
        long ports = Integer.toUnsignedLong(Integer.rotateLeft(rewritten, 16));
        return ports | (udp ? FlowKey.USED | FlowKey.UDP : FlowKey.USED);
    }
}
