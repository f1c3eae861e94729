package jdpvs.wire;

/**
 * An IPv6 or IPv4 address as 128 bits in network meaning. IPv4 stands as v4-mapped IPv6, {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2), so that one
 * table serves both families. For configuration and messages, not for the packet path.
 *
 * @param high the first 64 bits; 0 for IPv4
 * @param low the last 64 bits
 */
public record Address(long high, long low) implements Comparable<Address> {
    private static final long MAPPED = 0xffff_0000_0000L;

    /** @param address in network meaning: 10.0.0.1 is 0x0a000001 */
    public static Address ofIpv4(int address) {
        return new Address(0, mapped(address));
    }

    private static long mapped(int address) {
        return MAPPED | (address & 0xffff_ffffL);
    }

    /** @throws IllegalArgumentException with a sentence when the text is neither a dotted quad nor an IPv6 address (RFC 4291 §2.2) */
    public static Address parse(String text) {
        return AddressText.parse(text);
    }

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** Of an IPv4 address, in network meaning. */
    public int ipv4() {
        return (int) low;
    }

    /** 32 or 128. */
    public int bits() {
        return isIpv4() ? 32 : 128;
    }

    /** The network of a prefix length of this family, 0 to {@link #bits}. */
    public Address network(int prefixLength) {
        int length = isIpv4() ? prefixLength + 96 : prefixLength;
        return new Address(high & maskHigh(length), low & maskLow(length));
    }

    /** The upper half of the mask of a prefix length of 0 to 128. */
    private static long maskHigh(int length) {
        return length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
    }

    /** The lower half of the mask of a prefix length of 0 to 128. */
    private static long maskLow(int length) {
        return length <= 64 ? 0 : -1L << (128 - length);
    }

    /** IPv4 before IPv6, then by value. */
    @Override
    public int compareTo(Address other) {
        int byFamily = Boolean.compare(other.isIpv4(), isIpv4());
        int byHigh = byFamily != 0 ? byFamily : Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The canonical text (RFC 5952 §4) of an IPv6 address, which may be a v4-mapped one. */
    public static String ipv6Text(long high, long low) {
        return AddressText.formatIpv6(high, low);
    }

    /** Dotted quad, or the canonical text of RFC 5952. */
    @Override
    public String toString() {
        return AddressText.format(this);
    }
}
