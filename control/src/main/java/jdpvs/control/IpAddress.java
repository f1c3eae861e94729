package jdpvs.control;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import jdpvs.wire.Address;

/**
 * An IPv4 or IPv6 address; its JSON form is its text.
 *
 * @param high upper 64 bits of an IPv6 address, 0 for IPv4
 * @param low lower 64 bits, or the 32 bits of an IPv4 address
 */
public record IpAddress(boolean ipv6, long high, long low) implements Comparable<IpAddress> {

    public static IpAddress ofIpv4(int address) {
        return new IpAddress(false, 0, address & 0xffff_ffffL);
    }

    /** @throws IllegalArgumentException when the text is not a numeric address, with a sentence naming it */
    @JsonCreator
    public static IpAddress parse(String text) {
        Address address = Address.parse(text);
        return text.indexOf(':') < 0 ? ofIpv4(address.ipv4()) : new IpAddress(true, address.high(), address.low());
    }

    /** Network meaning: 10.0.0.1 is 0x0a000001. */
    public int toIpv4() {
        return (int) low;
    }

    /** 32 or 128. */
    public int bits() {
        return ipv6 ? 128 : 32;
    }

    /** IPv4 first, then by value. */
    @Override
    public int compareTo(IpAddress other) {
        if (ipv6 != other.ipv6) {
            return ipv6 ? 1 : -1;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Dotted quad, or the canonical text of RFC 5952. */
    @Override
    @JsonValue
    public String toString() {
        return ipv6 ? Address.ipv6Text(high, low) : Address.ofIpv4(toIpv4()).toString();
    }
}
