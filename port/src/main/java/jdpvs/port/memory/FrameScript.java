package jdpvs.port.memory;

import java.util.ArrayDeque;
import java.util.Queue;

/** A source that a test fills beforehand; one thread. */
public final class FrameScript implements FrameSource {
    private final Queue<Frame> frames = new ArrayDeque<>();

    public FrameScript add(Frame frame) {
        frames.add(frame);
        return this;
    }

    public FrameScript add(byte[] frame) {
        return add(Frame.plain(frame));
    }

    @Override
    public int write(long address) {
        Frame frame = frames.poll();
        return frame == null ? 0 : frame.write(address);
    }
}
