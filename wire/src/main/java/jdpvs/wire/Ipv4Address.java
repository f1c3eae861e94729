package jdpvs.wire;

/** Text of IPv4 addresses that are {@code int}s in network meaning; for messages and tests, not for the packet path. */
public final class Ipv4Address {
    private Ipv4Address() {}

    /** Dotted quad. */
    public static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    /** @throws IllegalArgumentException with a sentence when the text is not four decimal octets */
    public static int parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an IPv4 address: " + text);
        }
        int address = 0;
        for (String part : parts) {
            if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
                throw new IllegalArgumentException("not an IPv4 address: " + text);
            }
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    /** Network mask of a prefix length of 0 to 32. */
    public static int mask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }
}
