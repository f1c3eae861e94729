package jdpvs.config.dpvs;

/**
 * {@code ipv4_defs}.
 *
 * @param forwarding pass packets on that are not for dpvs
 * @param defaultTtl 0 … 255; counts at the start only
 */
public record Ipv4Settings(boolean forwarding, int defaultTtl) {}
