package jdpvs.stack;

/** A next hop whose MAC address the operator has given: never asked for, never forgotten. */
public record StaticNeighbour(int address, long macAddress, Device device) {}
