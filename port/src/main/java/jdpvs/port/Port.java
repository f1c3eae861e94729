package jdpvs.port;

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

    /** Any thread; sums over the queues. */
    PortCounters counters();

    /** Whether frames that are not for dpvs are the kernel's business, so that dpvs must leave them alone. */
    boolean sharedWithKernel();

    /** Replaces the set of owned addresses; frames already queued may still follow the old one. */
    void own(OwnedAddresses addresses);

    void setPromiscuous(boolean on);

    /** Undoes everything that opening did to the system. */
    @Override
    void close();
}
