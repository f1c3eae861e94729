package jdpvs.daemon.kernel;

import java.util.concurrent.atomic.LongAdder;
import jdpvs.control.Views;
import jdpvs.linux.Errno;
import jdpvs.port.PortQueue;

/** The kernel's interface beside a device (KNI), and what passed it. Workers and the kernel thread write to it at the same time; one thread reads. */
public final class KernelInterface {
    private final int device;
    private final String deviceName;
    private final Tap tap;
    private final PortQueue control;
    private final LongAdder toKernel = new LongAdder();
    private final LongAdder fromKernel = new LongAdder();
    private final LongAdder down = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean copying;
    private volatile boolean gone;

    /**
     * @param device id of the device
     * @param control the control queue of the device's port
     */
    public KernelInterface(int device, String deviceName, Tap tap, PortQueue control) {
        this.device = device;
        this.deviceName = deviceName;
        this.tap = tap;
        this.control = control;
    }

    public int device() {
        return device;
    }

    public String name() {
        return tap.name();
    }

    Tap tap() {
        return tap;
    }

    PortQueue control() {
        return control;
    }

    /** Gives the kernel a frame, or counts why not. Allocates nothing. */
    void give(long frame, int length) {
        int errno = tap.write(frame, length);
        if (errno == Tap.TAKEN) {
            toKernel.increment();
        } else if (errno == Errno.EIO) {
            down.increment();
        } else {
            refused.increment();
        }
    }

    /** A worker had no turn left for a frame. */
    void countLimited() {
        limited.increment();
    }

    void countSent(int frames) {
        fromKernel.add(frames);
    }

    /** Whether everything that the device receives and sends is copied here ({@code forward2kni}). */
    public boolean isCopying() {
        return copying;
    }

    public void copying(boolean on) {
        copying = on;
    }

    /** Somebody removed the interface. */
    boolean isGone() {
        return gone;
    }

    void lose() {
        gone = true;
    }

    public Views.KernelInterface view() {
        return new Views.KernelInterface(
                tap.name(),
                deviceName,
                !gone,
                copying,
                toKernel.sum(),
                fromKernel.sum(),
                down.sum(),
                limited.sum(),
                refused.sum(),
                control.counters().receiveMissed());
    }
}
