package jdpvs.port;

import java.util.Set;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * A way in and out for frames. Opened, asked and closed by the control thread; its queues belong to one worker each.
 */
public interface Port extends AutoCloseable {
    /** The dpvs device name, for example {@code dpdk0}. */
    String name();

    /** Driver and arguments as the operator wrote them, for example {@code packet:eth1}. */
    String specification();

    /** 48 bits, first octet most significant. */
    long macAddress();

    int mtu();

    LinkState link();

    int queueCount();

    PortQueue queue(int index);

    /**
     * The queue of what is the link's own or the kernel's ({@link KernelFrames}), beside the workers' queues and not held up by what fills them; its frames come in by
     * the workers' queues as well. Used by one control thread.
     *
     * @return null when the port was opened without ({@link PortOptions#control}), or keeps none
     */
    default @Nullable PortQueue control() {
        return null;
    }

    /**
     * Lets time pass for a port that speaks a protocol of the link, and looks at its carriers: the control thread calls it about every 20 ms.
     *
     * @param nowMillis CLOCK_BOOTTIME
     */
    default void tick(long nowMillis) {}

    /** The kernel has told that a link of the machine has changed, perhaps one of this port's: the next {@link #tick} looks at its carriers in any case. Any thread. */
    default void linksChanged() {}

    /** Replaces the set of the kernel's addresses, whose packets {@link #control} has. */
    default void kernelOwns(Set<Address> addresses) {}

    /** Any thread; sums over the workers' queues, and what {@link #control} sent. */
    PortCounters counters();

    /** Whether frames that are not for dpvs are the kernel's business, so that dpvs must leave them alone. */
    boolean sharedWithKernel();

    /** Replaces the set of owned addresses; frames already queued may still follow the old one. */
    void own(OwnedAddresses addresses);

    void setPromiscuous(boolean on);

    /** Takes every group's frames; one that does so anyway has nothing to do. */
    default void setAllMulticast(boolean on) {}

    /**
     * Lets frames in that are addressed to another MAC address too, a bond's or a group's, until the port is closed. Nothing to do for a port without a filter.
     *
     * @param macAddress 48 bits, first octet most significant
     */
    default void alsoTakes(long macAddress) {}

    /** Undoes everything that opening did to the system. */
    @Override
    void close();
}
