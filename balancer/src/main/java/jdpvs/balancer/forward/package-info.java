/** The way of a packet through the balancer: two-pass pipeline, full-NAT, client address. */
package jdpvs.balancer.forward;
