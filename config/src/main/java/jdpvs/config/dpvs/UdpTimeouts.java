package jdpvs.config.dpvs;

/** {@code ipvs_defs udp timeout}: seconds per state. */
public record UdpTimeouts(int oneWay, int normal, int last) {}
