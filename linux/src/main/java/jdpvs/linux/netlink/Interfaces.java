package jdpvs.linux.netlink;

import java.util.Map;

/** The interfaces of a network namespace; used by one thread. */
public interface Interfaces extends AutoCloseable {
    /** Readable when something may have changed; then {@link #update}. */
    int descriptor();

    /**
     * Looks again if the kernel has told of a change, or the last look failed, without waiting for a change. The look itself may take seconds: as long as somebody else changes interfaces, the kernel
     * does not answer.
     *
     * @return whether anything is different now
     * @throws jdpvs.linux.SystemCallException when the kernel refuses, or does not answer for too long
     */
    boolean update();

    /** By name, as of the last {@link #update}. */
    Map<String, InterfaceState> interfaces();

    @Override
    void close();
}
