/** Making dpvs have what is wanted of it, and nothing else undone: services, addresses, routes. */
package jdpvs.keepalived.program;
