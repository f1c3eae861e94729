package jdpvs.stack;

/**
 * An IPv4 address of dpvs's own on a device, as {@code dpip addr add} gave it. Addresses are ints in network meaning.
 *
 * @param prefixLength 1 to 32; below 32 the rest of the prefix is on the device's link
 * @param broadcast printed only; 0 = none
 * @param scope {@code host}, {@code link}, {@code global} or a number, as written
 * @param validSeconds -1 = forever
 * @param preferredSeconds -1 = forever
 * @param pool {@code sapool}: the address serves as source address of connections
 */
public record InterfaceAddress(
        int address,
        int prefixLength,
        Device device,
        int broadcast,
        String scope,
        long validSeconds,
        long preferredSeconds,
        boolean pool) {

    /** A global address that is valid forever. */
    public static InterfaceAddress of(int address, int prefixLength, Device device, boolean pool) {
        return new InterfaceAddress(address, prefixLength, device, 0, "global", -1, -1, pool);
    }

    InterfaceAddress on(Device other) {
        return new InterfaceAddress(
                address, prefixLength, other, broadcast, scope, validSeconds, preferredSeconds, pool);
    }
}
