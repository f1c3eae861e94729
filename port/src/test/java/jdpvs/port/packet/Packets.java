package jdpvs.port.packet;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.stream.Collectors;
import jdpvs.port.OwnedAddresses;
import jdpvs.wire.Address;

/** Frames for the tests of this package. */
final class Packets {
    private Packets() {}

    /** UDP over IPv4 with a right header checksum; UDP checksum 0. */
    static byte[] udp(
            long toMac, long fromMac, int source, int destination, int sourcePort, int destinationPort, int bytes) {
        ByteBuffer b = ByteBuffer.allocate(14 + 20 + 8 + bytes);
        ethernet(b, toMac, fromMac, 0x0800);
        b.putShort((short) 0x4500)
                .putShort((short) (28 + bytes))
                .putInt(0x4000)
                .put((byte) 64)
                .put((byte) 17);
        b.putShort((short) 0).putInt(source).putInt(destination);
        b.putShort((short) sourcePort).putShort((short) destinationPort).putShort((short) (8 + bytes));
        int sum = 0;
        for (int i = 14; i < 34; i += 2) {
            sum += b.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        b.putShort(24, (short) ~(sum + (sum >>> 16)));
        return b.array();
    }

    static void ethernet(ByteBuffer b, long to, long from, int type) {
        b.putShort((short) (to >>> 32)).putInt((int) to);
        b.putShort((short) (from >>> 32)).putInt((int) from).putShort((short) type);
    }

    /** Of IPv4. */
    static OwnedAddresses owned(Set<Integer> all, Set<Integer> local, int mask) {
        return new OwnedAddresses(addresses(all), addresses(local), mask);
    }

    /** The Internet checksum's sum of a range of bytes (RFC 1071), folded. */
    static int sum(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += (i - from) % 2 == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
        }
        return fold(sum);
    }

    static int fold(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }

    private static Set<Address> addresses(Set<Integer> ipv4) {
        return ipv4.stream().map(Address::ofIpv4).collect(Collectors.toSet());
    }

    static int ip(String text) {
        int value = 0;
        for (String part : text.split("\\.")) {
            value = (value << 8) | Integer.parseInt(part);
        }
        return value;
    }
}
