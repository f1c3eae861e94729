package jdpvs.control;

/**
 * @param weight 0 takes no new connections
 * @param upperThreshold connections at which the server counts as overloaded, 0 = none
 */
public record ServerOptions(Forwarding forwarding, int weight, int upperThreshold, int lowerThreshold) {}
