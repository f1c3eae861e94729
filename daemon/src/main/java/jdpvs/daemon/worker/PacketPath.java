package jdpvs.daemon.worker;

import jdpvs.port.Burst;

/** What a worker does with frames: the balancer and the stack of this worker, as the duty cycle sees them. All calls come from its thread. */
public interface PacketPath {
    /** A newer configuration is in force from the next frame on. */
    void adopt(Snapshot snapshot);

    /**
     * Takes a burst received on a device: every frame is sent, consumed, or counted as dropped. An exception is about the frame at
     * {@link jdpvs.stack.WorkerContext#position}; those behind it have to be given again.
     *
     * @param received from the device now; false for frames given again, and for those that another worker received
     */
    void process(int device, Burst burst, boolean received);

    /** A neighbour's MAC address that another worker learnt; the halves of its {@link jdpvs.wire.Address}. */
    void learn(int device, long high, long low, long macAddress);

    /** Timers and neighbours; called about every {@link Worker#TICK_MILLIS} ms. */
    void tick();
}
