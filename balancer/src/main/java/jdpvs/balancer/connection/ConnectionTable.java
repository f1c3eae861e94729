package jdpvs.balancer.connection;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;

/**
 * One worker's connections: records of {@link Connection#BYTES} in native memory, addressed by number, and elsewhere the {@link ConnectionAddresses} of IPv6. Written by the worker alone; any thread may list
 * it meanwhile.
 *
 * <p>Free records form a stack through their {@code next} field; records that were never used lie above the high-water mark, so that an idle table
 * touches no memory.
 */
public final class ConnectionTable {
    /** What a {@link FlowIndex} entry can number. */
    public static final int LARGEST_CAPACITY = 1 << 28;

    private static final int NONE = -1;
    private static final VarHandle SIZE;
    private static final VarHandle HIGH_WATER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SIZE = lookup.findVarHandle(ConnectionTable.class, "size", int.class);
            HIGH_WATER = lookup.findVarHandle(ConnectionTable.class, "highWater", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long base;
    private final ConnectionAddresses addresses;
    private final int capacity;
    private final int worker;
    private int size;
    private int highWater;
    private int free = NONE;

    /**
     * @param base of the records: 64-byte aligned, {@link #memoryBytes} long, zero
     * @param addresses 64-byte aligned, {@link ConnectionAddresses#memoryBytes} long, zero
     */
    public ConnectionTable(long base, long addresses, int capacity, int worker) {
        if (capacity < 1 || capacity > LARGEST_CAPACITY) {
            throw new IllegalArgumentException(
                    "a connection table holds 1 to " + LARGEST_CAPACITY + " connections, not " + capacity);
        }
        this.base = base;
        this.addresses = new ConnectionAddresses(addresses, base);
        this.capacity = capacity;
        this.worker = worker;
    }

    public static long memoryBytes(int capacity) {
        return (long) capacity * Connection.BYTES;
    }

    public ConnectionAddresses addresses() {
        return addresses;
    }

    public int capacity() {
        return capacity;
    }

    /** Connections now; any thread. */
    public int size() {
        return (int) SIZE.getOpaque(this);
    }

    public boolean isFull() {
        return size == capacity;
    }

    /** The record's address. */
    public long record(int connection) {
        return base + ((long) connection << 7);
    }

    /**
     * Makes a record live: both rewrites filled, everything else zero but what the arguments say.
     *
     * @param client the client's packets: client, virtual service
     * @param answers the server's packets: server, local address
     * @param nowMillis CLOCK_BOOTTIME
     * @return its number; the caller has seen that the table is not full
     */
    int add(Flow client, Flow answers, int service, int server, int localAddress, long nowMillis) {
        int connection;
        if (free != NONE) {
            connection = free;
            free = Memory.getInt(record(connection) + Connection.NEXT);
        } else {
            connection = highWater;
            HIGH_WATER.setRelease(this, connection + 1);
        }
        SIZE.setOpaque(this, size + 1);
        long in = record(connection);
        long out = in + Connection.OUT;
        int version = Memory.getShort(in + Connection.VERSION);
        clear(in);
        Memory.putShort(in + Connection.VERSION, version);
        Connection.setRewrite(in, client, answers);
        Connection.setRewrite(out, answers, client);
        if (answers.isIpv6()) {
            addresses.set(in, answers);
        }
        if (client.isIpv6()) {
            addresses.set(out, client);
        }
        Memory.putByte(in + Connection.PROTOCOL, client.isUdp() ? 1 : 0);
        Memory.putShort(in + Connection.SERVICE, service);
        Memory.putInt(in + Connection.SERVER, server);
        Memory.putInt(out + Connection.SERVER, server);
        Memory.putShort(in + Connection.LOCAL_ADDRESS, localAddress);
        Memory.putInt(in + Connection.CREATED, (int) (nowMillis / 1000));
        Connection.setLastSeen(in, (int) nowMillis);
        Connection.setLastSeen(out, (int) nowMillis);
        VarHandle.storeStoreFence();
        Memory.putShort(in + Connection.VERSION, version + 1);
        return connection;
    }

    /** Ends a live record; its number may be given out again at once. */
    void remove(int connection) {
        long record = record(connection);
        Memory.putShort(record + Connection.VERSION, Memory.getShort(record + Connection.VERSION) + 1);
        VarHandle.storeStoreFence();
        Memory.putInt(record + Connection.NEXT, free);
        free = connection;
        SIZE.setOpaque(this, size - 1);
    }

    boolean isLive(int connection) {
        return (Memory.getShort(record(connection) + Connection.VERSION) & 1) != 0;
    }

    /**
     * Visits connections until the visitor answers false; any thread, while the worker runs. Every connection that lives during the
     * whole visit is seen once; those that come or go meanwhile may be.
     *
     * @return whether the visitor saw all
     */
    public boolean forEach(Predicate<ConnectionSnapshot> visitor) {
        int end = (int) HIGH_WATER.getAcquire(this);
        for (int connection = 0; connection < end; connection++) {
            ConnectionSnapshot snapshot = snapshot(connection);
            if (snapshot != null && !visitor.test(snapshot)) {
                return false;
            }
        }
        return true;
    }

    /** Is told of a connection's server side; addresses as halves. */
    public interface ServerSideVisitor {
        void connection(
                int localId,
                long localHigh,
                long localLow,
                long serverHigh,
                long serverLow,
                int serverPort,
                boolean udp);
    }

    /** As {@link #forEach}, without an object for each connection. */
    public void forEachServerSide(ServerSideVisitor visitor) {
        int end = (int) HIGH_WATER.getAcquire(this);
        for (int connection = 0; connection < end; connection++) {
            long record = record(connection);
            int before = Memory.getShort(record + Connection.VERSION);
            if ((before & 1) == 0) {
                continue;
            }
            VarHandle.loadLoadFence();
            int localId = Connection.localAddress(record);
            long localHigh = addresses.sourceHigh(record);
            long localLow = addresses.sourceLow(record);
            long serverHigh = addresses.destinationHigh(record);
            long serverLow = addresses.destinationLow(record);
            int port = Connection.serverPort(record);
            boolean udp = Connection.isUdp(record);
            VarHandle.loadLoadFence();
            if (Memory.getShort(record + Connection.VERSION) == before) {
                visitor.connection(localId, localHigh, localLow, serverHigh, serverLow, port, udp);
            }
        }
    }

    /** Any thread: one connection as it is now, or null when it has ended or ends just now. */
    @Nullable ConnectionSnapshot snapshot(int connection) {
        long record = record(connection);
        int before = Memory.getShort(record + Connection.VERSION);
        if ((before & 1) == 0) {
            return null;
        }
        VarHandle.loadLoadFence();
        long out = record + Connection.OUT;
        ConnectionSnapshot snapshot = new ConnectionSnapshot(
                worker,
                Connection.isUdp(record),
                Connection.state(record),
                Connection.service(record),
                Connection.server(record),
                addresses.destination(out),
                Connection.clientPort(record),
                addresses.source(out),
                Connection.virtualPort(record),
                addresses.source(record),
                Connection.localPort(record),
                addresses.destination(record),
                Connection.serverPort(record),
                Memory.getInt(record + Connection.CREATED));
        VarHandle.loadLoadFence();
        return Memory.getShort(record + Connection.VERSION) == before ? snapshot : null;
    }

    private static void clear(long record) {
        for (long word = record; word < record + Connection.BYTES; word += 8) {
            if (word != record + (Connection.VERSION & ~7)) {
                Memory.putLong(word, 0);
            }
        }
        Memory.putShort(record + Connection.FLAGS, 0);
        Memory.putShort(record + Connection.LOCAL_ADDRESS, 0);
    }
}
