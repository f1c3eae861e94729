package jdpvs.config.dpvs;

import java.util.List;
import jdpvs.config.Location;
import org.jspecify.annotations.Nullable;

/**
 * A {@code bonding} block.
 *
 * @param mode one of {@link BondingModes#POSSIBLE}
 * @param primary one of the slaves
 * @param kernelInterface name of the interface that the kernel has beside the bond; null = none
 */
public record BondingSettings(
        String name,
        int mode,
        List<String> slaves,
        String primary,
        @Nullable String kernelInterface,
        Location at) {
    public BondingSettings {
        slaves = List.copyOf(slaves);
    }
}
