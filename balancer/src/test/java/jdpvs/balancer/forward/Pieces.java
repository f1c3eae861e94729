package jdpvs.balancer.forward;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;

/** Fragments as a sender makes them. */
final class Pieces {
    private Pieces() {}

    /** Two fragments of a packet, the first with 1,232 bytes behind the IP header. */
    static PacketBuilder[] of(PacketBuilder whole) {
        byte[] frame = whole.toBytes();
        boolean ipv6 = (frame[14] & 0xf0) == 0x60;
        int header = 14 + (ipv6 ? 40 : 20);
        byte[] first = Arrays.copyOfRange(frame, header, header + 1232);
        byte[] second = Arrays.copyOfRange(frame, header + 1232, frame.length);
        return new PacketBuilder[] {piece(frame, ipv6, first, 0, true), piece(frame, ipv6, second, 1232, false)};
    }

    private static PacketBuilder piece(byte[] frame, boolean ipv6, byte[] bytes, int offset, boolean more) {
        ByteBuffer ip = ByteBuffer.wrap(frame, 14, frame.length - 14).slice();
        if (!ipv6) {
            return PacketBuilder.ipv4(ip.get(9), ip.getInt(12), ip.getInt(16))
                    .identification(77)
                    .fragment(offset / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0))
                    .payload(bytes);
        }
        byte[] fragment = ByteBuffer.allocate(8)
                .putShort((short) (ip.get(6) << 8))
                .putShort((short) (offset | (more ? 1 : 0)))
                .putInt(77)
                .array();
        return PacketBuilder.ip(
                        ip.get(6),
                        new Address(ip.getLong(8), ip.getLong(16)),
                        new Address(ip.getLong(24), ip.getLong(32)))
                .extensions(Ipv6.FRAGMENT, fragment)
                .payload(bytes);
    }
}
