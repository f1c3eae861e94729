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
 * @param automatic made by dpvs itself: a link-local address
 */
public record InterfaceAddress(
        Address address,
        int prefixLength,
        Device device,
        Address broadcast,
        String scope,
        long validSeconds,
        long preferredSeconds,
        boolean pool,
        boolean automatic,
        AddressState state) {
    /** A global address that is valid forever. */
    public static InterfaceAddress of(Address address, int prefixLength, Device device, boolean pool) {
        return new InterfaceAddress(
                address, prefixLength, device, Address.NONE, "global", -1, -1, pool, false, AddressState.ASSIGNED);
    }

    /** Of IPv4. */
    public static InterfaceAddress of(int address, int prefixLength, Device device, boolean pool) {
        return of(Address.ofIpv4(address), prefixLength, device, pool);
    }

    /** A device's own for its link (RFC 4291 §2.5.6). */
    public static InterfaceAddress linkLocal(Address address, Device device) {
        return new InterfaceAddress(
                address, 64, device, Address.NONE, "link", -1, -1, false, true, AddressState.TENTATIVE);
    }

    /** Of IPv6: to be used once the link has been asked for it. */
    public InterfaceAddress tentative() {
        return address.isIpv4() ? this : in(AddressState.TENTATIVE);
    }

    public boolean isAssigned() {
        return state == AddressState.ASSIGNED;
    }

    public InterfaceAddress withLifetimes(long valid, long preferred) {
        return copy(prefixLength, device, valid, preferred, state);
    }

    InterfaceAddress in(AddressState other) {
        return copy(prefixLength, device, validSeconds, preferredSeconds, other);
    }

    InterfaceAddress on(Device other) {
        return copy(prefixLength, other, validSeconds, preferredSeconds, state);
    }

    InterfaceAddress withHostPrefix() {
        return copy(address.bits(), device, validSeconds, preferredSeconds, state);
    }

    private InterfaceAddress copy(int length, Device onDevice, long valid, long preferred, AddressState inState) {
        return new InterfaceAddress(
                address, length, onDevice, broadcast, scope, valid, preferred, pool, automatic, inState);
    }
}
