package jdpvs.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An interface's number and name.
 *
 * <pre>
 * struct ifinfomsg (linux/rtnetlink.h): 0 family (1) | 2 hardware type (2) | 4 index (4) | 8 flags (4) | 12 change (4) | 16 attributes
 * </pre>
 */
record InterfaceName(int index, String name) {
    static final int NEW = 16;
    static final int GET = 18;

    private static final int HEADER_BYTES = 16;
    private static final int IFLA_IFNAME = 3;

    /**
     * @param message of type {@link #NEW}
     * @throws NetlinkException when it is malformed
     */
    static InterfaceName of(Message message) {
        message.require(HEADER_BYTES);
        ByteBuffer name = message.attribute(HEADER_BYTES, IFLA_IFNAME);
        if (name == null || name.limit() < 2 || name.get(name.limit() - 1) != 0) {
            throw new NetlinkException("an interface without a name");
        }
        byte[] bytes = new byte[name.limit() - 1];
        name.get(0, bytes);
        return new InterfaceName(message.payload().getInt(4), new String(bytes, StandardCharsets.UTF_8));
    }
}
