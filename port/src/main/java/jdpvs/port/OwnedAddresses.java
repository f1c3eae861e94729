package jdpvs.port;

import java.util.Set;
import jdpvs.wire.Address;

/**
 * The addresses of both families that dpvs owns on a port. In share mode the kernel loses frames for these and keeps the rest.
 *
 * @param all VIPs, local addresses and interface addresses of dpvs
 * @param local those that are local addresses of a full-NAT service: frames to them are steered to the worker that the destination
 *     port's low bits name ({@code port & mask}); a subset of {@code all}
 * @param mask 2^⌈log2 workers⌉ − 1
 */
public record OwnedAddresses(Set<Address> all, Set<Address> local, int mask) {
    /** How many addresses a port can own; whoever changes them refuses more. */
    public static final int CAPACITY = 1 << 16;

    public OwnedAddresses {
        all = Set.copyOf(all);
        local = Set.copyOf(local);
    }
}
