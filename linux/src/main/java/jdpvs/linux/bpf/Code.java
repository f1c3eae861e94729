package jdpvs.linux.bpf;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** An assembled program: 8-byte instructions, and the names of places for error messages. */
public final class Code {
    private final long[] instructions;
    private final NavigableMap<Integer, String> labels;

    Code(long[] instructions, Map<Integer, String> labels) {
        this.instructions = instructions.clone();
        this.labels = new TreeMap<>(labels);
    }

    public int size() {
        return instructions.length;
    }

    public long instruction(int index) {
        return instructions[index];
    }

    /** Where an instruction stands, for people: {@code instruction 12 (pass+2)}. */
    public String place(int index) {
        var label = labels.floorEntry(index);
        return "instruction " + index
                + (label == null ? "" : " (" + label.getValue() + "+" + (index - label.getKey()) + ")");
    }
}
