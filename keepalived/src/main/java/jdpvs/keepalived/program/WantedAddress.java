package jdpvs.keepalived.program;

import jdpvs.control.IpAddress;

/**
 * An address that a dpvs device is to have.
 *
 * @param scope {@code host}, {@code link} or {@code global}
 */
public record WantedAddress(String device, IpAddress address, int prefixLength, String scope) {}
