package jdpvs.wire;

/**
 * A TCP header at a native address (RFC 9293 §3.1).
 *
 * <pre>
 *  0 source port | 2 destination port | 4 sequence | 8 acknowledgement | 12 data offset, reserved | 13 flags | 14 window |
 *  16 checksum | 18 urgent pointer | 20 options …
 * </pre>
 */
public final class Tcp {
    public static final int MINIMUM_LENGTH = 20;
    public static final int MAXIMUM_LENGTH = 60;
    public static final int CHECKSUM_OFFSET = 16;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;

    private Tcp() {}

    public static int sourcePort(long tcp) {
        return Memory.getShortNet(tcp);
    }

    public static void setSourcePort(long tcp, int port) {
        Memory.putShortNet(tcp, port);
    }

    public static int destinationPort(long tcp) {
        return Memory.getShortNet(tcp + 2);
    }

    public static void setDestinationPort(long tcp, int port) {
        Memory.putShortNet(tcp + 2, port);
    }

    public static int sequence(long tcp) {
        return Memory.getIntNet(tcp + 4);
    }

    public static void setSequence(long tcp, int value) {
        Memory.putIntNet(tcp + 4, value);
    }

    public static int acknowledgement(long tcp) {
        return Memory.getIntNet(tcp + 8);
    }

    public static void setAcknowledgement(long tcp, int value) {
        Memory.putIntNet(tcp + 8, value);
    }

    /** Header length in bytes, options included. */
    public static int headerLength(long tcp) {
        return (Memory.getByte(tcp + 12) >>> 4) << 2;
    }

    public static void setHeaderLength(long tcp, int bytes) {
        Memory.putByte(tcp + 12, bytes << 2 | (Memory.getByte(tcp + 12) & 0xf));
    }

    public static int flags(long tcp) {
        return Memory.getByte(tcp + 13);
    }

    public static int window(long tcp) {
        return Memory.getShortNet(tcp + 14);
    }

    public static int checksum(long tcp) {
        return Memory.getShortNet(tcp + CHECKSUM_OFFSET);
    }

    public static void setChecksum(long tcp, int value) {
        Memory.putShortNet(tcp + CHECKSUM_OFFSET, value);
    }
}
