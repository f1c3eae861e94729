/** Services, real servers, local addresses: configuration, identities, counters, schedulers. */
package jdpvs.balancer.service;
