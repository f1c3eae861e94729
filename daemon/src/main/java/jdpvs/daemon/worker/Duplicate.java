package jdpvs.daemon.worker;

import jdpvs.wire.Address;

/**
 * Another host has an address that was to become ours.
 *
 * @param device where it was heard
 * @param macAddress the other host's; 0 = not told
 */
public record Duplicate(int device, Address address, long macAddress) {}
