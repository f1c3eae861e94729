package jdpvs.keepalived.configuration;

import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route of {@code virtual_routes} or {@code static_routes}, for dpvs.
 *
 * @param scope {@code host}, {@code link}, {@code global}; null = derived
 */
public record VirtualRoute(
        IpAddress prefix,
        int prefixLength,
        @Nullable IpAddress gateway,
        @Nullable String device,
        @Nullable IpAddress source,
        @Nullable String scope) {}
