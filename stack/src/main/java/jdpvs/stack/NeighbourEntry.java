package jdpvs.stack;

import jdpvs.wire.Address;

/**
 * One neighbour of one worker, for listings.
 *
 * @param macAddress 48 bits; 0 while NONE or SEND
 * @param worker index from 0
 * @param waiting packets that wait for its MAC address, roughly
 */
public record NeighbourEntry(
        int device,
        Address address,
        long macAddress,
        NeighbourState state,
        boolean isStatic,
        int worker,
        int waiting) {}
