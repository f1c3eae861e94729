/** Where log lines go. */
package jdpvs.daemon.log;
