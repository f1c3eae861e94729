package jdpvs.keepalived.vrrp;

import java.util.HashMap;
import java.util.Map;
import jdpvs.keepalived.configuration.SyncGroup;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import org.jspecify.annotations.Nullable;

/** How the tracked things are, and what follows for instances. */
final class TrackStates {
    private static final int LOWEST = 1;
    private static final int HIGHEST = 254;

    private final Map<Key, Integer> values = new HashMap<>();

    private record Key(Track.Kind kind, String name) {}

    /** @param fault a sentence; null = none */
    record Effect(int priority, @Nullable String fault) {}

    /**
     * @param value of a file its number; of everything else 1 = well, 0 = not
     * @return whether it is another
     */
    boolean set(Track.Kind kind, String name, int value) {
        Integer before = values.put(new Key(kind, name), value);
        return before == null || before != value;
    }

    /**
     * @param group of the instance; null = none
     */
    Effect effect(VrrpInstance instance, @Nullable SyncGroup group) {
        int priority = instance.priority();
        String fault = null;
        for (Track track : instance.track()) {
            if (track.weight() == 0) {
                fault = fault == null ? fault(track) : fault;
            } else if (group == null || group.memberWeights()) {
                priority += weight(track);
            }
        }
        if (group != null) {
            for (Track track : group.track()) {
                if (track.weight() == 0) {
                    fault = fault == null ? fault(track) : fault;
                } else {
                    priority += weight(track);
                }
            }
        }
        return new Effect(
                instance.priority() == VirtualRouter.OWNER
                        ? VirtualRouter.OWNER
                        : Math.clamp(priority, LOWEST, HIGHEST),
                fault);
    }

    private int weight(Track track) {
        int value = value(track);
        if (track.kind() == Track.Kind.FILE) {
            return Math.clamp((long) value * track.weight() * (track.reverse() ? -1 : 1), -HIGHEST, HIGHEST);
        }
        boolean well = (value != 0) != track.reverse();
        return well == track.weight() > 0 ? track.weight() : 0;
    }

    private @Nullable String fault(Track track) {
        int value = value(track);
        if (track.kind() == Track.Kind.FILE) {
            return value == 0 ? null : "track_file " + track.name() + " holds " + value;
        }
        boolean well = (value != 0) != track.reverse();
        if (well) {
            return null;
        }
        return switch (track.kind()) {
            case INTERFACE -> "track_interface " + track.name() + (track.reverse() ? " is up" : " is down");
            case SCRIPT -> "track_script " + track.name() + (track.reverse() ? " succeeded" : " failed");
            case PROCESS ->
                "track_process " + track.name()
                        + (track.reverse() ? " runs" : " does not run, or not as often as wanted");
            case FILE -> throw new IllegalStateException(track.name());
        };
    }

    /** What is not known yet is well. */
    private int value(Track track) {
        return values.getOrDefault(
                new Key(track.kind(), track.name()), track.kind() == Track.Kind.FILE ? 0 : track.reverse() ? 0 : 1);
    }
}
