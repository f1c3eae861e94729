package jdpvs.toa.program;

import jdpvs.wire.Address;

/**
 * A network of IPv4 or IPv6 addresses, its host bits zero.
 *
 * @param length bits of the address that count, of 32 or 128
 */
public record Prefix(Address address, int length) implements Comparable<Prefix> {
    private static final int MAPPED_BITS = 96;

    /**
     * @param text {@code 192.168.229.204}, {@code 10.0.0.0/24}, {@code 2001:db8::/64}
     * @throws IllegalArgumentException with a sentence that names what is wrong and the way out
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        Address address = address(slash < 0 ? text : text.substring(0, slash), text);
        int length = slash < 0 ? address.bits() : length(text.substring(slash + 1));
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no prefix: behind the slash belongs a number from 0 to " + address.bits());
        }
        Address network = address.network(length);
        if (!network.equals(address)) {
            throw new IllegalArgumentException("'" + text + "' has bits set behind its prefix length; the network is "
                    + new Prefix(network, length));
        }
        return new Prefix(address, length);
    }

    private static Address address(String host, String text) {
        try {
            return Address.parse(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address or network; write 192.168.229.204, 10.0.0.0/24 or 2001:db8::/64", e);
        }
    }

    private static int length(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    /** @param mappedLength of 128 */
    static Prefix ofMapped(Address address, int mappedLength) {
        boolean ipv4 = address.isIpv4() && mappedLength >= MAPPED_BITS;
        return new Prefix(address, ipv4 ? mappedLength - MAPPED_BITS : mappedLength);
    }

    /** Of 128. */
    int lengthMapped() {
        return address.isIpv4() ? length + MAPPED_BITS : length;
    }

    /** By address, a network before what lies in it. */
    @Override
    public int compareTo(Prefix other) {
        int order = address.compareTo(other.address);
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
