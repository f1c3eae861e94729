/** VRRP (RFC 3768, RFC 9568): who has the addresses. */
package jdpvs.keepalived.vrrp;
