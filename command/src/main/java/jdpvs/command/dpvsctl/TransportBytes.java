package jdpvs.command.dpvsctl;

import java.nio.ByteBuffer;

/** Where an IPv6 packet's transport header stands, in as many bytes as there are (RFC 8200 §4). */
record TransportBytes(int protocol, int at, int fragmentField, int identification) {
    private static final int IPV6 = 40;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int MOST = 8;

    /** @param ip where the IPv6 header begins, which is whole */
    static TransportBytes find(ByteBuffer bytes, int ip) {
        int protocol = bytes.get(ip + 6) & 0xff;
        int at = ip + IPV6;
        int fragment = 0;
        int identification = 0;
        for (int i = 0; i < MOST && isExtension(protocol) && at + 8 <= bytes.limit(); i++) {
            int next = bytes.get(at) & 0xff;
            int units = bytes.get(at + 1) & 0xff;
            if (protocol == FRAGMENT) {
                fragment = bytes.getShort(at + 2) & 0xffff;
                identification = bytes.getInt(at + 4);
                at += 8;
            } else {
                at += protocol == AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
            }
            protocol = next;
            if ((fragment & 0xfff8) != 0) {
                break;
            }
        }
        return new TransportBytes(protocol, at, fragment, identification);
    }

    boolean isFragment() {
        return (fragmentField & 0xfff9) != 0;
    }

    /** In bytes. */
    int offset() {
        return fragmentField & 0xfff8;
    }

    boolean more() {
        return (fragmentField & 1) != 0;
    }

    private static boolean isExtension(int protocol) {
        return protocol == 0 || protocol == 43 || protocol == FRAGMENT || protocol == AUTHENTICATION || protocol == 60;
    }
}
