package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import jdpvs.command.Console;
import jdpvs.control.ControlJson;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.Views;

/** What {@code dpvsctl ha} and {@code dpvsctl health} have in common: keepalived's last report, and whether it is one to rely on. */
final class KeepalivedText {
    /** keepalived reports every 5 seconds at least. */
    private static final long SILENCE_MILLIS = 15_000;

    private KeepalivedText() {}

    /** Writes a report into a text. */
    interface Writer {
        void write(StringBuilder text, KeepalivedReport report);
    }

    /**
     * @param part of the work, which is asked about
     * @return the exit code: 1 when there is no keepalived to be relied on
     */
    static int show(Console console, boolean json, KeepalivedReport.Part part, Writer writer) throws IOException {
        List<Views.Keepalived> reports = console.control().keepalived();
        Views.Keepalived last = reports.stream()
                .filter(one -> one.report().part().overlaps(part))
                .findFirst()
                .orElse(null);
        if (last == null) {
            String missing = reports.isEmpty()
                    ? ""
                    : part == KeepalivedReport.Part.VRRP ? " that runs VRRP" : " that checks servers";
            console.error().print("dpvsctl: no keepalived" + missing + " has reported to dpvs since it was started\n");
            return 1;
        }
        boolean silent = last.ageMillis() > SILENCE_MILLIS;
        if (json) {
            console.out().print(ControlJson.pretty(last) + "\n");
        } else {
            StringBuilder text = new StringBuilder(2048);
            writer.write(text, last.report());
            for (String sentence : last.report().refused()) {
                text.append("\nnot on dpvs: ").append(sentence).append('\n');
            }
            console.out().append(text);
        }
        if (silent) {
            console.error()
                    .print("dpvsctl: keepalived (process " + last.report().pid() + ") has not been heard of for "
                            + last.ageMillis() / 1000 + " s\n");
        }
        return silent ? 1 : 0;
    }

    /** UTC, RFC 3339, to the second. */
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The same to the millisecond, for what follows each other closely. */
    static String exactTime(long millis) {
        String text = Instant.ofEpochMilli(millis).toString();
        // Whole seconds are printed without a fraction.
        return text.length() == "2026-01-01T00:00:00Z".length() ? text.replace("Z", ".000Z") : text;
    }
}
