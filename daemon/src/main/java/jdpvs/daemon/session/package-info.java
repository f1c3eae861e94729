/** The session log: one line for each connection's begin and end. */
package jdpvs.daemon.session;
