package jdpvs.port.memory;

import java.util.List;
import java.util.Set;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;

/** A port whose queues live in this process: {@link MemoryQueue}s. */
public final class MemoryPort implements Port {
    private static final LinkState UP = new LinkState(true, 10_000, true, false);

    private final String name;
    private final long macAddress;
    private final int mtu;
    private final List<MemoryQueue> queues;
    private volatile OwnedAddresses owned = new OwnedAddresses(Set.of(), Set.of(), 0);
    private volatile boolean promiscuous;
    private volatile LinkState link = UP;

    /**
     * @param macAddress 48 bits, first octet most significant
     * @param queues one per worker; the port closes their buffers
     */
    public MemoryPort(String name, long macAddress, int mtu, List<MemoryQueue> queues) {
        this.name = name;
        this.macAddress = macAddress;
        this.mtu = mtu;
        this.queues = List.copyOf(queues);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String specification() {
        return "memory";
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public LinkState link() {
        return link;
    }

    /** Pulls the cable or plugs it in; frames pass all the same. */
    public void setLink(LinkState state) {
        link = state;
    }

    @Override
    public int queueCount() {
        return queues.size();
    }

    @Override
    public PortQueue queue(int index) {
        return queues.get(index);
    }

    @Override
    public PortCounters counters() {
        PortCounters sum = PortCounters.ZERO;
        for (MemoryQueue queue : queues) {
            sum = sum.plus(queue.counters());
        }
        return sum;
    }

    @Override
    public boolean sharedWithKernel() {
        return false;
    }

    @Override
    public void own(OwnedAddresses addresses) {
        owned = addresses;
    }

    /** What was last given to {@link #own}. */
    public OwnedAddresses owned() {
        return owned;
    }

    @Override
    public void setPromiscuous(boolean on) {
        promiscuous = on;
    }

    public boolean isPromiscuous() {
        return promiscuous;
    }

    @Override
    public void close() {
        queues.forEach(MemoryQueue::close);
    }
}
