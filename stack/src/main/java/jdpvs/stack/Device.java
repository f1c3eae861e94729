package jdpvs.stack;

/**
 * A device as the packet path knows it.
 *
 * @param id its place in the device table, from 0; stays the same for the life of the process
 * @param macAddress 48 bits, first octet most significant
 * @param shared the kernel works on the same interface: only frames for owned addresses are ours
 * @param kernelSide it has a kernel interface (KNI), which gets what is not for dpvs
 */
public record Device(int id, String name, long macAddress, int mtu, boolean shared, boolean kernelSide) {
    /** One without a kernel interface. */
    public Device(int id, String name, long macAddress, int mtu, boolean shared) {
        this(id, name, macAddress, mtu, shared, false);
    }
}
