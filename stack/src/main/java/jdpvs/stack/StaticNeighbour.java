package jdpvs.stack;

import jdpvs.wire.Address;

/** A next hop whose MAC address the operator has given: never asked for, never forgotten. */
public record StaticNeighbour(Address address, long macAddress, Device device) {}
