package jdpvs.daemon.kernel;

import java.util.Map;
import java.util.Set;
import jdpvs.wire.Address;

/**
 * The addresses that the kernel has now.
 *
 * @param beside for each device with a kernel interface, by its id, those that are there
 * @param anywhere those of all interfaces
 */
public record KernelHas(Map<Integer, Set<Address>> beside, Set<Address> anywhere) {
    public static final KernelHas NOTHING = new KernelHas(Map.of(), Set.of());

    public KernelHas {
        beside = Map.copyOf(beside);
        anywhere = Set.copyOf(anywhere);
    }
}
