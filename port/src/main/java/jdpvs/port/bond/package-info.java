/** Several ports as one device: which of them send and receive ({@code lacp}: by IEEE 802.1AX), and how frames are spread over them. */
package jdpvs.port.bond;
