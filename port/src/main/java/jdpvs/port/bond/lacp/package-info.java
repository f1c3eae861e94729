/**
 * Link aggregation by LACP (IEEE 802.1AX-2014 §6.4): the machines of one port each, and the selection over all slaves of a bond. Time and PDUs are handed in, PDUs are handed out; one thread.
 *
 * <p><b>Not supported:</b> version 2 and what needs it (conversation-sensitive distribution), distributed relay systems, asking markers ourselves, a passive actor.
 */
package jdpvs.port.bond.lacp;
