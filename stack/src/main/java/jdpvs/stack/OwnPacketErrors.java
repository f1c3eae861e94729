package jdpvs.stack;

/**
 * Takes ICMP errors about packets whose source is an address of dpvs's own: they were rewritten here, so that whoever sent them first is known to the
 * one who rewrote them only.
 */
@FunctionalInterface
public interface OwnPacketErrors {
    /** Nobody rewrites packets. */
    OwnPacketErrors NOBODY = (frame, length) -> {};

    /**
     * Passes an error on to the first sender, or forgets it when there is none.
     *
     * @param frame a complete ICMP error, from and to the own address, in a buffer of the egress
     * @param length from the Ethernet header
     */
    void passOn(long frame, int length);
}
