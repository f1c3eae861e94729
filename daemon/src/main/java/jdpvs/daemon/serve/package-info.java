/** The control API over HTTP on a UNIX socket. */
package jdpvs.daemon.serve;
