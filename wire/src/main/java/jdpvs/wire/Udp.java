package jdpvs.wire;

/**
 * A UDP header at a native address (RFC 768): source port, destination port, length, checksum (0 = none over IPv4), 2 bytes each.
 */
public final class Udp {
    public static final int LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 6;

    private Udp() {}

    public static int sourcePort(long udp) {
        return Memory.getShortNet(udp);
    }

    public static int destinationPort(long udp) {
        return Memory.getShortNet(udp + 2);
    }

    public static int length(long udp) {
        return Memory.getShortNet(udp + 4);
    }

    public static int checksum(long udp) {
        return Memory.getShortNet(udp + CHECKSUM_OFFSET);
    }

    public static void setChecksum(long udp, int value) {
        Memory.putShortNet(udp + CHECKSUM_OFFSET, value);
    }
}
