package jdpvs.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One netlink message (linux/netlink.h {@code struct nlmsghdr}), everything in machine order.
 *
 * <pre>
 *  0        4      6       8          12     16
 *  +--------+------+-------+----------+------+----------------- … ---+
 *  | length | type | flags | sequence | port | payload               |   padded to 4 bytes
 *  +--------+------+-------+----------+------+----------------- … ---+
 *
 *  payload: a structure of the type's, then attributes (struct rtattr): 0 length, these four bytes included | 2 type | 4 value, padded to 4 bytes
 * </pre>
 *
 * @param flags of these {@link #DUMP_INTERRUPTED} matters here
 * @param payload all of it, from its position 0
 */
record Message(int type, int flags, int sequence, ByteBuffer payload) {
    static final int HEADER_BYTES = 16;

    static final int ERROR = 2;
    static final int DONE = 3;

    /** The kernel's table changed while it was dumped: the dump may lack what was there all the time. */
    static final int DUMP_INTERRUPTED = 0x10;

    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    /** Two bits beside the type say how the value is made. */
    private static final int ATTRIBUTE_TYPE = 0x3fff;

    /**
     * @param datagram what one read returned; its order and position do not matter
     * @throws NetlinkException when lengths do not fit together
     */
    static List<Message> split(ByteBuffer datagram) {
        ByteBuffer in = datagram.duplicate().order(ByteOrder.nativeOrder());
        List<Message> messages = new ArrayList<>();
        int end = in.limit();
        for (int at = 0; at < end; ) {
            int length = end - at < HEADER_BYTES ? 0 : in.getInt(at);
            if (length < HEADER_BYTES || length > end - at) {
                throw new NetlinkException("a message of " + length + " bytes where " + (end - at) + " are left");
            }
            messages.add(new Message(
                    in.getShort(at + 4) & 0xffff,
                    in.getShort(at + 6) & 0xffff,
                    in.getInt(at + 8),
                    slice(in, at + HEADER_BYTES, length - HEADER_BYTES)));
            // The last one's padding may be missing.
            at += Math.min(aligned(length), end - at);
        }
        return messages;
    }

    /** Of {@link #ERROR} and {@link #DONE}: 0, or the errno of what failed. */
    int errno() {
        require(4);
        return -payload.getInt(0);
    }

    /** @throws NetlinkException unless the payload has this many bytes */
    void require(int bytes) {
        if (payload.limit() < bytes) {
            throw new NetlinkException(
                    "message type " + type + " has " + payload.limit() + " bytes, less than its " + bytes);
        }
    }

    /**
     * @param offset of the first attribute in the payload
     * @return the first attribute's value of a type, or null when there is none
     * @throws NetlinkException when lengths do not fit together
     */
    @Nullable ByteBuffer attribute(int offset, int attributeType) {
        int end = payload.limit();
        for (int at = offset; at < end; ) {
            int length = end - at < ATTRIBUTE_HEADER_BYTES ? 0 : payload.getShort(at) & 0xffff;
            if (length < ATTRIBUTE_HEADER_BYTES || length > end - at) {
                throw new NetlinkException("an attribute of " + length + " bytes where " + (end - at) + " are left");
            }
            if ((payload.getShort(at + 2) & ATTRIBUTE_TYPE) == attributeType) {
                return slice(payload, at + ATTRIBUTE_HEADER_BYTES, length - ATTRIBUTE_HEADER_BYTES);
            }
            at += aligned(length);
        }
        return null;
    }

    private static ByteBuffer slice(ByteBuffer from, int at, int bytes) {
        return from.slice(at, bytes).order(ByteOrder.nativeOrder());
    }

    private static int aligned(int length) {
        return (length + 3) & ~3;
    }
}
