package jdpvs.keepalived.vrrp;

import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;

/**
 * An advertisement that came.
 *
 * @param hopLimit TTL or hop limit
 */
record Heard(Address source, Address destination, int hopLimit, Advertisement advertisement) {}
