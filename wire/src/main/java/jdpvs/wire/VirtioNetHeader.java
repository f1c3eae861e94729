package jdpvs.wire;

/**
 * What travels with a frame: its checksum state and segmentation (linux/virtio_net.h {@code struct virtio_net_hdr}, 10 bytes, fields in
 * machine order for a local socket). It stands directly before the Ethernet header, so that a port which speaks it to the kernel hands over
 * both with one pointer.
 *
 * <pre>
 *  frame - 10      frame - 8        frame - 6        frame - 4        frame - 2        frame
 *  +-------+-------+----------------+----------------+----------------+----------------+----------
 *  | flags |gso typ| header length  | segment size   | checksum start | checksum offset| Ethernet …
 *  +-------+-------+----------------+----------------+----------------+----------------+----------
 * </pre>
 *
 * With {@link #NEEDS_CHECKSUM} the field at {@code checksum start + checksum offset} (from the frame's start) holds only the folded,
 * <em>uncomplemented</em> pseudo-header sum: a change of addresses is added to it, a change of ports is not (facts: packet-io §4).
 *
 * <p>Who vouches for it: the kernel, in both directions. It derives the header of a received frame from its own buffer, has checked what a virtual machine
 * claimed before, and refuses a header that does not fit the frame when we send it (EINVAL, counted as a transmit error). Ports without a kernel
 * clear it. Whoever follows an offset that a header names checks it against the frame first.
 */
public final class VirtioNetHeader {
    public static final int LENGTH = 10;

    /** The transport checksum is partial. */
    public static final int NEEDS_CHECKSUM = 1;
    /** The transport checksum has been verified by who delivered the frame. */
    public static final int CHECKSUM_VALID = 2;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCP4 = 1;
    public static final int GSO_UDP = 3;
    public static final int GSO_TCP6 = 4;
    public static final int GSO_UDP_L4 = 5;
    /** Flag beside a TCP segmentation type: explicit congestion notification is in use. */
    public static final int GSO_ECN = 0x80;

    private VirtioNetHeader() {}

    public static int flags(long frame) {
        return Memory.getByte(frame - 10);
    }

    public static boolean needsChecksum(long frame) {
        return (flags(frame) & NEEDS_CHECKSUM) != 0;
    }

    public static int gsoType(long frame) {
        return Memory.getByte(frame - 9);
    }

    public static int headerLength(long frame) {
        return Memory.getShort(frame - 8);
    }

    /** Payload bytes of one segment; meaningful when {@link #gsoType} is not {@link #GSO_NONE}. */
    public static int segmentSize(long frame) {
        return Memory.getShort(frame - 6);
    }

    public static int checksumStart(long frame) {
        return Memory.getShort(frame - 4);
    }

    public static int checksumOffset(long frame) {
        return Memory.getShort(frame - 2);
    }

    /** Neither partial checksum nor segmentation. */
    public static void clear(long frame) {
        Memory.putShort(frame - 10, 0);
        Memory.putLong(frame - 8, 0);
    }

    public static void set(
            long frame,
            int flags,
            int gsoType,
            int headerLength,
            int segmentSize,
            int checksumStart,
            int checksumOffset) {
        Memory.putByte(frame - 10, flags);
        Memory.putByte(frame - 9, gsoType);
        Memory.putShort(frame - 8, headerLength);
        Memory.putShort(frame - 6, segmentSize);
        Memory.putShort(frame - 4, checksumStart);
        Memory.putShort(frame - 2, checksumOffset);
    }

    /** Another kind of segmentation with the same sizes. */
    public static void setGsoType(long frame, int type) {
        Memory.putByte(frame - 9, type);
    }

    /**
     * Marks a datagram that may leave in IP fragments: {@link #GSO_UDP}. A convention of ours for IPv6, whose header cannot say so; the frame is cut before it reaches a port.
     *
     * @param payload bytes of one fragment at most
     */
    public static void setFragments(long frame, int payload) {
        setGsoType(frame, GSO_UDP);
        setSegmentSize(frame, payload);
    }

    /** Payload bytes of one segment of a frame that is segmented already. */
    public static void setSegmentSize(long frame, int bytes) {
        Memory.putShort(frame - 6, bytes);
    }

    /** No segmentation any more; the checksum's state stays. */
    public static void clearSegmentation(long frame) {
        Memory.putByte(frame - 9, GSO_NONE);
        Memory.putInt(frame - 8, 0);
    }

    /**
     * Moves the header down with a frame whose Ethernet, IP and transport headers were moved {@code bytes} towards lower addresses to make
     * room for an option: offsets count from the frame's start and stay, the header length grows.
     */
    public static void moveDown(long frame, int bytes) {
        int flagsAndType = Memory.getShort(frame - 10);
        long rest = Memory.getLong(frame - 8);
        long moved = frame - bytes;
        Memory.putShort(moved - 10, flagsAndType);
        Memory.putLong(moved - 8, rest);
        if (gsoType(moved) != GSO_NONE) {
            Memory.putShort(moved - 8, headerLength(moved) + bytes);
        }
    }
}
