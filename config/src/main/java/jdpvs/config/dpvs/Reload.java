package jdpvs.config.dpvs;

import java.util.List;

/**
 * What SIGHUP makes of a file that was read again.
 *
 * @param configuration the reloadable keys as the file has them now, all else as it was at the start
 * @param changed the reloadable keys that changed, {@code path = value}
 * @param needRestart paths of keys and blocks that differ now but count at the start only
 */
public record Reload(DpvsConfiguration configuration, List<String> changed, List<String> needRestart) {
    public Reload {
        changed = List.copyOf(changed);
        needRestart = List.copyOf(needRestart);
    }
}
