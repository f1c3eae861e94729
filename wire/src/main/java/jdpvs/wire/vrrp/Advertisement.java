package jdpvs.wire.vrrp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import org.jspecify.annotations.Nullable;

/**
 * A VRRP advertisement, the payload of an IP packet of protocol 112.
 *
 * <pre>
 *  version 2 (RFC 3768 §5.1), IPv4                       version 3 (RFC 9568 §5.1)
 *  0 version (4 bits) | type (4 bits)                    0 version | type
 *  1 virtual router id                                   1 virtual router id
 *  2 priority                                            2 priority
 *  3 number of addresses                                 3 number of addresses
 *  4 authentication type | 5 interval in seconds         4 zeros (4 bits) | interval in hundredths of seconds (12 bits)
 *  6 checksum                                            6 checksum
 *  8 addresses (4 each)                                  8 addresses (4 or 16 each)
 *  … authentication data (8)
 * </pre>
 *
 * <p>The checksum of version 3 covers a pseudo header (RFC 8200 §8.1; over IPv4 its addresses are the IPv4 ones). Over IPv4 the RFCs have been read both ways: sent is one with it, taken is either.
 *
 * @param version 2 or 3
 * @param virtualRouterId 1 to 255
 * @param priority 0 to 255; 0 = the master leaves
 * @param intervalHundredths of seconds; whole seconds in version 2
 * @param password of version 2, at most 8 bytes, a character for each; null = no authentication
 * @param addresses 1 to 255, all of one family
 */
public record Advertisement(
        int version,
        int virtualRouterId,
        int priority,
        int intervalHundredths,
        @Nullable String password,
        List<Address> addresses)
        implements Reading {
    /** Of IP packets (IANA). */
    public static final int PROTOCOL = 112;

    /** That a multicast advertisement has and keeps only on its own link. */
    public static final int HOP_LIMIT = 255;

    private static final int ADVERTISEMENT = 1;
    private static final int HEADER_LENGTH = 8;
    private static final int PASSWORD_LENGTH = 8;
    private static final int CHECKSUM = 6;
    private static final int AUTHENTICATION_NONE = 0;
    private static final int AUTHENTICATION_PASSWORD = 1;

    /** Longer than any. */
    public static final int LONGEST = HEADER_LENGTH + 255 * 16;

    public Advertisement {
        addresses = List.copyOf(addresses);
    }

    /** A password as it is sent and read: what does not fit is cut off. */
    public static String password(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(bytes, 0, Math.min(bytes.length, PASSWORD_LENGTH), StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads what a packet carries.
     *
     * @param payload native address of the bytes behind the IP header
     * @param source of the packet, which a pseudo header has; IPv4 addresses mean a packet of IPv4
     */
    public static Reading read(long payload, int length, Address source, Address destination) {
        if (length < HEADER_LENGTH) {
            return Refusal.TRUNCATED;
        }
        int version = Memory.getByte(payload) >>> 4;
        boolean ipv6 = !source.isIpv4();
        if (version != 3 && (version != 2 || ipv6)) {
            return Refusal.VERSION;
        }
        if ((Memory.getByte(payload) & 0xf) != ADVERTISEMENT) {
            return Refusal.TYPE;
        }
        int count = Memory.getByte(payload + 3);
        if (length != length(version, ipv6, count)) {
            return Refusal.LENGTH;
        }
        int sum = Checksum.sum(payload, length);
        boolean plain = version == 2 || !ipv6;
        boolean sound = (plain && sum == 0xffff)
                || (version == 3 && Checksum.add(sum, pseudoHeader(source, destination, length)) == 0xffff);
        if (!sound) {
            return Refusal.CHECKSUM;
        }
        int virtualRouterId = Memory.getByte(payload + 1);
        if (virtualRouterId == 0) {
            return Refusal.VIRTUAL_ROUTER_ID;
        }
        if (count == 0) {
            return Refusal.ADDRESS_COUNT;
        }
        int authentication = version == 2 ? Memory.getByte(payload + 4) : AUTHENTICATION_NONE;
        if (authentication != AUTHENTICATION_NONE && authentication != AUTHENTICATION_PASSWORD) {
            return Refusal.AUTHENTICATION;
        }
        int interval = version == 2 ? Memory.getByte(payload + 5) * 100 : Memory.getShortNet(payload + 4) & 0xfff;
        if (interval == 0) {
            return Refusal.INTERVAL;
        }
        return new Advertisement(
                version,
                virtualRouterId,
                Memory.getByte(payload + 2),
                interval,
                authentication == AUTHENTICATION_PASSWORD ? passwordAt(payload + HEADER_LENGTH + 4L * count) : null,
                addresses(payload + HEADER_LENGTH, ipv6, count));
    }

    /**
     * Writes the bytes behind the IP header.
     *
     * @param payload native address of {@link #length()} bytes
     */
    public void write(long payload, Address source, Address destination) {
        int length = length();
        Memory.fill(payload, length, 0);
        Memory.putByte(payload, version << 4 | ADVERTISEMENT);
        Memory.putByte(payload + 1, virtualRouterId);
        Memory.putByte(payload + 2, priority);
        Memory.putByte(payload + 3, addresses.size());
        if (version == 2) {
            Memory.putByte(payload + 4, password == null ? AUTHENTICATION_NONE : AUTHENTICATION_PASSWORD);
            Memory.putByte(payload + 5, intervalHundredths / 100);
        } else {
            Memory.putShortNet(payload + 4, intervalHundredths);
        }
        long at = payload + HEADER_LENGTH;
        for (Address address : addresses) {
            if (address.isIpv4()) {
                Memory.putIntNet(at, address.ipv4());
                at += 4;
            } else {
                Ipv6.setAddress(at, address.high(), address.low());
                at += 16;
            }
        }
        if (password != null && version == 2) {
            byte[] bytes = password.getBytes(StandardCharsets.ISO_8859_1);
            Memory.copyIn(bytes, 0, at, Math.min(bytes.length, PASSWORD_LENGTH));
        }
        int sum = Checksum.sum(payload, length);
        Memory.putShortNet(
                payload + CHECKSUM,
                Checksum.complement(version == 2 ? sum : Checksum.add(sum, pseudoHeader(source, destination, length))));
    }

    /** Bytes that it takes. */
    public int length() {
        return length(version, !addresses.isEmpty() && !addresses.getFirst().isIpv4(), addresses.size());
    }

    private static int length(int version, boolean ipv6, int count) {
        return HEADER_LENGTH + count * (ipv6 ? 16 : 4) + (version == 2 ? PASSWORD_LENGTH : 0);
    }

    private static List<Address> addresses(long at, boolean ipv6, int count) {
        List<Address> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(ipv6 ? Address.at(at + 16L * i) : Address.ofIpv4(Memory.getIntNet(at + 4L * i)));
        }
        return addresses;
    }

    /** Shorter ones are filled up with zeros. */
    private static String passwordAt(long at) {
        byte[] bytes = new byte[PASSWORD_LENGTH];
        Memory.copyOut(at, bytes, 0, PASSWORD_LENGTH);
        int length = PASSWORD_LENGTH;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return new String(Arrays.copyOf(bytes, length), StandardCharsets.ISO_8859_1);
    }

    private static int pseudoHeader(Address source, Address destination, int length) {
        return Checksum.add(Checksum.add(sum(source), sum(destination)), Checksum.add(length, PROTOCOL));
    }

    private static int sum(Address address) {
        return address.isIpv4()
                ? Checksum.fold(address.ipv4() & 0xffff_ffffL)
                : Checksum.add(Checksum.fold(address.high()), Checksum.fold(address.low()));
    }
}
