package jdpvs.daemon.kernel;

import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.PortQueue;
import jdpvs.wire.Ethernet;
import jdpvs.wire.VlanTag;

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
    void fromLink(PortSide side, KernelInterfaces interfaces) {
        PortQueue control = side.control();
        if (control == null) {
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            int count = control.receive(burst);
            try {
                for (int i = 0; i < count; i++) {
                    give(side.device(), burst.address[i], burst.length[i], interfaces);
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

    /** A frame of a VLAN whose device has no kernel interface is its link's, with the tag. */
    private static void give(int device, long frame, int length, KernelInterfaces interfaces) {
        KernelInterface ofVlan = VlanTag.isOn(frame, length) ? interfaces.inVlan(device, VlanTag.id(frame)) : null;
        KernelInterface kernel = interfaces.beside(device);
        if (ofVlan != null) {
            ofVlan.give(VlanTag.takeOff(frame), length - VlanTag.LENGTH);
        } else if (kernel != null) {
            kernel.give(frame, length);
        }
    }

    /**
     * To the link.
     *
     * @return false when the interface turned out to be gone
     */
    boolean fromKernel(KernelInterface kernel) {
        int count = FRAMES;
        for (int round = 0; round < ROUNDS && count == FRAMES; round++) {
            boolean there = read(kernel);
            count = burst.count;
            if (count > 0) {
                try {
                    kernel.send(burst);
                } finally {
                    burst.count = 0;
                }
            }
            if (!there) {
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
            int length = kernel.read(frame);
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
