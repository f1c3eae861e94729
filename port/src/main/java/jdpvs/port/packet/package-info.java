/**
 * {@code packet:IF}: a Linux interface through AF_PACKET: a TPACKET_V2 receive ring and a transmit socket per queue, eBPF programs that share
 * the interface with the kernel and steer frames to queues. Facts: packet-io §4, packet(7), linux/if_packet.h.
 */
package jdpvs.port.packet;
