package jdpvs.port.memory;

import java.util.List;
import java.util.Set;
import jdpvs.port.BasePort;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;

/** A port whose queues live in this process: {@link MemoryQueue}s. */
public final class MemoryPort extends BasePort<MemoryQueue> {
    private static final LinkState UP = new LinkState(true, 10_000, true, false);

    private volatile OwnedAddresses owned = new OwnedAddresses(Set.of(), Set.of(), 0);
    private volatile boolean promiscuous;
    private volatile LinkState link = UP;

    /**
     * @param macAddress 48 bits, first octet most significant
     * @param queues one per worker; the port closes their buffers
     */
    public MemoryPort(String name, long macAddress, int mtu, List<MemoryQueue> queues) {
        super(name, "memory", macAddress, mtu, List.copyOf(queues));
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
        queues().forEach(MemoryQueue::close);
    }
}
