package jdpvs.daemon.kernel;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.StampedLock;
import jdpvs.control.Views;
import jdpvs.linux.Errno;
import jdpvs.linux.TapException;
import jdpvs.port.Burst;
import jdpvs.port.PortQueue;
import jdpvs.stack.Device;
import jdpvs.wire.Ethernet;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's interface beside a device (KNI), and what passed it. Workers and the kernel thread use it at the same time, and nobody of them waits: while it is being
 * made again or removed, which takes a moment, it takes no frame and has none.
 */
public final class KernelInterface {
    private final Device device;
    private final String name;
    private final PortQueue control;
    private final TapMaker maker;
    /** Who reads it uses {@link #tap}, who writes it replaces or closes it. */
    private final StampedLock use = new StampedLock();

    private final LongAdder toKernel = new LongAdder();
    private final LongAdder fromKernel = new LongAdder();
    private final LongAdder down = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile boolean copying;
    /** Null when somebody removed the interface. */
    private volatile @Nullable Tap tap;

    private boolean ended;

    /**
     * Makes the interface.
     *
     * @param control the control queue of the device's port; of a VLAN device, its link's
     * @throws TapException with a sentence that names it and the way out
     */
    public KernelInterface(Device device, String name, PortQueue control, TapMaker maker) throws TapException {
        this.device = device;
        this.name = name;
        this.control = control;
        this.maker = maker;
        this.tap = maker.make(name, device.macAddress(), device.mtu());
    }

    /** Of the device that it is beside. */
    public int device() {
        return device.id();
    }

    Device of() {
        return device;
    }

    public String name() {
        return name;
    }

    PortQueue control() {
        return control;
    }

    /** Whether the interface is there. */
    boolean isPresent() {
        return tap != null;
    }

    /** To wait for, below 0 for one that must be asked. */
    int descriptor() {
        Tap open = tap;
        return open == null ? -1 : open.descriptor();
    }

    /** Gives the kernel a frame, or counts why not. Allocates nothing. */
    void give(long frame, int length) {
        int errno = write(frame, length);
        if (errno == Tap.TAKEN) {
            toKernel.increment();
        } else if (errno == Errno.EIO) {
            down.increment();
        } else {
            refused.increment();
        }
    }

    private int write(long frame, int length) {
        long stamp = use.tryReadLock();
        if (stamp == 0) {
            return Errno.ENODEV;
        }
        try {
            Tap open = tap;
            return open == null ? Errno.ENODEV : open.write(frame, length);
        } finally {
            use.unlockRead(stamp);
        }
    }

    /** {@link Tap#read}. */
    int read(long frame) {
        long stamp = use.tryReadLock();
        if (stamp == 0) {
            return 0;
        }
        try {
            Tap open = tap;
            return open == null ? 0 : open.read(frame);
        } finally {
            use.unlockRead(stamp);
        }
    }

    /** Sends what the kernel gave by the device, with its tag if it is of a VLAN; there is room before the frames. */
    void send(Burst burst) {
        int count = burst.count;
        if (device.isVlan()) {
            for (int i = 0; i < count; i++) {
                burst.address[i] = VlanTag.putOn(burst.address[i], Ethernet.TYPE_VLAN, device.vlan());
                burst.length[i] += VlanTag.LENGTH;
            }
        }
        control.transmit(burst);
        fromKernel.add(count);
    }

    void carrier(boolean on) {
        long stamp = use.tryReadLock();
        if (stamp == 0) {
            return;
        }
        try {
            Tap open = tap;
            if (open != null) {
                open.carrier(on);
            }
        } finally {
            use.unlockRead(stamp);
        }
    }

    /** A worker had no turn left for a frame. */
    void countLimited() {
        limited.increment();
    }

    /** Whether everything that the device receives and sends is copied here ({@code forward2kni}). */
    public boolean isCopying() {
        return copying;
    }

    public void copying(boolean on) {
        copying = on;
    }

    /** The kernel thread: somebody removed the interface. @return false when dpvs did so itself */
    boolean lose() {
        long stamp = use.writeLock();
        try {
            closeTap();
            return !ended;
        } finally {
            use.unlockWrite(stamp);
        }
    }

    /**
     * Makes a lost interface again, down and without addresses.
     *
     * @throws TapException with a sentence that names it and the way out
     */
    void renew() throws TapException {
        long stamp = use.writeLock();
        try {
            if (tap == null && !ended) {
                tap = maker.make(name, device.macAddress(), device.mtu());
            }
        } finally {
            use.unlockWrite(stamp);
        }
    }

    /** Lets the interface go; it stays, without a carrier. */
    void close() {
        long stamp = use.writeLock();
        try {
            ended = true;
            closeTap();
        } finally {
            use.unlockWrite(stamp);
        }
    }

    /** The interface goes. */
    void remove() {
        long stamp = use.writeLock();
        try {
            ended = true;
            Tap open = tap;
            tap = null;
            if (open != null) {
                open.remove();
            }
        } finally {
            use.unlockWrite(stamp);
        }
    }

    private void closeTap() {
        Tap open = tap;
        tap = null;
        if (open != null) {
            open.close();
        }
    }

    public Views.KernelInterface view() {
        return new Views.KernelInterface(
                name,
                device.name(),
                isPresent(),
                copying,
                toKernel.sum(),
                fromKernel.sum(),
                down.sum(),
                limited.sum(),
                refused.sum(),
                control.counters().receiveMissed());
    }
}
