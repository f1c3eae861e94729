package jdpvs.balancer.service;

import jdpvs.wire.Address;

/**
 * A local address (LIP) of full-NAT services.
 *
 * @param id small; the same LIP used by several services has one id
 * @param device id of the device that it was put on; informative, packets leave by the route
 */
public record LocalAddress(int id, Address address, int device) {}
