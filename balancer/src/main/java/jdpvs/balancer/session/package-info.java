/** What the session log wants to know of connections: counts beside the connection table, and a ring of events for whoever writes them down. */
package jdpvs.balancer.session;
