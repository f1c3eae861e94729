package jdpvs.config;

import java.util.List;

/**
 * A {@code bonding} block.
 *
 * @param mode 0 … 6
 * @param primary one of the slaves
 * @param dedicatedQueues queues of its own for LACP
 */
public record BondingSettings(
        String name, int mode, List<String> slaves, String primary, boolean dedicatedQueues, Location at) {
    public BondingSettings {
        slaves = List.copyOf(slaves);
    }
}
