package jdpvs.port;

/**
 * @param speedMegabits in Mbit/s; 10000 where the device does not know
 */
public record LinkState(boolean up, int speedMegabits, boolean fullDuplex, boolean autoNegotiated) {}
