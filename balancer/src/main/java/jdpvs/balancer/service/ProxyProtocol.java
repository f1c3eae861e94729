package jdpvs.balancer.service;

import jdpvs.balancer.service.ServiceException.Kind;
import jdpvs.wire.proxy.ProxyVersion;
import org.jspecify.annotations.Nullable;

/**
 * How a service tells its servers the client's address in a PROXY header (facts: behaviour §5.3, cli §4.4).
 *
 * @param version of the header
 * @param insecure a header that the client sends itself is believed; otherwise it is replaced
 */
public record ProxyProtocol(ProxyVersion version, boolean insecure) {
    private static final String WORDS = "v1, v2, v1-insecure or v2-insecure";

    /** @param word as {@link #validate} has accepted it; null = none */
    static @Nullable ProxyProtocol of(@Nullable String word) {
        return word == null
                ? null
                : switch (word) {
                    case "v1" -> new ProxyProtocol(ProxyVersion.V1, false);
                    case "v2" -> new ProxyProtocol(ProxyVersion.V2, false);
                    case "v1-insecure" -> new ProxyProtocol(ProxyVersion.V1, true);
                    case "v2-insecure" -> new ProxyProtocol(ProxyVersion.V2, true);
                    default -> throw new IllegalArgumentException("PROXY protocol '" + word + "'; use " + WORDS);
                };
    }

    static void validate(@Nullable String word, VirtualEndpoint service) throws ServiceException {
        ProxyProtocol proxy;
        try {
            proxy = of(word);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Kind.INVALID, "service " + service + ": " + e.getMessage());
        }
        if (proxy != null && proxy.version == ProxyVersion.V1 && service.protocol() == Protocol.UDP) {
            throw new ServiceException(
                    Kind.INVALID,
                    "service " + service + ": PROXY protocol " + word + " is of TCP only; use v2"
                            + (proxy.insecure ? "-insecure" : ""));
        }
    }

    public boolean isV2() {
        return version == ProxyVersion.V2;
    }
}
