package jdpvs.config.dpvs;

/**
 * {@code neigh_defs}.
 *
 * @param unresolvedQueueLength packets that may wait for one next hop; counts at the start only
 * @param timeoutSeconds how long an answer counts as fresh
 */
public record NeighbourSettings(int unresolvedQueueLength, int timeoutSeconds) {}
