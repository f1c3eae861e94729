/** Packets of one IP family made into the other's (RFC 7915): headers, and the errors about them. */
package jdpvs.wire.translate;
