package jdpvs.balancer.service;

/**
 * Counts since the start or the last zeroing, or rates per second: facts behaviour §13. Bytes are IP total lengths.
 *
 * @param connections created
 */
public record Counts(long connections, long inPackets, long outPackets, long inBytes, long outBytes) {
    public static final Counts ZERO = new Counts(0, 0, 0, 0, 0);

    public Counts plus(Counts other) {
        return new Counts(
                connections + other.connections,
                inPackets + other.inPackets,
                outPackets + other.outPackets,
                inBytes + other.inBytes,
                outBytes + other.outBytes);
    }

    public Counts minus(Counts other) {
        return new Counts(
                connections - other.connections,
                inPackets - other.inPackets,
                outPackets - other.outPackets,
                inBytes - other.inBytes,
                outBytes - other.outBytes);
    }

    /** Each divided by the time, rounded to the nearest; never negative. */
    Counts perSecond(long millis) {
        return new Counts(
                rate(connections, millis),
                rate(inPackets, millis),
                rate(outPackets, millis),
                rate(inBytes, millis),
                rate(outBytes, millis));
    }

    private static long rate(long count, long millis) {
        return Math.max(0, Math.round(count * 1000.0 / millis));
    }
}
