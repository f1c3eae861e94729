package jdpvs.balancer.forward;

import java.util.Arrays;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;

/** ICMP errors as routers and hosts send them. */
final class IcmpMessages {
    /** As much as a router of old quotes: the IP header and 8 bytes. */
    static final int SHORT = 28;

    private IcmpMessages() {}

    /** The first bytes of a packet, from its IP header on. */
    static byte[] quote(PacketBuilder packet, int bytes) {
        byte[] frame = packet.toBytes();
        return Arrays.copyOfRange(frame, Ethernet.LENGTH, Math.min(frame.length, Ethernet.LENGTH + bytes));
    }

    /**
     * An error.
     *
     * @param rest the second word of the message, for example the MTU
     */
    static PacketBuilder error(String from, String to, int type, int code, int rest, byte[] quote) {
        return PacketBuilder.echo(from, to, rest >>> 16, rest & 0xffff)
                .icmp(type, code)
                .payload(quote)
                .fragment(0)
                .identification(77)
                .ttl(63)
                .tos(0xc0);
    }

    static PacketBuilder fragmentationNeeded(String from, String to, int mtu, byte[] quote) {
        return error(from, to, Icmp.UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, mtu, quote);
    }

    /** The bytes of a frame that was sent, from its IP header on. */
    static byte[] packet(Packet sent) {
        byte[] bytes = new byte[sent.totalLength()];
        jdpvs.wire.Memory.copyOut(sent.ip(), bytes, 0, bytes.length);
        return bytes;
    }

    /** The bytes of a packet that is expected, from its IP header on. */
    static byte[] packet(PacketBuilder expected) {
        return quote(expected, 65535);
    }

    static String address(int value) {
        return Ipv4Address.format(value);
    }
}
