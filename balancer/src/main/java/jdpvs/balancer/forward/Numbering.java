package jdpvs.balancer.forward;

import java.util.random.RandomGenerator;
import jdpvs.balancer.connection.Connection;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;

/**
 * Gives every TCP connection the sequence numbers and timestamps that its server sees. Many clients share the ports of one local address, so a server meets
 * one address and port again while it still remembers the connection before (TIME_WAIT, 60 seconds on Linux), and each client counts for itself. A
 * server takes a SYN for a connection in TIME_WAIT at once when its timestamp is newer than the last it saw, or, without timestamps, when its sequence
 * number is later; a segment with an older timestamp is refused before its sequence number is looked at (PAWS), and the client's SYN would wait for its
 * retransmission (RFC 6191 §2, RFC 7323 §5.3). So both must rise from one connection of a local address and port to the next, whoever the client:
 *
 * <ul>
 *   <li>The initial sequence number becomes keyed hash(local address and port, server and port) + clock, the clock at 64 ns a tick (RFC 6528 §3). Nobody who
 *       does not see the server's link can guess it. What one connection has sent moves its numbers on by one a byte: only an upload of more than
 *       125 Mbit/s over a connection's whole life outruns the clock, and then the timestamps decide.
 *   <li>The client's timestamps are moved by a constant, such that the SYN's becomes the clock in milliseconds; they are kept, for they protect long
 *       transfers and measure round trips. The clock counts from the same wall clock in every worker, in the next process and on another host that takes
 *       over the local address, so the promise outlives this process. A client whose timestamps run faster than milliseconds leaves the
 *       server with a mark ahead of the clock: the next client of that port waits for one retransmission at worst.
 * </ul>
 *
 * Constants per connection suffice to translate everything that follows; they are zero in the other direction's numbers.
 */
final class Numbering {
    /** Ticks of 64 ns in a millisecond. */
    private static final int TICKS_PER_MILLI = 15_625;

    private final long key0;
    private final long key1;
    private final long epochMillis;

    /**
     * @param epochMillis what to add to CLOCK_BOOTTIME's milliseconds for the wall clock's
     * @param random of the secret, which need not be other workers': a local port belongs to one worker
     */
    Numbering(long epochMillis, RandomGenerator random) {
        this.epochMillis = epochMillis;
        this.key0 = random.nextLong();
        this.key1 = random.nextLong();
    }

    /**
     * Decides how a new connection is translated.
     *
     * @param record just opened
     * @param addresses of the {@link jdpvs.balancer.connection.FlowKey} of its packets to the server
     * @param tcp the client's SYN, as it came
     * @param nowMillis CLOCK_BOOTTIME
     */
    void begin(long record, long addresses, long tcp, long nowMillis) {
        long clock = nowMillis + epochMillis;
        long out = record + Connection.OUT;
        int initial = hash(addresses, Memory.getInt(record + Connection.PORTS)) + (int) (clock * TICKS_PER_MILLI);
        int shift = initial - Tcp.sequence(tcp);
        Memory.putInt(record + Connection.SEQUENCE_DELTA, shift);
        Memory.putInt(out + Connection.ACKNOWLEDGEMENT_DELTA, -shift);
        long option = TcpOptions.find(tcp, TcpOptions.TIMESTAMPS);
        if (option != 0 && TcpOptions.length(option) == 10) {
            int later = (int) clock - Memory.getIntNet(option + 2);
            Memory.putInt(record + Connection.TIMESTAMP_DELTA, later);
            Memory.putInt(out + Connection.TIMESTAMP_DELTA, -later);
        }
    }

    /**
     * A keyed hash of 96 bits: SipHash's rounds (one a word, three at the end) over two words, with a secret of 128 bits. What comes out is never shown to
     * those it must be hidden from (a client learns only its own numbers back), so a full count of rounds would buy nothing.
     */
    private int hash(long addresses, int ports) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        long word = addresses;
        for (int round = 0; round < 5; round++) {
            if (round < 2) {
                v3 ^= word;
            } else if (round == 2) {
                v2 ^= 0xff;
            }
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            if (round < 2) {
                v0 ^= word;
                word = Integer.toUnsignedLong(ports) | 12L << 56;
            }
        }
        long mixed = v0 ^ v1 ^ v2 ^ v3;
        return (int) (mixed ^ mixed >>> 32);
    }
}
