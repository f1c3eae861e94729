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

    /** Takes the place of those that had a part of the same work: they have ended. What one that did everything left of the other part is for the one that will do that. */
    synchronized void set(KeepalivedReport report, long wallMillis, long bootMillis) {
        Received whole = last.get(KeepalivedReport.Part.EVERYTHING);
        last.keySet().removeIf(report.part()::overlaps);
        last.put(report.part(), new Received(report, wallMillis, bootMillis));
        if (whole != null && report.part() != KeepalivedReport.Part.EVERYTHING) {
            KeepalivedReport.Part other = report.part() == KeepalivedReport.Part.VRRP
                    ? KeepalivedReport.Part.CHECKS
                    : KeepalivedReport.Part.VRRP;
            last.put(other, new Received(whole.report.only(other), whole.wallMillis, whole.bootMillis));
        }
    }

    synchronized List<Views.Keepalived> views(long bootMillis) {
        return last.values().stream()
                .map(one -> new Views.Keepalived(one.report, one.wallMillis, Math.max(0, bootMillis - one.bootMillis)))
                .toList();
    }
}
