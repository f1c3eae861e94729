package jdpvs.port;

import java.util.List;

/** What all ports have: a name, an address, and queues whose counts add up to the port's. */
public abstract class BasePort<Q extends PortQueue> implements Port {
    private final String name;
    private final String specification;
    private final long macAddress;
    private final int mtu;

    /** Those that the port has so far: one that opens them one by one adds to its list. */
    private final List<Q> queues;

    protected BasePort(String name, String specification, long macAddress, int mtu, List<Q> queues) {
        this.name = name;
        this.specification = specification;
        this.macAddress = macAddress;
        this.mtu = mtu;
        this.queues = queues;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String specification() {
        return specification;
    }

    @Override
    public final long macAddress() {
        return macAddress;
    }

    @Override
    public final int mtu() {
        return mtu;
    }

    protected final List<Q> queues() {
        return queues;
    }

    @Override
    public final int queueCount() {
        return queues.size();
    }

    @Override
    public final PortQueue queue(int index) {
        return queues.get(index);
    }

    @Override
    public final PortCounters counters() {
        PortCounters sum = PortCounters.ZERO;
        for (Q queue : queues) {
            sum = sum.plus(queue.counters());
        }
        PortQueue control = control();
        return control == null ? sum : sum.plus(control.counters().sent());
    }
}
