package jdpvs.balancer.connection;

import java.util.random.RandomGenerator;
import jdpvs.wire.Memory;

/**
 * The 64 bits that stand for the two addresses of an IPv6 packet in a {@link FlowKey}. Keyed with secrets, so that nobody outside can find packets of other addresses with
 * the same one; the other direction of a flow has another.
 *
 * <p>A pair is source and destination as they lie in an IPv6 header: 32 bytes from {@link jdpvs.wire.Ipv6#SOURCE} on.
 */
public final class AddressHash {
    private final long sourceHigh;
    private final long sourceLow;
    private final long destinationHigh;
    private final long destinationLow;
    private final long last;

    /** @param random of the secrets */
    public AddressHash(RandomGenerator random) {
        this.sourceHigh = random.nextLong();
        this.sourceLow = random.nextLong();
        this.destinationHigh = random.nextLong();
        this.destinationLow = random.nextLong();
        this.last = random.nextLong();
    }

    /** Of packets with this pair. */
    public long of(long pair) {
        return mix(
                Memory.getLong(pair), Memory.getLong(pair + 8), Memory.getLong(pair + 16), Memory.getLong(pair + 24));
    }

    /** Of packets that answer those with this pair. */
    public long ofAnswer(long pair) {
        return mix(
                Memory.getLong(pair + 16), Memory.getLong(pair + 24), Memory.getLong(pair), Memory.getLong(pair + 8));
    }

    /** From the halves of two addresses in network meaning. */
    public long of(long fromHigh, long fromLow, long toHigh, long toLow) {
        return mix(
                Long.reverseBytes(fromHigh),
                Long.reverseBytes(fromLow),
                Long.reverseBytes(toHigh),
                Long.reverseBytes(toLow));
    }

    private long mix(long fromHigh, long fromLow, long toHigh, long toLow) {
        long from = folded(fromHigh ^ sourceHigh, fromLow ^ sourceLow);
        long to = folded(toHigh ^ destinationHigh, toLow ^ destinationLow);
        return folded(from ^ last, to ^ Long.rotateLeft(last, 32));
    }

    /** Both halves of the product. */
    private static long folded(long a, long b) {
        return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
    }
}
