/** Telling the world: scripts, pipes, mails. */
package jdpvs.keepalived.notice;
