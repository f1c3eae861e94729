package jdpvs.wire;

/**
 * An IPv6 or IPv4 address as 128 bits in network meaning. IPv4 stands as v4-mapped IPv6, {@code ::ffff:a.b.c.d} (RFC 4291 §2.5.5.2), which no packet on a wire may
 * carry ({@link Classifier} sees to it), so that one table serves both families. For configuration and messages; the packet path hands on the two halves, or
 * an {@code int} where it knows that the address is IPv4.
 *
 * @param high the first 64 bits; 0 for IPv4
 * @param low the last 64 bits
 */
public record Address(long high, long low) implements Comparable<Address> {
    /** {@code ::}, which means "none" wherever an address may be missing. */
    public static final Address NONE = new Address(0, 0);

    /** {@code fe80::}, the prefix of every link's addresses. */
    public static final Address LINK_LOCAL = new Address(0xfe80_0000_0000_0000L, 0);

    private static final long MAPPED = 0xffff_0000_0000L;
    private static final long MULTIPLIER_HIGH = 0xbf58_476d_1ce4_e5b9L;
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    /** The address at 16 bytes of a packet. */
    public static Address at(long address) {
        return new Address(Ipv6.high(address), Ipv6.low(address));
    }

    /** @param address in network meaning: 10.0.0.1 is 0x0a000001 */
    public static Address ofIpv4(int address) {
        return new Address(0, mapped(address));
    }

    /** The lower half of an IPv4 address, {@code ::ffff:0.0.0.0} for 0; its upper half is 0. */
    public static long mapped(int address) {
        return MAPPED | (address & 0xffff_ffffL);
    }

    /** Whether two halves are an IPv4 address. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** @throws IllegalArgumentException with a sentence when the text is neither a dotted quad nor an IPv6 address (RFC 4291 §2.2) */
    public static Address parse(String text) {
        return AddressText.parse(text);
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    public boolean isNone() {
        return high == 0 && low == 0;
    }

    /** Of an IPv4 address, in network meaning. */
    public int ipv4() {
        return (int) low;
    }

    /** 32 or 128. */
    public int bits() {
        return isIpv4() ? 32 : 128;
    }

    /** {@code fe80::/10} (RFC 4291 §2.5.6). */
    public boolean isLinkLocal() {
        return isLinkLocal(high);
    }

    /** Of the upper half. */
    public static boolean isLinkLocal(long high) {
        return high >>> 54 == 0x3fa;
    }

    /**
     * For tables by address: the upper bits depend on all bits of the address and of what tells its entries apart. Not keyed, so for addresses that no stranger
     * chooses, or tables that are bounded.
     */
    public static long hash(long high, long low, int detail) {
        return ((high * MULTIPLIER_HIGH) ^ low ^ (long) detail << 32) * MULTIPLIER;
    }

    /** {@code 10.0.0.1:80} or {@code [2001:db8::1]:80}. */
    public String withPort(int port) {
        return (isIpv4() ? toString() : "[" + this + "]") + ":" + port;
    }

    /** {@code ff00::/8}, or an IPv4 group. */
    public boolean isMulticast() {
        return high >>> 56 == 0xff || (isIpv4() && (ipv4() >>> 28) == 0xe);
    }

    /** The network of a prefix length of this family, 0 to {@link #bits}. */
    public Address network(int prefixLength) {
        int length = isIpv4() ? prefixLength + 96 : prefixLength;
        return new Address(high & maskHigh(length), low & maskLow(length));
    }

    /** The upper half of the mask of a prefix length of 0 to 128. */
    public static long maskHigh(int length) {
        return length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
    }

    /** The lower half of the mask of a prefix length of 0 to 128. */
    public static long maskLow(int length) {
        return length <= 64 ? 0 : -1L << (128 - length);
    }

    /** Bits that two addresses have in common from the left, of 128. */
    public static int commonBits(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh
                ? Long.numberOfLeadingZeros(high ^ otherHigh)
                : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
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
