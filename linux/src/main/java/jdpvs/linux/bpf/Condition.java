package jdpvs.linux.bpf;

/** When a jump is taken; comparisons are unsigned unless named signed. */
public enum Condition {
    EQUAL(0x10),
    NOT_EQUAL(0x50),
    GREATER(0x20),
    GREATER_OR_EQUAL(0x30),
    LESS(0xa0),
    LESS_OR_EQUAL(0xb0),
    /** Any of the right side's bits is set in the left side. */
    ANY_BIT(0x40),
    SIGNED_GREATER(0x60),
    SIGNED_GREATER_OR_EQUAL(0x70),
    SIGNED_LESS(0xc0),
    SIGNED_LESS_OR_EQUAL(0xd0);

    final int code;

    Condition(int code) {
        this.code = code;
    }
}
