package jdpvs.config.dpvs;

import org.jspecify.annotations.Nullable;

/**
 * {@code ipv6_defs}.
 *
 * @param disable no IPv6 at all
 * @param forwarding pass packets on that are not for dpvs
 * @param addressGeneration {@code eui64}, {@code none}, {@code stable-privacy} or {@code random}
 * @param stableSecret 32 hexadecimal digits, or null
 */
public record Ipv6Settings(
        boolean disable,
        boolean forwarding,
        String addressGeneration,
        @Nullable String stableSecret) {}
