package jdpvs.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator may ask of a service; what the daemon does not do it refuses, naming it.
 *
 * @param scheduler name as given to {@code -s}
 * @param persistentSeconds 0 = not persistent
 * @param persistenceMask null = single addresses
 * @param hashTarget {@code sip}, {@code qid} or null
 * @param connectionTimeoutSeconds established time-out, 0 = the global one
 * @param proxyProtocol {@code v1}, {@code v2}, {@code v1-insecure}, {@code v2-insecure} or null
 * @param destinationChecks the {@code --dest-check} specifications as written
 */
public record ServiceOptions(
        String scheduler,
        int persistentSeconds,
        @Nullable String persistenceMask,
        boolean onePacket,
        boolean synProxy,
        @Nullable String hashTarget,
        boolean expireQuiescent,
        int connectionTimeoutSeconds,
        @Nullable String proxyProtocol,
        boolean quic,
        List<String> destinationChecks) {

    public ServiceOptions {
        destinationChecks = List.copyOf(destinationChecks);
    }

    /** Nothing but a scheduler. */
    public static ServiceOptions of(String scheduler) {
        return new ServiceOptions(scheduler, 0, null, false, false, null, false, 0, null, false, List.of());
    }
}
