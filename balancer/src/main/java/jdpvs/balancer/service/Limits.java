package jdpvs.balancer.service;

/** How many ids there are; tables that workers index by id are this long. Removed things keep theirs until their last connection ends. */
public record Limits(int services, int servers, int localAddresses) {
    /** 2^16 services, 2^17 servers (8 MiB of counters per worker, touched as used), 2^12 local addresses. */
    public static final Limits DEFAULT = new Limits(1 << 16, 1 << 17, 1 << 12);
}
