package jdpvs.stack;

/**
 * Switches and limits of the stack (facts: config §5 neigh_defs, ipv4_defs, ipv6_defs).
 *
 * @param ipv4Forwarding pass IPv4 packets on that are not for dpvs
 * @param ipv6 take part in IPv6 at all
 * @param ipv6Forwarding pass IPv6 packets on that are not for dpvs
 * @param ttl of packets that dpvs makes itself, 0 to 255; dpvs.conf allows 0, which no packet may have on the wire: it means 64
 * @param neighbourTimeoutSeconds how long a neighbour's answer counts as fresh, 1 to 3600
 * @param unresolvedQueueLength packets that may wait for one next hop's MAC address, 16 to 8192
 */
public record StackSettings(
        boolean ipv4Forwarding,
        boolean ipv6,
        boolean ipv6Forwarding,
        int ttl,
        int neighbourTimeoutSeconds,
        int unresolvedQueueLength) {
    public static final StackSettings DEFAULTS = new StackSettings(false, true, false, 64, 60, 128);

    public StackSettings {
        if (ttl < 0 || ttl > 255) {
            throw new IllegalArgumentException("the time to live is " + ttl + ", not 0 to 255");
        }
        ttl = ttl == 0 ? 64 : ttl;
        if (neighbourTimeoutSeconds < 1) {
            throw new IllegalArgumentException(
                    "the neighbour time-out is " + neighbourTimeoutSeconds + " s, not positive");
        }
        if (unresolvedQueueLength < 1) {
            throw new IllegalArgumentException(
                    "the unresolved queue length is " + unresolvedQueueLength + ", not positive");
        }
    }

    public StackSettings withIpv4Forwarding(boolean on) {
        return new StackSettings(on, ipv6, ipv6Forwarding, ttl, neighbourTimeoutSeconds, unresolvedQueueLength);
    }

    public StackSettings withIpv6(boolean on, boolean forwarding) {
        return new StackSettings(ipv4Forwarding, on, forwarding, ttl, neighbourTimeoutSeconds, unresolvedQueueLength);
    }
}
