package jdpvs.linux.netlink;

/** What came over netlink is no message of the kind expected. */
public final class NetlinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NetlinkException(String message) {
        super("netlink: " + message);
    }
}
