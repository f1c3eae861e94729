package jdpvs.balancer.service;

import jdpvs.wire.Memory;

/**
 * One worker's counters per server id, in native memory: that worker alone writes, any thread may read. Counts only rise over the life of the
 * process; zeroing and the change of an id's owner are baselines of the reader ({@link ServerStatistics}), so that nobody else ever writes.
 *
 * <pre>
 *  one line of 64 bytes per server id, machine byte order:
 *  0 connections created | 8 packets in | 16 packets out | 24 bytes in | 32 bytes out   (64 bits each)
 *  40 active | 44 inactive | 48 both                                                    (32 bits each)
 *  52 … 63 unused
 * </pre>
 */
public final class ServerCounters {
    private static final int CREATED = 0;
    private static final int PACKETS_IN = 8;
    private static final int PACKETS_OUT = 16;
    private static final int BYTES_IN = 24;
    private static final int BYTES_OUT = 32;
    private static final int ACTIVE = 40;
    private static final int INACTIVE = 44;
    private static final int CONNECTIONS = 48;
    private static final int SHIFT = 6;

    private final long memory;

    /** @param memory address of {@link #bytes} zeroed bytes, 64-byte aligned, that outlive this object */
    public ServerCounters(long memory) {
        this.memory = memory;
    }

    /** Memory needed for this many server ids. */
    public static long bytes(int servers) {
        return (long) servers << SHIFT;
    }

    private long line(int server) {
        return memory + ((long) server << SHIFT);
    }

    /** Established connections. */
    public int active(int server) {
        return Memory.getInt(line(server) + ACTIVE);
    }

    /** Connections in any other state. */
    public int inactive(int server) {
        return Memory.getInt(line(server) + INACTIVE);
    }

    /**
     * Connections in any state. One word: a reader of {@link #active} and {@link #inactive} may see neither of them while a connection changes
     * from one to the other.
     */
    public int connections(int server) {
        return Memory.getInt(line(server) + CONNECTIONS);
    }

    /** New connection: one more created, one more inactive. */
    public void created(int server) {
        long line = line(server);
        Memory.putLong(line + CREATED, Memory.getLong(line + CREATED) + 1);
        Memory.putInt(line + INACTIVE, Memory.getInt(line + INACTIVE) + 1);
        Memory.putInt(line + CONNECTIONS, Memory.getInt(line + CONNECTIONS) + 1);
    }

    /** A connection went from inactive to active (established). */
    public void becameActive(int server) {
        long line = line(server);
        Memory.putInt(line + ACTIVE, Memory.getInt(line + ACTIVE) + 1);
        Memory.putInt(line + INACTIVE, Memory.getInt(line + INACTIVE) - 1);
    }

    /** A connection went from active to inactive. */
    public void becameInactive(int server) {
        long line = line(server);
        Memory.putInt(line + INACTIVE, Memory.getInt(line + INACTIVE) + 1);
        Memory.putInt(line + ACTIVE, Memory.getInt(line + ACTIVE) - 1);
    }

    /** A connection ended. */
    public void ended(int server, boolean wasActive) {
        long line = line(server);
        long field = line + (wasActive ? ACTIVE : INACTIVE);
        Memory.putInt(field, Memory.getInt(field) - 1);
        Memory.putInt(line + CONNECTIONS, Memory.getInt(line + CONNECTIONS) - 1);
    }

    /** Client to server. */
    public void in(int server, int packets, int bytes) {
        long line = line(server);
        Memory.putLong(line + PACKETS_IN, Memory.getLong(line + PACKETS_IN) + packets);
        Memory.putLong(line + BYTES_IN, Memory.getLong(line + BYTES_IN) + bytes);
    }

    /** Server to client. */
    public void out(int server, int packets, int bytes) {
        long line = line(server);
        Memory.putLong(line + PACKETS_OUT, Memory.getLong(line + PACKETS_OUT) + packets);
        Memory.putLong(line + BYTES_OUT, Memory.getLong(line + BYTES_OUT) + bytes);
    }

    public long connectionsCreated(int server) {
        return Memory.getLong(line(server) + CREATED);
    }

    public long packetsIn(int server) {
        return Memory.getLong(line(server) + PACKETS_IN);
    }

    public long packetsOut(int server) {
        return Memory.getLong(line(server) + PACKETS_OUT);
    }

    public long bytesIn(int server) {
        return Memory.getLong(line(server) + BYTES_IN);
    }

    public long bytesOut(int server) {
        return Memory.getLong(line(server) + BYTES_OUT);
    }
}
