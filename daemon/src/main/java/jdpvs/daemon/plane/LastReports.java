package jdpvs.daemon.plane;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.Views;

/** What each part of keepalived said of itself last. Any thread. */
final class LastReports {
    private record Received(KeepalivedReport report, long wallMillis, long bootMillis) {}

    private final Map<KeepalivedReport.Part, Received> last = new EnumMap<>(KeepalivedReport.Part.class);

    /** Takes the place of those that had a part of the same work: they have ended. */
    synchronized void set(KeepalivedReport report, long wallMillis, long bootMillis) {
        last.keySet().removeIf(report.part()::overlaps);
        last.put(report.part(), new Received(report, wallMillis, bootMillis));
    }

    synchronized List<Views.Keepalived> views(long bootMillis) {
        return last.values().stream()
                .map(one -> new Views.Keepalived(one.report, one.wallMillis, Math.max(0, bootMillis - one.bootMillis)))
                .toList();
    }
}
