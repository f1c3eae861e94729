package jdpvs.daemon.plane;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Which run of which program this is.
 *
 * @param version our own
 * @param instance differs between any two runs, so that a client notices a restart
 * @param memoryBytes what start-up reserved
 * @param notices what an operator should know, one sentence each
 */
public record Identity(
        String version,
        String instance,
        Instant started,
        Path configuration,
        Path socket,
        long memoryBytes,
        List<String> notices) {
    public Identity {
        notices = List.copyOf(notices);
    }
}
