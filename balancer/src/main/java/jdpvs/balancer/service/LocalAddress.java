package jdpvs.balancer.service;

/**
 * A local address (LIP) of full-NAT services.
 *
 * @param id small; the same LIP used by several services has one id
 * @param address in network meaning
 * @param device id of the device that it was put on; informative, packets leave by the route
 */
public record LocalAddress(int id, int address, int device) {}
