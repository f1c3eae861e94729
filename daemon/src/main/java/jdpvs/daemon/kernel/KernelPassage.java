package jdpvs.daemon.kernel;

import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.PortQueue;
import jdpvs.wire.Ethernet;

/** Carries frames between ports' control queues and the kernel's interfaces. */
final class KernelPassage implements AutoCloseable {
    /** Frames that are read from an interface before they are sent. */
    private static final int FRAMES = 32;

    /** Bursts of one side before the next has its turn: nobody keeps the others from their hellos. */
    private static final int ROUNDS = 8;

    private final FrameBuffers buffers = new FrameBuffers(FRAMES, Tap.LONGEST);
    private final Burst burst = new Burst();

    static long memoryBytes() {
        return FrameBuffers.memoryBytes(FRAMES, Tap.LONGEST);
    }

    /** To the kernel. Also where it has no interface: ports take from the queue what is theirs when it is read. */
    void fromLink(PortSide side) {
        PortQueue control = side.control();
        if (control == null) {
            return;
        }
        KernelInterface kernel = side.kernel();
        for (int round = 0; round < ROUNDS; round++) {
            int count = control.receive(burst);
            try {
                for (int i = 0; kernel != null && i < count; i++) {
                    kernel.give(burst.address[i], burst.length[i]);
                }
            } finally {
                burst.count = 0;
                control.release();
            }
            if (count == 0) {
                return;
            }
        }
    }

    /**
     * To the link.
     *
     * @return false when the interface turned out to be gone
     */
    boolean fromKernel(PortSide side) {
        KernelInterface kernel = side.kernel();
        if (kernel == null) {
            return true;
        }
        int count = FRAMES;
        for (int round = 0; round < ROUNDS && count == FRAMES; round++) {
            boolean there = read(kernel);
            count = burst.count;
            if (count > 0) {
                try {
                    kernel.control().transmit(burst);
                    kernel.countSent(count);
                } finally {
                    burst.count = 0;
                }
            }
            if (!there) {
                kernel.lose();
                return false;
            }
        }
        return true;
    }

    /** Fills the burst. @return false when the interface is gone */
    private boolean read(KernelInterface kernel) {
        burst.count = 0;
        while (burst.count < FRAMES) {
            long frame = buffers.address(burst.count);
            int length = kernel.tap().read(frame);
            if (length <= 0) {
                return length != Tap.GONE;
            }
            if (length >= Ethernet.LENGTH) {
                burst.add(frame, length);
            }
        }
        return true;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
