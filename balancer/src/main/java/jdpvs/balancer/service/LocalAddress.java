package jdpvs.balancer.service;

/**
 * A local address (LIP) of full-NAT services.
 *
 * @param id small; the same LIP used by several services has one id
 */
public record LocalAddress(int id, int address, int device) {}
