package jdpvs.stack;

/**
 * A device as the packet path knows it.
 *
 * @param id its place in the device table, from 0; stays the same for the life of the process
 * @param macAddress 48 bits, first octet most significant
 * @param shared the kernel works on the same interface: only frames for owned addresses are ours
 */
public record Device(int id, String name, long macAddress, int mtu, boolean shared) {}
