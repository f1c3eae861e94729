package jdpvs.daemon.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import jdpvs.control.Traces;
import jdpvs.control.Traces.Mark;
import jdpvs.port.DropReason;

/** What the stages found, in order; or nothing, where only the verdict is wanted. */
final class Findings {
    private final List<Traces.Finding> rows = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final boolean wanted;

    private Findings(boolean wanted) {
        this.wanted = wanted;
    }

    static Findings keep() {
        return new Findings(true);
    }

    /** Where nobody reads them; makes no texts. */
    static Findings none() {
        return new Findings(false);
    }

    boolean wanted() {
        return wanted;
    }

    void ok(String step, Supplier<String> finding, String where) {
        add(step, Mark.OK, finding, where);
    }

    void note(String step, Supplier<String> finding, String where) {
        add(step, Mark.NOTE, finding, where);
    }

    void bad(String step, Supplier<String> finding, String where) {
        add(step, Mark.BAD, finding, where);
    }

    void warn(Supplier<String> sentence) {
        if (wanted) {
            warnings.add(sentence.get());
        }
    }

    List<Traces.Finding> rows() {
        return rows;
    }

    List<String> warnings() {
        return warnings;
    }

    private void add(String step, Mark mark, Supplier<String> finding, String where) {
        if (wanted) {
            rows.add(new Traces.Finding(step, mark, finding.get(), where));
        }
    }

    /** As {@code dpvsctl drops} names it. */
    static String name(DropReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Traces.Verdict dropped(DropReason reason, String sentence, String remedy) {
        return new Traces.Verdict(Traces.Fate.DROPPED, name(reason), sentence, remedy);
    }

    /** In the words of the reason itself. */
    static Traces.Verdict dropped(DropReason reason) {
        return dropped(reason, reason.sentence(), "");
    }

    static Traces.Verdict fate(Traces.Fate fate, String sentence) {
        return new Traces.Verdict(fate, null, sentence, "");
    }
}
