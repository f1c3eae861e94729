/** keepalived: keepalived.conf, VRRP, health checks. */
package jdpvs.keepalived;
