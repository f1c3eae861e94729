package jdpvs.linux.bpf;

/** Arithmetic of two operands; the left one takes the result. */
public enum Operation {
    ADD(0x00),
    SUBTRACT(0x10),
    MULTIPLY(0x20),
    /** Unsigned; by 0 gives 0. */
    DIVIDE(0x30),
    OR(0x40),
    AND(0x50),
    SHIFT_LEFT(0x60),
    /** Fills with zeros. */
    SHIFT_RIGHT(0x70),
    MODULO(0x90),
    XOR(0xa0),
    MOVE(0xb0),
    /** Fills with the sign. */
    SHIFT_RIGHT_SIGNED(0xc0);

    final int code;

    Operation(int code) {
        this.code = code;
    }
}
