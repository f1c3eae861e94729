package jdpvs.daemon.worker;

import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.stack.Handover;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Ipv6Counters;

/** One worker's ends of the rings between workers: what it gives to the others, and what they gave to it. */
final class HandoverPost implements Handover {
    private final int index;
    private final HandoverRings rings;
    private final DropCounters drops;
    private final Ipv6Counters ipv6;
    private final boolean[] touched;

    HandoverPost(int index, HandoverRings rings, DropCounters drops, Ipv6Counters ipv6) {
        this.index = index;
        this.rings = rings;
        this.drops = drops;
        this.ipv6 = ipv6;
        this.touched = new boolean[rings.workers()];
    }

    @Override
    public void frame(int worker, int device, long frame, int length) {
        if (worker == index || !rings.ring(index, worker).offerFrame(device, frame, length)) {
            drops.count(DropReason.HANDOVER_RING_FULL);
            ipv6.count(Ipv6Counter.IN_DISCARDS, frame, length);
            return;
        }
        touched[worker] = true;
    }

    /** A full ring loses the news: its worker will ask for itself. */
    @Override
    public void neighbour(int device, long high, long low, long macAddress) {
        for (int worker = 0; worker < touched.length; worker++) {
            if (worker != index && rings.ring(index, worker).offerNeighbour(device, high, low, macAddress)) {
                touched[worker] = true;
            }
        }
    }

    /** At the end of a cycle: wakes the workers that were given something and sleep. */
    void wake() {
        for (int worker = 0; worker < touched.length; worker++) {
            if (touched[worker]) {
                touched[worker] = false;
                rings.alarm(worker).ring();
            }
        }
    }

    int senders() {
        return touched.length;
    }

    /** The ring from another worker to this one. */
    HandoverRing from(int worker) {
        return rings.ring(worker, index);
    }

    /** Whether nobody has given anything that is not taken yet. */
    boolean isEmpty() {
        for (int worker = 0; worker < touched.length; worker++) {
            if (worker != index && !from(worker).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
