package jdpvs.keepalived.configuration;

import jdpvs.control.IpAddress;

/**
 * An address that an instance brings with it. It always goes to the instance's dpvs device (facts: config §10.2).
 *
 * @param prefixLength 32 or 128 unless written
 * @param scope {@code host}, {@code link} or {@code global}
 * @param device of a {@code static_ipaddress}; empty for instances' addresses
 */
public record VirtualAddress(IpAddress address, int prefixLength, String scope, String device) {}
