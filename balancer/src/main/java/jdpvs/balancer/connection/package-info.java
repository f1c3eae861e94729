/** The connection table: records, index, timers, local ports, protocol states. */
package jdpvs.balancer.connection;
