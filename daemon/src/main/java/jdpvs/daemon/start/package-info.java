/** Start-up: options, pid file, memory, putting the parts together and taking them apart. */
package jdpvs.daemon.start;
