/** Frames from and to capture files: a port, a reader, a writer, and a tap that records what another port does. */
package jdpvs.port.pcap;
