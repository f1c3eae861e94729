package jdpvs.stack;

import jdpvs.wire.Address;

/**
 * An address of dpvs's own on a device, as {@code dpip addr add} gave it.
 *
 * @param prefixLength 1 to 32 or 128; below that the rest of the prefix is on the device's link
 * @param broadcast printed only; {@link Address#NONE} = none
 * @param scope {@code host}, {@code link}, {@code global} or a number, as written
 * @param validSeconds -1 = forever
 * @param preferredSeconds -1 = forever
 * @param pool {@code sapool}: the address serves as source address of connections
 */
public record InterfaceAddress(
        Address address,
        int prefixLength,
        Device device,
        Address broadcast,
        String scope,
        long validSeconds,
        long preferredSeconds,
        boolean pool) {
    /** A global address that is valid forever. */
    public static InterfaceAddress of(Address address, int prefixLength, Device device, boolean pool) {
        return new InterfaceAddress(address, prefixLength, device, Address.NONE, "global", -1, -1, pool);
    }

    /** Of IPv4. */
    public static InterfaceAddress of(int address, int prefixLength, Device device, boolean pool) {
        return of(Address.ofIpv4(address), prefixLength, device, pool);
    }

    InterfaceAddress on(Device other) {
        return new InterfaceAddress(
                address, prefixLength, other, broadcast, scope, validSeconds, preferredSeconds, pool);
    }
}
