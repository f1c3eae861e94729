package jdpvs.port.memory;

import java.util.ArrayList;
import java.util.List;
import jdpvs.port.Burst;

/** A sink that keeps copies; any thread. */
public final class FrameRecorder implements FrameSink {
    private final List<Frame> frames = new ArrayList<>();

    @Override
    public synchronized void take(Burst burst) {
        for (int i = 0; i < burst.count; i++) {
            frames.add(Frame.copyOf(burst.address[i], burst.length[i]));
        }
    }

    /** All since the last call, in the order sent. */
    public synchronized List<Frame> drain() {
        List<Frame> result = List.copyOf(frames);
        frames.clear();
        return result;
    }
}
