/** Which frames somebody wants to see: a small language after tcpdump's, read into a tree that is evaluated without allocation. */
package jdpvs.port.filter;
