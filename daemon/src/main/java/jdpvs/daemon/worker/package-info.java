/** The duty cycle of a worker thread, its way out, and the rings to its siblings. */
package jdpvs.daemon.worker;
