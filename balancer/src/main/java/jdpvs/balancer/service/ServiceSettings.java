package jdpvs.balancer.service;

import java.util.List;
import jdpvs.balancer.service.ServiceException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator may ask of a service; what is not done here is refused by {@link #validate}, naming it.
 *
 * @param scheduler name as given to {@code -s}
 * @param connectionTimeoutSeconds established time-out, 0 = the global one
 * @param expireQuiescent connections of removed and weight-0 servers end at their next packet
 * @param persistentSeconds 0 = not persistent
 * @param persistenceMask null = single addresses
 * @param hashTarget {@code sip}, {@code qid} or null
 * @param proxyProtocol {@code v1}, {@code v2}, {@code v1-insecure}, {@code v2-insecure} or null
 * @param destinationChecks the {@code --dest-check} specifications as written
 */
public record ServiceSettings(
        String scheduler,
        int connectionTimeoutSeconds,
        boolean expireQuiescent,
        int persistentSeconds,
        @Nullable String persistenceMask,
        boolean onePacket,
        boolean synProxy,
        @Nullable String hashTarget,
        @Nullable String proxyProtocol,
        boolean quic,
        List<String> destinationChecks) {
    /** A year less a second, the longest time-out that dpvs.conf accepts too. */
    public static final int MAXIMUM_TIMEOUT_SECONDS = 31_535_999;

    public ServiceSettings {
        destinationChecks = List.copyOf(destinationChecks);
    }

    /** Nothing but a scheduler. */
    public static ServiceSettings of(String scheduler) {
        return new ServiceSettings(scheduler, 0, false, 0, null, false, false, null, null, false, List.of());
    }

    public ServiceSettings withConnectionTimeout(int seconds) {
        return with(seconds, expireQuiescent, proxyProtocol);
    }

    public ServiceSettings withExpireQuiescent() {
        return with(connectionTimeoutSeconds, true, proxyProtocol);
    }

    public ServiceSettings withProxyProtocol(String word) {
        return with(connectionTimeoutSeconds, expireQuiescent, word);
    }

    private ServiceSettings with(int connectionTimeout, boolean expires, @Nullable String proxy) {
        return new ServiceSettings(
                scheduler,
                connectionTimeout,
                expires,
                persistentSeconds,
                persistenceMask,
                onePacket,
                synProxy,
                hashTarget,
                proxy,
                quic,
                destinationChecks);
    }

    void validate(VirtualEndpoint service) throws ServiceException {
        Schedulers.named(scheduler, service);
        refuse(persistentSeconds != 0 || persistenceMask != null, "persistence (-p, -M)", service);
        refuse(onePacket, "one-packet scheduling (-o)", service);
        refuse(synProxy, "SYN proxy (-j enable)", service);
        refuse(hashTarget != null, "hash target (--hash-target)", service);
        ProxyProtocol.validate(proxyProtocol, service);
        refuse(quic, "QUIC server ids (--quic)", service);
        for (String check : destinationChecks) {
            // "disable" clears the checks, and there are none.
            refuse(!check.equals("disable"), "destination checks (--dest-check " + check + ")", service);
        }
        if (connectionTimeoutSeconds < 0 || connectionTimeoutSeconds > MAXIMUM_TIMEOUT_SECONDS) {
            throw new ServiceException(
                    Kind.INVALID,
                    "service " + service + ": connection time-out " + connectionTimeoutSeconds + " is outside 0…"
                            + MAXIMUM_TIMEOUT_SECONDS + " seconds");
        }
    }

    private static void refuse(boolean asked, String what, VirtualEndpoint service) throws ServiceException {
        if (asked) {
            throw new ServiceException(Kind.NOT_SUPPORTED, "service " + service + ": " + what + "; leave it out");
        }
    }
}
