package jdpvs.keepalived.vrrp;

/** What a virtual router is on this host (RFC 9568 §6.4); FAULT while it could not serve. */
enum State {
    INIT,
    BACKUP,
    MASTER,
    FAULT
}
