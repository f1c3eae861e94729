package jdpvs.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An address that the kernel has at an interface, in whatever state: a tentative IPv6 address, of which it does not know yet whether it is alone with it, is one too.
 *
 * <pre>
 * struct ifaddrmsg (linux/if_addr.h): 0 family (1) | 1 prefix length (1) | 2 flags (1) | 3 scope (1) | 4 interface index (4) | 8 attributes
 * </pre>
 *
 * @param high the first 64 bits in network meaning; 0 for IPv4
 * @param low the last 64 bits; IPv4 stands as v4-mapped IPv6, {@code ::ffff:a.b.c.d}
 * @param prefixLength 0 to 32 or 128
 */
public record InterfaceAddress(int interfaceIndex, long high, long low, int prefixLength) {
    static final int NEW = 20;
    static final int GET = 22;

    private static final int HEADER_BYTES = 8;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    /** The other end's of a point-to-point link, otherwise the same as {@link #IFA_LOCAL}, which IPv6 has at such links only. */
    private static final int IFA_ADDRESS = 1;

    private static final int IFA_LOCAL = 2;
    private static final long MAPPED = 0xffff_0000_0000L;

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /**
     * @param message of type {@link #NEW}
     * @return null for another family
     * @throws NetlinkException when it is malformed
     */
    static @Nullable InterfaceAddress of(Message message) {
        message.require(HEADER_BYTES);
        ByteBuffer payload = message.payload();
        int family = payload.get(0);
        if (family != AF_INET && family != AF_INET6) {
            return null;
        }
        int prefixLength = payload.get(1) & 0xff;
        ByteBuffer local = message.attribute(HEADER_BYTES, IFA_LOCAL);
        ByteBuffer address = local != null ? local : message.attribute(HEADER_BYTES, IFA_ADDRESS);
        int bytes = family == AF_INET ? 4 : 16;
        if (address == null || address.limit() != bytes || prefixLength > 8 * bytes) {
            throw new NetlinkException("an address of family " + family + " with prefix length " + prefixLength
                    + " and " + (address == null ? "no" : address.limit()) + " bytes");
        }
        address.order(ByteOrder.BIG_ENDIAN);
        int index = payload.getInt(4);
        return family == AF_INET
                ? new InterfaceAddress(index, 0, MAPPED | (address.getInt(0) & 0xffff_ffffL), prefixLength)
                : new InterfaceAddress(index, address.getLong(0), address.getLong(8), prefixLength);
    }
}
