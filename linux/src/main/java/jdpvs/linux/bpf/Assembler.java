package jdpvs.linux.bpf;

import static jdpvs.linux.bpf.Register.R0;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes eBPF programs; every method appends one instruction and returns this.
 *
 * <pre>
 *   bits  0–7       8–11          12–15    16–31    32–63
 *        +--------+-------------+--------+--------+-----------+
 *        | opcode | destination | source | offset | immediate |    opcode: class (3) | source or size (2) | operation
 *        +--------+-------------+--------+--------+-----------+
 * </pre>
 *
 * Loading a map or a 64-bit constant takes two such words.
 */
public final class Assembler {
    private static final int CLASS_LD = 0x00;
    private static final int CLASS_LDX = 0x01;
    private static final int CLASS_ST = 0x02;
    private static final int CLASS_STX = 0x03;
    private static final int CLASS_ALU32 = 0x04;
    private static final int CLASS_JUMP = 0x05;
    private static final int CLASS_JUMP32 = 0x06;
    private static final int CLASS_ALU64 = 0x07;
    private static final int SOURCE_REGISTER = 0x08;
    private static final int MODE_IMMEDIATE = 0x00;
    private static final int MODE_MEMORY = 0x60;
    private static final int MODE_ATOMIC = 0xc0;
    private static final int NEGATE = 0x80;
    private static final int TO_BIG_ENDIAN = 0xd0 | SOURCE_REGISTER;
    private static final int CALL = 0x80;
    private static final int EXIT = 0x90;
    /** Source register value which says that the constant is a map's descriptor (BPF_PSEUDO_MAP_FD). */
    private static final int PSEUDO_MAP = 1;

    private final List<Long> words = new ArrayList<>();
    private final Map<Label, Integer> bound = new HashMap<>();
    private final Map<Integer, Label> jumps = new HashMap<>();

    /** A 16-bit value as the machine sees it after loading it from a packet: what {@link SkBuff#PROTOCOL} is compared with. */
    public static int networkOrder16(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes((short) value) & 0xffff;
    }

    public Assembler move(Register destination, Register source) {
        return compute(destination, Operation.MOVE, source);
    }

    /** The value is extended to 64 bits by its sign. */
    public Assembler move(Register destination, int value) {
        return compute(destination, Operation.MOVE, value);
    }

    public Assembler add(Register destination, Register source) {
        return compute(destination, Operation.ADD, source);
    }

    public Assembler add(Register destination, int value) {
        return compute(destination, Operation.ADD, value);
    }

    /** 64-bit arithmetic: {@code left = left operation right}. */
    public Assembler compute(Register left, Operation operation, Register right) {
        return word(CLASS_ALU64 | SOURCE_REGISTER | operation.code, left, right.ordinal(), 0, 0);
    }

    public Assembler compute(Register left, Operation operation, int right) {
        return word(CLASS_ALU64 | operation.code, left, 0, 0, right);
    }

    /** 32-bit arithmetic; clears the upper half of the result. */
    public Assembler compute32(Register left, Operation operation, Register right) {
        return word(CLASS_ALU32 | SOURCE_REGISTER | operation.code, left, right.ordinal(), 0, 0);
    }

    public Assembler compute32(Register left, Operation operation, int right) {
        return word(CLASS_ALU32 | operation.code, left, 0, 0, right);
    }

    public Assembler negate(Register register) {
        return word(CLASS_ALU64 | NEGATE, register, 0, 0, 0);
    }

    /**
     * Turns the low bits from network order to the machine's or back, and clears the others.
     *
     * @param bits 16, 32 or 64
     */
    public Assembler swapNetworkOrder(Register register, int bits) {
        return word(CLASS_ALU32 | TO_BIG_ENDIAN, register, 0, 0, bits);
    }

    public Assembler load(Size size, Register destination, Register base, int offset) {
        return word(CLASS_LDX | MODE_MEMORY | size.code, destination, base.ordinal(), offset, 0);
    }

    public Assembler store(Size size, Register base, int offset, Register source) {
        return word(CLASS_STX | MODE_MEMORY | size.code, base, source.ordinal(), offset, 0);
    }

    public Assembler store(Size size, Register base, int offset, int value) {
        return word(CLASS_ST | MODE_MEMORY | size.code, base, 0, offset, value);
    }

    /** Adds atomically to memory; WORD and LONG only. */
    public Assembler atomicAdd(Size size, Register base, int offset, Register source) {
        return word(CLASS_STX | MODE_ATOMIC | size.code, base, source.ordinal(), offset, 0);
    }

    public Assembler constant(Register destination, long value) {
        word(CLASS_LD | MODE_IMMEDIATE | Size.LONG.code, destination, 0, 0, (int) value);
        words.add(value & 0xffff_ffff_0000_0000L);
        return this;
    }

    /** The map as a helper's argument. It must stay open until the program is loaded, which then keeps it alive. */
    public Assembler map(Register destination, BpfMap<?, ?> map) {
        word(CLASS_LD | MODE_IMMEDIATE | Size.LONG.code, destination, PSEUDO_MAP, 0, map.descriptor());
        words.add(0L);
        return this;
    }

    public Assembler jump(Label target) {
        jumps.put(words.size(), target);
        return word(CLASS_JUMP, R0, 0, 0, 0);
    }

    public Assembler jumpIf(Register left, Condition condition, int right, Label target) {
        jumps.put(words.size(), target);
        return word(CLASS_JUMP | condition.code, left, 0, 0, right);
    }

    public Assembler jumpIf(Register left, Condition condition, Register right, Label target) {
        jumps.put(words.size(), target);
        return word(CLASS_JUMP | SOURCE_REGISTER | condition.code, left, right.ordinal(), 0, 0);
    }

    /** Compares the lower halves only. */
    public Assembler jumpIf32(Register left, Condition condition, int right, Label target) {
        jumps.put(words.size(), target);
        return word(CLASS_JUMP32 | condition.code, left, 0, 0, right);
    }

    public Assembler call(Helper helper) {
        return word(CLASS_JUMP | CALL, R0, 0, 0, helper.id);
    }

    /** Ends the program with R0. */
    public Assembler exit() {
        return word(CLASS_JUMP | EXIT, R0, 0, 0, 0);
    }

    public Assembler exit(int result) {
        return move(R0, result).exit();
    }

    /** The next instruction is where jumps to this label lead. */
    public Assembler bind(Label label) {
        if (bound.putIfAbsent(label, words.size()) != null) {
            throw new IllegalStateException("label " + label.name() + " is bound twice");
        }
        return this;
    }

    /** Resolves the jumps. */
    public Code assemble() {
        long[] code = words.stream().mapToLong(Long::longValue).toArray();
        jumps.forEach((at, label) -> {
            Integer target = bound.get(label);
            if (target == null) {
                throw new IllegalStateException("label " + label.name() + " is jumped to but not bound");
            }
            code[at] |= (offset(target - at - 1) & 0xffffL) << 16;
        });
        Map<Integer, String> names = new HashMap<>();
        bound.forEach((label, at) -> names.put(at, label.name()));
        return new Code(code, names);
    }

    private Assembler word(int opcode, Register destination, int source, int offset, int immediate) {
        words.add((opcode & 0xffL)
                | ((long) destination.ordinal() << 8)
                | ((long) source << 12)
                | ((offset(offset) & 0xffffL) << 16)
                | ((long) immediate << 32));
        return this;
    }

    private static int offset(int value) {
        if (value != (short) value) {
            throw new IllegalArgumentException("offset " + value + " does not fit into 16 bits");
        }
        return value;
    }
}
