package jdpvs.port.bond;

import java.util.List;

/**
 * A bond as an operator sees it.
 *
 * @param macAddress 48 bits
 * @param moves how often frames began to go another way, so that the link had to learn anew
 */
public record BondStatus(BondOptions options, long macAddress, int moves, List<Slave> slaves) {
    public BondStatus {
        slaves = List.copyOf(slaves);
    }

    /**
     * @param up its carrier, as believed
     * @param active it sends
     * @param receives what comes in by it is taken
     * @param losses how often its carrier was lost
     * @param negotiation what it says to its partner and hears, one sentence; empty where nothing is negotiated
     */
    public record Slave(
            String name,
            long macAddress,
            boolean up,
            boolean active,
            boolean receives,
            boolean primary,
            int losses,
            String negotiation) {}
}
