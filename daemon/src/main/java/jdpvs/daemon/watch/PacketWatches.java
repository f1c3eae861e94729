package jdpvs.daemon.watch;

import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.port.Witness;

/** All that watch one worker at a time. Made by a control thread, told by the worker. */
public final class PacketWatches implements Witness {
    private final PacketWatch[] watches;

    public PacketWatches(List<PacketWatch> watches) {
        this.watches = watches.toArray(PacketWatch[]::new);
    }

    @Override
    public void received(int device, Burst burst) {
        for (PacketWatch watch : watches) {
            watch.received(device, burst);
        }
    }

    @Override
    public void takenOver(int device, Burst burst) {
        for (PacketWatch watch : watches) {
            watch.takenOver(device, burst);
        }
    }

    /** The worker goes on with the burst without its first frames, so that positions count from there. */
    public void skipped(int frames) {
        for (PacketWatch watch : watches) {
            watch.skipped(frames);
        }
    }

    /** No burst is at hand any more. */
    public void ended() {
        for (PacketWatch watch : watches) {
            watch.ended();
        }
    }

    @Override
    public void step(Step step, long first, long second, long third) {
        for (PacketWatch watch : watches) {
            watch.step(step, first, second, third);
        }
    }

    @Override
    public void sent(int device, long frame, int length) {
        for (PacketWatch watch : watches) {
            watch.sent(device, frame, length);
        }
    }

    @Override
    public void dropped(DropReason reason) {
        for (PacketWatch watch : watches) {
            watch.dropped(reason);
        }
    }

    @Override
    public void waits(long copy) {
        for (PacketWatch watch : watches) {
            watch.waits(copy);
        }
    }

    @Override
    public void waited(int device, long copy, int length) {
        for (PacketWatch watch : watches) {
            watch.waited(device, copy, length);
        }
    }

    @Override
    public void resumed() {
        for (PacketWatch watch : watches) {
            watch.resumed();
        }
    }
}
