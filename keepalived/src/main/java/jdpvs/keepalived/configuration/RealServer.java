package jdpvs.keepalived.configuration;

import java.util.List;
import jdpvs.control.Endpoint;
import jdpvs.control.ServerOptions;
import org.jspecify.annotations.Nullable;

/**
 * A {@code real_server} of a virtual server.
 *
 * @param options forwarding method, weight and thresholds while it is well
 * @param inhibited a failure sets its weight to 0 instead of removing it
 * @param checks all must succeed
 */
public record RealServer(
        Endpoint endpoint,
        ServerOptions options,
        boolean inhibited,
        List<CheckSettings> checks,
        @Nullable Script up,
        @Nullable Script down,
        boolean mail) {
    public RealServer {
        checks = List.copyOf(checks);
    }
}
