/** keepalived.conf: what it says, and how it is read. */
package jdpvs.keepalived.configuration;
