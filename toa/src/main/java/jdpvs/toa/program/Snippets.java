package jdpvs.toa.program;

import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R3;
import static jdpvs.linux.bpf.Register.R4;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.Condition;
import jdpvs.linux.bpf.Helper;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Register;
import jdpvs.linux.bpf.Size;

/** What several programs do alike. R6 is the context in all of them; calls clobber R1 to R5. */
final class Snippets {
    private static final int COUNTER_KEY = -4;

    private Snippets() {}

    /** Counts; a counter's map has an entry for each, so the look-up fails only in the verifier's eyes. */
    static void count(Assembler code, Maps maps, Counter counter) {
        Label counted = new Label("counted-" + counter.label());
        code.store(Size.WORD, FP, COUNTER_KEY, counter.ordinal())
                .map(R1, maps.counters)
                .move(R2, FP)
                .add(R2, COUNTER_KEY)
                .call(Helper.MAP_LOOKUP)
                .jumpIf(R0, Condition.EQUAL, 0, counted)
                .load(Size.LONG, R1, R0, 0)
                .add(R1, 1)
                .store(Size.LONG, R0, 0, R1)
                .bind(counted);
    }

    /** R0 becomes the option kept with the socket; goes to {@code none} without. */
    static void clientOf(Assembler code, Maps maps, Register socket, Label none) {
        code.move(R2, socket)
                .map(R1, maps.clients)
                .move(R3, 0)
                .move(R4, 0)
                .call(Helper.SK_STORAGE_GET)
                .jumpIf(R0, Condition.EQUAL, 0, none);
    }
}
