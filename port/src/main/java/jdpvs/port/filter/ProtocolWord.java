package jdpvs.port.filter;

/** Protocols that a filter may name. */
enum ProtocolWord {
    IP,
    IP6,
    ARP,
    TCP,
    UDP,
    ICMP,
    ICMP6
}
