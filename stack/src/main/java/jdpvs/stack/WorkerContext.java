package jdpvs.stack;

import jdpvs.port.DropCounters;

/**
 * What every part of one worker shares. The daemon's worker sets {@link #nowMillis} and {@link #network} once per cycle; everybody else only
 * reads them.
 */
public final class WorkerContext {
    public final int index;
    public final int workers;
    public final Egress egress;
    public final Handover handover;
    public final DropCounters drops;

    /** CLOCK_BOOTTIME in milliseconds at the start of this cycle. */
    public long nowMillis;

    /** The configuration that this cycle works with. */
    public NetworkConfiguration network;

    /**
     * Index in the burst at hand of the frame that is being forwarded; those behind it have not been changed yet, so that an exception costs
     * nobody but the frame that raised it.
     */
    public int position;

    public WorkerContext(
            int index,
            int workers,
            Egress egress,
            Handover handover,
            DropCounters drops,
            NetworkConfiguration network) {
        this.index = index;
        this.workers = workers;
        this.egress = egress;
        this.handover = handover;
        this.drops = drops;
        this.network = network;
    }

    /** Low bits of a local port that name its worker: 2^⌈log2 workers⌉ − 1. */
    public int portMask() {
        return Integer.highestOneBit(Math.max(1, workers * 2 - 1)) - 1;
    }
}
