package jdpvs.linux.bpf;

/**
 * The machine's registers, 64 bits each. A call takes its arguments in R1 to R5 and loses them; R6 to R9 survive it; R0 is its result and the
 * program's. {@link #FP}, read-only, points behind 512 bytes of stack.
 */
public enum Register {
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    FP
}
