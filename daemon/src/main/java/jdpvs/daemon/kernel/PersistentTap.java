package jdpvs.daemon.kernel;

import jdpvs.linux.CallState;
import jdpvs.linux.Errno;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.TapDevice;
import jdpvs.linux.TapException;
import jdpvs.linux.netlink.InterfaceRemoval;
import jdpvs.wire.VirtioNetHeader;

/** A TAP interface that outlives dpvs, so that its addresses and routes are there again with the next start. */
public final class PersistentTap implements Tap {
    private final String name;
    private final TapDevice device;
    private boolean carrier = true;

    private PersistentTap(String name, TapDevice device) {
        this.name = name;
        this.device = device;
    }

    /**
     * Makes the interface or takes the one that is there. A new one is down, as in DPVS.
     *
     * @param macAddress 48 bits, first octet most significant
     * @param mtu bytes of the longest IP packet
     * @throws TapException with a sentence that names it and the way out
     * @throws SystemCallException when it is there but cannot have that MAC address or MTU
     */
    public static PersistentTap open(String name, long macAddress, int mtu) throws TapException {
        TapDevice device = TapDevice.open(name, true);
        try {
            NetworkDevice itself = device.device();
            if (itself.macAddress() != macAddress) {
                itself.setMacAddress(macAddress);
            }
            if (itself.mtu() != mtu) {
                itself.setMtu(mtu);
            }
            return new PersistentTap(name, device);
        } catch (SystemCallException e) {
            device.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int descriptor() {
        return device.descriptor();
    }

    @Override
    public int read(long frame) {
        CallState state = CallState.current();
        long bytes = device.read(state, frame - VirtioNetHeader.LENGTH, TapDevice.LONGEST);
        if (bytes >= 0) {
            return (int) Math.max(0, bytes - VirtioNetHeader.LENGTH);
        }
        return state.errno() == Errno.EAGAIN || state.errno() == Errno.EINTR ? 0 : GONE;
    }

    @Override
    public int write(long frame, int length) {
        CallState state = CallState.current();
        long bytes = (long) length + VirtioNetHeader.LENGTH;
        return device.write(state, frame - VirtioNetHeader.LENGTH, bytes) ? TAKEN : state.errno();
    }

    @Override
    public void carrier(boolean on) {
        if (on != carrier) {
            device.setCarrier(on);
            carrier = on;
        }
    }

    @Override
    public void close() {
        device.close();
    }

    /** A descriptor that another thread waits for would keep the interface a little longer. */
    @Override
    public void remove() {
        try {
            InterfaceRemoval.remove(device.device().index());
        } finally {
            device.close();
        }
    }
}
