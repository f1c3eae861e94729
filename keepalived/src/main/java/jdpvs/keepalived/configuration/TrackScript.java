package jdpvs.keepalived.configuration;

import java.time.Duration;

/**
 * A {@code vrrp_script}.
 *
 * @param timeout after which it counts as failed
 * @param weight of instances that do not say
 * @param rise successes in a row that make it well
 * @param fall failures in a row that make it not well
 * @param startsFailed {@code init_fail}
 */
public record TrackScript(
        String name,
        Script script,
        Duration interval,
        Duration timeout,
        int weight,
        boolean reverse,
        int rise,
        int fall,
        boolean startsFailed) {}
