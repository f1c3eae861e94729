package jdpvs.wire;

import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums and checksums are 16-bit values in network meaning, as
 * {@link Memory#getShortNet} reads them; a <em>sum</em> is folded and not complemented, a <em>checksum</em> is the complement of a sum.
 *
 * <p>A <em>delta</em> is the folded sum of new values and complemented old ones. It is made once per connection and added to every packet's
 * checksum: {@code checksum' = ~(~checksum + delta)} (RFC 1624 equation 3).
 */
public final class Checksum {
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksum() {}

    /** Sum of {@code bytes} bytes of native memory; an odd last byte counts as the high one of a pair. */
    public static int sum(long address, int bytes) {
        long sum = 0;
        long at = address;
        long end = address + (bytes & ~7);
        for (; at < end; at += 8) {
            long word = Memory.getLong(at);
            sum += (word & 0xffff_ffffL) + (word >>> 32);
        }
        if ((bytes & 4) != 0) {
            sum += Memory.getInt(at) & 0xffff_ffffL;
            at += 4;
        }
        if ((bytes & 2) != 0) {
            sum += Memory.getShort(at);
            at += 2;
        }
        if ((bytes & 1) != 0) {
            sum += SWAP ? Memory.getByte(at) : Memory.getByte(at) << 8;
        }
        int folded = fold(sum);
        return SWAP ? Short.reverseBytes((short) folded) & 0xffff : folded;
    }

    /**
     * Folds a sum of 16- or 32-bit words to 16 bits. A number plus itself with its halves swapped has the end-around carry's sum of both
     * halves in its upper half.
     */
    public static int fold(long sum) {
        int half = (int) ((sum + Long.rotateLeft(sum, 32)) >>> 32);
        return (half + Integer.rotateLeft(half, 16)) >>> 16;
    }

    /** Sum of two sums. */
    public static int add(int a, int b) {
        int sum = a + b;
        return (sum & 0xffff) + (sum >>> 16);
    }

    public static int complement(int sum) {
        return ~sum & 0xffff;
    }

    /** Sum of the pseudo header of TCP and UDP over IPv4 (RFC 9293 §3.1). */
    public static int pseudoHeader(int source, int destination, int protocol, int transportLength) {
        return fold((source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + transportLength);
    }

    /** The checksum that an IPv4 header should have, whatever stands in its field now. */
    public static int ipv4Header(long ip) {
        int sum = sum(ip, Ipv4.headerLength(ip));
        return complement(add(sum, complement(Ipv4.checksum(ip))));
    }

    public static boolean isIpv4HeaderValid(long ip) {
        return sum(ip, Ipv4.headerLength(ip)) == 0xffff;
    }

    /**
     * The checksum of a TCP segment or UDP datagram whose field is zero now; for UDP a computed 0 is 0xffff (RFC 768).
     *
     * @param length header and payload
     */
    public static int transport(int source, int destination, int protocol, long transport, int length) {
        int sum = add(pseudoHeader(source, destination, protocol, length), sum(transport, length));
        int checksum = complement(sum);
        return checksum == 0 && protocol == Ipv4.UDP ? 0xffff : checksum;
    }

    /** Whether the complete (not partial) checksum of a TCP segment or UDP datagram is right; UDP without one is. */
    public static boolean isTransportValid(int source, int destination, int protocol, long transport, int length) {
        if (protocol == Ipv4.UDP && Udp.checksum(transport) == 0) {
            return true;
        }
        return add(pseudoHeader(source, destination, protocol, length), sum(transport, length)) == 0xffff;
    }

    /** Delta of a 16-bit field at an even offset, for example a port. */
    public static int delta16(int oldValue, int newValue) {
        return add(complement(oldValue), newValue);
    }

    /** Delta of a 32-bit field at an even offset, for example an address or a sequence number. */
    public static int delta32(int oldValue, int newValue) {
        return fold((~oldValue & 0xffff_ffffL) + (newValue & 0xffff_ffffL));
    }

    /** A complete checksum after a change: {@code ~(~checksum + delta)}. */
    public static int update(int checksum, int delta) {
        return complement(add(complement(checksum), delta));
    }

    /** As {@link #update} for UDP: no checksum (0) stays none, a computed 0 becomes 0xffff (RFC 768). */
    public static int updateUdp(int checksum, int delta) {
        if (checksum == 0) {
            return 0;
        }
        int updated = update(checksum, delta);
        return updated == 0 ? 0xffff : updated;
    }

    /**
     * A partial checksum ({@link VirtioNetHeader#NEEDS_CHECKSUM}) after a change: the field holds the pseudo header's sum alone, so only a
     * change of addresses, protocol or transport length belongs into the delta, never ports or other fields (facts: packet-io §4).
     */
    public static int updatePartial(int field, int addressDelta) {
        return add(field, addressDelta);
    }

    /** {@link #update} in memory: one IPv4 header, TCP or ICMP checksum field. */
    public static void apply(long field, int delta) {
        Memory.putShortNet(field, update(Memory.getShortNet(field), delta));
    }

    /** {@link #updateUdp} in memory. */
    public static void applyUdp(long field, int delta) {
        Memory.putShortNet(field, updateUdp(Memory.getShortNet(field), delta));
    }

    /** {@link #updatePartial} in memory. */
    public static void applyPartial(long field, int addressDelta) {
        Memory.putShortNet(field, updatePartial(Memory.getShortNet(field), addressDelta));
    }
}
