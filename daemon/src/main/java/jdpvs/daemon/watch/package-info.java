/** What one worker shows of its packets to those who ask: filtered, copied into bounded rings, and read from there by control threads. */
package jdpvs.daemon.watch;
