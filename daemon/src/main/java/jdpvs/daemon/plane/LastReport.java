package jdpvs.daemon.plane;

import jdpvs.control.KeepalivedReport;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** What keepalived said of itself last. Any thread. */
final class LastReport {
    private record Received(KeepalivedReport report, long wallMillis, long bootMillis) {}

    private volatile @Nullable Received last;

    void set(KeepalivedReport report, long wallMillis, long bootMillis) {
        last = new Received(report, wallMillis, bootMillis);
    }

    Views.@Nullable Keepalived view(long bootMillis) {
        Received now = last;
        return now == null
                ? null
                : new Views.Keepalived(now.report, now.wallMillis, Math.max(0, bootMillis - now.bootMillis));
    }
}
