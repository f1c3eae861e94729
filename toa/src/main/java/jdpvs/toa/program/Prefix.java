package jdpvs.toa.program;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A network of IPv4 or IPv6 addresses, its host bits zero.
 *
 * @param address 4 or 16 bytes
 * @param length bits of it that count
 */
public record Prefix(InetAddress address, int length) implements Comparable<Prefix> {
    private static final int MAPPED_BITS = 96;

    /**
     * @param text {@code 192.168.229.204}, {@code 10.0.0.0/24}, {@code 2001:db8::/64}
     * @throws IllegalArgumentException with a sentence that names what is wrong and the way out
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = literal(host, text);
        int bits = address.getAddress().length * 8;
        int length = bits;
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            length = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
            if (length < 0 || length > bits) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no prefix: behind the slash belongs a number from 0 to " + bits);
            }
        }
        Prefix prefix = new Prefix(address, length);
        Prefix network = prefix.network();
        if (!network.equals(prefix)) {
            throw new IllegalArgumentException(
                    "'" + text + "' has bits set behind its prefix length; the network is " + network);
        }
        return prefix;
    }

    private static InetAddress literal(String host, String text) {
        try {
            // Names would be looked up, abbreviations of IPv4 be taken: neither is an address.
            if (host.matches("\\d{1,3}(\\.\\d{1,3}){3}") || (host.contains(":") && host.matches("[0-9A-Fa-f:.]+"))) {
                return InetAddress.getByName(host);
            }
        } catch (UnknownHostException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no address or network; write 192.168.229.204, 10.0.0.0/24 or 2001:db8::/64");
    }

    /**
     * From 16 bytes, IPv4 as v4-mapped.
     *
     * @param length of 128
     */
    public static Prefix ofMapped(byte[] bytes, int length) {
        try {
            boolean mapped = length >= MAPPED_BITS
                    && Arrays.equals(bytes, 0, 12, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}, 0, 12);
            return mapped
                    ? new Prefix(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)), length - MAPPED_BITS)
                    : new Prefix(InetAddress.getByAddress(bytes), length);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }

    public byte[] addressMapped() {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    /** Of 128. */
    public int lengthMapped() {
        return address.getAddress().length == 4 ? length + MAPPED_BITS : length;
    }

    private Prefix network() {
        byte[] bytes = addressMapped();
        for (int bit = lengthMapped(); bit < 128; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >>> bit % 8);
        }
        return address.getAddress().length == 4 ? ofMapped4(bytes) : ofMapped(bytes, length);
    }

    private Prefix ofMapped4(byte[] mapped) {
        try {
            return new Prefix(InetAddress.getByAddress(Arrays.copyOfRange(mapped, 12, 16)), length);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int compareTo(Prefix other) {
        int order = Arrays.compareUnsigned(addressMapped(), other.addressMapped());
        return order != 0 ? order : Integer.compare(lengthMapped(), other.lengthMapped());
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
