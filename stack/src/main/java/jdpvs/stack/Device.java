package jdpvs.stack;

/**
 * A device as the packet path knows it.
 *
 * @param id its place in the device table, from 0; stays the same for as long as the device is there, and is not soon another's
 * @param macAddress 48 bits, first octet most significant
 * @param shared the kernel works on the same interface: only frames for owned addresses are ours
 * @param kernelSide it has a kernel interface (KNI), which gets what is not for dpvs
 * @param parent id of the device whose frames with the tag {@code vlan} are this one's; {@link #NO_PARENT} = it is no VLAN device
 * @param vlan number of the VLAN, 1 to 4095; 0 = it is no VLAN device
 */
public record Device(
        int id, String name, long macAddress, int mtu, boolean shared, boolean kernelSide, int parent, int vlan) {
    public static final int NO_PARENT = -1;

    /** One that is no VLAN device. */
    public Device(int id, String name, long macAddress, int mtu, boolean shared, boolean kernelSide) {
        this(id, name, macAddress, mtu, shared, kernelSide, NO_PARENT, 0);
    }

    /** One without a kernel interface. */
    public Device(int id, String name, long macAddress, int mtu, boolean shared) {
        this(id, name, macAddress, mtu, shared, false);
    }

    /** The VLAN device of a VLAN on a device, with its MAC address and its MTU, and without a kernel interface. */
    public static Device vlan(int id, String name, Device parent, int vlan) {
        return vlan(id, name, parent, vlan, false);
    }

    /** Likewise, with or without a kernel interface. */
    public static Device vlan(int id, String name, Device parent, int vlan, boolean kernelSide) {
        return new Device(id, name, parent.macAddress(), parent.mtu(), parent.shared(), kernelSide, parent.id(), vlan);
    }

    public boolean isVlan() {
        return parent != NO_PARENT;
    }
}
