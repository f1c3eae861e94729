/** The control API: what may be asked of a running balancer, its JSON form, and the way over HTTP on a UNIX socket. */
package jdpvs.control;
