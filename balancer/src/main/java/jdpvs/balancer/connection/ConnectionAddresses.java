package jdpvs.balancer.connection;

import jdpvs.wire.Address;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/**
 * The addresses of one worker's connections that do not fit their records: one cache line for each record of {@link Connection}, never touched where both sides are
 * IPv4.
 *
 * <pre>
 *   0                 16                32                48
 *  +-----------------+-----------------+-----------------+-----------------+
 *  | local address   | server          | virtual address | client          |      wire order; a side of IPv4 leaves its half empty
 *  +-----------------+-----------------+-----------------+-----------------+
 *    the in line's pair                  the out line's pair
 * </pre>
 *
 * A line's pair is the new source and destination of its packets, as an IPv6 header has them. Readers in other threads may see a pair that is being replaced; see
 * {@link ConnectionTable#snapshot}.
 */
public final class ConnectionAddresses {
    static final int BYTES = 64;

    private static final int OTHER_PAIR = 32;
    private static final int DESTINATION = 16;

    private final long base;
    private final long records;
    private boolean used;

    /**
     * @param base 64-byte aligned, {@link #BYTES} for each connection
     * @param records where the records begin
     */
    ConnectionAddresses(long base, long records) {
        this.base = base;
        this.records = records;
    }

    public static long memoryBytes(int capacity) {
        return (long) capacity * BYTES;
    }

    /** The pair of a line of a record. */
    public long pair(long line) {
        return base + ((line - records) >>> 1);
    }

    /** Whether an IPv6 packet that was found by its key has the addresses of the line's packets. */
    public boolean isOf(long line, long ip) {
        // What arrives in one direction is what the other direction's packets become, reversed.
        long answer = pair(line) ^ OTHER_PAIR;
        return Memory.getLong(ip + Ipv6.SOURCE + 8) == Memory.getLong(answer + DESTINATION + 8)
                && Memory.getLong(ip + Ipv6.SOURCE) == Memory.getLong(answer + DESTINATION)
                && Memory.getLong(ip + Ipv6.DESTINATION + 8) == Memory.getLong(answer + 8)
                && Memory.getLong(ip + Ipv6.DESTINATION) == Memory.getLong(answer);
    }

    /** Whether an IPv6 packet, found by the key of its answers, has the addresses of what the line's packets answer. */
    public boolean isAnswered(long line, long ip) {
        long answer = pair(line) ^ OTHER_PAIR;
        return Memory.getLong(ip + Ipv6.SOURCE + 8) == Memory.getLong(answer + 8)
                && Memory.getLong(ip + Ipv6.SOURCE) == Memory.getLong(answer)
                && Memory.getLong(ip + Ipv6.DESTINATION + 8) == Memory.getLong(answer + DESTINATION + 8)
                && Memory.getLong(ip + Ipv6.DESTINATION) == Memory.getLong(answer + DESTINATION);
    }

    /** Whether any connection has had a side of IPv6. */
    public boolean isUsed() {
        return used;
    }

    /** Upper half of the source that a line gives its packets; of either family. */
    public long sourceHigh(long line) {
        return Connection.leavesAsIpv6(line) ? Ipv6.high(pair(line)) : 0;
    }

    public long sourceLow(long line) {
        return Connection.leavesAsIpv6(line) ? Ipv6.low(pair(line)) : Address.mapped(Connection.ipv4Source(line));
    }

    public long destinationHigh(long line) {
        return Connection.leavesAsIpv6(line) ? Ipv6.high(pair(line) + DESTINATION) : 0;
    }

    public long destinationLow(long line) {
        return Connection.leavesAsIpv6(line)
                ? Ipv6.low(pair(line) + DESTINATION)
                : Address.mapped(Connection.ipv4Destination(line));
    }

    Address source(long line) {
        return new Address(sourceHigh(line), sourceLow(line));
    }

    Address destination(long line) {
        return new Address(destinationHigh(line), destinationLow(line));
    }

    /** Gives a line's packets the addresses of those that answer a flow of IPv6. */
    void set(long line, Flow answered) {
        used = true;
        Ipv6.setAddress(pair(line), answered.destinationHigh(), answered.destinationLow());
        Ipv6.setAddress(pair(line) + DESTINATION, answered.sourceHigh(), answered.sourceLow());
    }
}
