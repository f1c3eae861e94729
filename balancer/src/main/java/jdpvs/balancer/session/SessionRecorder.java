package jdpvs.balancer.session;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.ConnectionAddresses;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * One worker's notes for the session log: what each connection has carried, beside the connection table and only when the log is wanted.
 *
 * <pre>
 *  per connection (32 bytes)
 *   0  bytes in (8)      8  bytes out (8)
 *  16  packets in (6)   22  milliseconds of the second it was opened in (2)
 *  24  packets out (6)  30  who has sent FIN or RST (2)
 * </pre>
 */
public final class SessionRecorder {
    private static final int ENTRY_SHIFT = 5;
    private static final int OUT = 8;
    private static final int PACKETS = 16;
    private static final int OPENED_MILLIS = 22;
    private static final int ENDS = 30;
    private static final long COUNT_MASK = 0xffff_ffff_ffffL;

    private static final int CLIENT_FIN = 1;
    private static final int SERVER_FIN = 2;
    private static final int BOTH_FIN = CLIENT_FIN | SERVER_FIN;
    private static final int CLIENT_RESET = 4;
    private static final int SERVER_RESET = 8;
    private static final int RESET = CLIENT_RESET | SERVER_RESET;

    private final long table;
    private final SessionRing ring;

    /** @param table native, {@link #memoryBytes} long for as many connections as the worker has */
    public SessionRecorder(long table, SessionRing ring) {
        this.table = table;
        this.ring = ring;
    }

    public static long memoryBytes(int connections) {
        return (long) connections << ENTRY_SHIFT;
    }

    /** A connection has just been made. */
    public void opened(int connection, long record, ConnectionAddresses addresses, long nowMillis) {
        long entry = entry(connection);
        Memory.putLong(entry, 0);
        Memory.putLong(entry + OUT, 0);
        Memory.putLong(entry + PACKETS, nowMillis % 1000 << 48);
        Memory.putLong(entry + PACKETS + OUT, 0);
        long event = event(SessionRing.CREATE, record, addresses, nowMillis);
        if (event != 0) {
            ring.publish();
        }
    }

    /** A frame of the connection goes on; as wide as what the statistics of its server count. */
    public void count(int connection, boolean outbound, long packets, long bytes) {
        long entry = entry(connection) + (outbound ? OUT : 0);
        Memory.putLong(entry, Memory.getLong(entry) + bytes);
        Memory.putLong(entry + PACKETS, Memory.getLong(entry + PACKETS) + packets);
    }

    /** A packet with FIN or RST was accepted; only the first reset counts, and none after both ends have said FIN. */
    public void ending(int connection, boolean outbound, int tcpFlags) {
        long field = entry(connection) + ENDS;
        int ends = Memory.getShort(field);
        if ((tcpFlags & Tcp.RST) != 0) {
            if (ends != BOTH_FIN && (ends & RESET) == 0) {
                Memory.putShort(field, ends | (outbound ? SERVER_RESET : CLIENT_RESET));
            }
        } else if ((tcpFlags & Tcp.FIN) != 0) {
            Memory.putShort(field, ends | (outbound ? SERVER_FIN : CLIENT_FIN));
        }
    }

    /** The connection is about to be forgotten; its record still holds. */
    public void closed(int connection, long record, ConnectionAddresses addresses, EndReason reason, long nowMillis) {
        long event = event(SessionRing.CLOSE, record, addresses, nowMillis);
        if (event == 0) {
            return;
        }
        long entry = entry(connection);
        int idle = Math.max(0, (int) nowMillis - Connection.lastSeen(record));
        long opened = Memory.getInt(record + Connection.CREATED) * 1000L + Memory.getShort(entry + OPENED_MILLIS);
        Memory.putByte(
                event + SessionRing.REASON,
                refined(reason, Memory.getShort(entry + ENDS)).ordinal());
        Memory.putInt(event + SessionRing.IDLE, idle);
        Memory.putLong(event + SessionRing.DURATION, Math.max(0, nowMillis - idle - opened));
        Memory.putLong(event + SessionRing.IN_PACKETS, Memory.getLong(entry + PACKETS) & COUNT_MASK);
        Memory.putLong(event + SessionRing.IN_BYTES, Memory.getLong(entry));
        Memory.putLong(event + SessionRing.OUT_PACKETS, Memory.getLong(entry + PACKETS + OUT) & COUNT_MASK);
        Memory.putLong(event + SessionRing.OUT_BYTES, Memory.getLong(entry + OUT));
        ring.publish();
    }

    /** A connection that its ends have ended is only remembered for a while: that memory's end is not the reason. */
    private static EndReason refined(EndReason reason, int ends) {
        if ((ends & RESET) != 0) {
            return (ends & CLIENT_RESET) != 0 ? EndReason.RESET_BY_CLIENT : EndReason.RESET_BY_SERVER;
        }
        return (ends & BOTH_FIN) == BOTH_FIN ? EndReason.FIN : reason;
    }

    private long event(int kind, long record, ConnectionAddresses addresses, long nowMillis) {
        long event = ring.claim();
        if (event != 0) {
            Memory.putByte(event + SessionRing.KIND, kind);
            Memory.putByte(event + SessionRing.PROTOCOL, Connection.isUdp(record) ? 1 : 0);
            Memory.putByte(event + SessionRing.STATE, Connection.state(record));
            Memory.putByte(event + SessionRing.REASON, 0);
            Memory.putLong(event + SessionRing.TIME, nowMillis);
            long out = record + Connection.OUT;
            address(event + SessionRing.CLIENT, addresses.destinationHigh(out), addresses.destinationLow(out));
            address(event + SessionRing.VIRTUAL, addresses.sourceHigh(out), addresses.sourceLow(out));
            address(event + SessionRing.LOCAL, addresses.sourceHigh(record), addresses.sourceLow(record));
            address(event + SessionRing.SERVER, addresses.destinationHigh(record), addresses.destinationLow(record));
            Memory.putShort(event + SessionRing.PORTS, Connection.clientPort(record));
            Memory.putShort(event + SessionRing.PORTS + 2, Connection.virtualPort(record));
            Memory.putShort(event + SessionRing.PORTS + 4, Connection.localPort(record));
            Memory.putShort(event + SessionRing.PORTS + 6, Connection.serverPort(record));
        }
        return event;
    }

    private static void address(long field, long high, long low) {
        Memory.putLong(field, high);
        Memory.putLong(field + 8, low);
    }

    private long entry(int connection) {
        return table + ((long) connection << ENTRY_SHIFT);
    }
}
