/** Advertisements of the Virtual Router Redundancy Protocol (RFC 3768, RFC 5798, RFC 9568). */
package jdpvs.wire.vrrp;
