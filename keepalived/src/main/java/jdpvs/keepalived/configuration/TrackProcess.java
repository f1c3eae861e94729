package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.List;

/**
 * A {@code vrrp_track_process}: well while as many processes run as wanted.
 *
 * @param command the program's name or path, and its arguments if those are to match
 * @param quorum the least number
 * @param maximum the greatest number
 * @param matchArguments whether the arguments must be the same too
 * @param weight 0 = fewer or more is the instance's fault
 * @param terminateDelay after which an end counts
 * @param forkDelay after which a start counts
 */
public record TrackProcess(
        String name,
        List<String> command,
        boolean matchArguments,
        int weight,
        int quorum,
        int maximum,
        Duration terminateDelay,
        Duration forkDelay) {
    public TrackProcess {
        command = List.copyOf(command);
    }
}
