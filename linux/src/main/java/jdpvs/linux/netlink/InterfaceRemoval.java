package jdpvs.linux.netlink;

import jdpvs.linux.Errno;
import jdpvs.linux.SystemCallException;

/** Removes interfaces (rtnetlink(7) RTM_DELLINK). */
public final class InterfaceRemoval {
    private static final int RTM_DELLINK = 17;

    private InterfaceRemoval() {}

    /**
     * Removes an interface of the calling thread's network namespace, whoever has it open; its name is free on return. One that is not there is no error.
     *
     * @throws SystemCallException when the kernel refuses: EOPNOTSUPP for hardware
     */
    public static void remove(int interfaceIndex) {
        try (NetlinkSocket socket = NetlinkSocket.open(0)) {
            socket.change(RTM_DELLINK, interfaceIndex);
        } catch (SystemCallException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
    }
}
