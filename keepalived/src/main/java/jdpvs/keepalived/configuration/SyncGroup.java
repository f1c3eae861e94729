package jdpvs.keepalived.configuration;

import java.util.List;

/**
 * A {@code vrrp_sync_group}: instances that are master, backup or faulty together.
 *
 * @param instances names of existing instances, at least one
 * @param memberWeights {@code sync_group_tracking_weight}: weights of members' tracks count
 */
public record SyncGroup(
        String name,
        List<String> instances,
        List<VrrpInstance.Track> track,
        boolean memberWeights,
        VrrpInstance.Notices notices) {
    public SyncGroup {
        instances = List.copyOf(instances);
        track = List.copyOf(track);
    }
}
