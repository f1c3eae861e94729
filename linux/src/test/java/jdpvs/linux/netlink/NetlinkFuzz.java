package jdpvs.linux.netlink;

import java.nio.ByteBuffer;
import java.util.List;

/** Whatever comes for a datagram: messages within its bounds, addresses and names that can be, or a {@link NetlinkException}. */
public final class NetlinkFuzz {
    private NetlinkFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<Message> messages;
        try {
            messages = Message.split(ByteBuffer.wrap(input));
        } catch (NetlinkException malformed) {
            return;
        }
        long bytes = 0;
        for (Message message : messages) {
            bytes += Message.HEADER_BYTES + message.payload().limit();
            address(message);
            name(message);
            try {
                message.errno();
            } catch (NetlinkException tooShort) {
                require(message.payload().limit() < 4, "an errno that was not found");
            }
        }
        require(bytes <= input.length, "more messages than bytes");
    }

    private static void address(Message message) {
        try {
            InterfaceAddress address = InterfaceAddress.of(message);
            if (address != null) {
                int family = message.payload().get(0);
                require(address.prefixLength() >= 0 && address.prefixLength() <= 128, "prefix length of " + address);
                require(family != 2 || address.isIpv4(), "IPv4 address " + address);
                require(family != 2 || address.prefixLength() <= 32, "prefix length of IPv4 address " + address);
            }
        } catch (NetlinkException malformed) {
            return;
        }
    }

    private static void name(Message message) {
        try {
            InterfaceName name = InterfaceName.of(message);
            require(!name.name().isEmpty(), "an empty name");
        } catch (NetlinkException malformed) {
            return;
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
