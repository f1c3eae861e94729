package jdpvs.port.packet;

import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R3;
import static jdpvs.linux.bpf.Register.R4;
import static jdpvs.linux.bpf.Register.R6;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Helper;
import jdpvs.wire.Address;

/** What the port's programs do with their stack. R6 holds the context. */
final class Stack {
    /** The third word of a v4-mapped address, {@code ::ffff:a.b.c.d}, as it lies in memory. */
    static final int MAPPED = Assembler.networkOrder16(0xffff) << 16;

    private Stack() {}

    /** Copies from the packet, at the offset in R2, to the stack; R0 is 0 if all of it was there. */
    static Assembler loadBytes(Assembler code, int stackOffset, int bytes) {
        return code.move(R1, R6)
                .move(R3, FP)
                .add(R3, stackOffset)
                .move(R4, bytes)
                .call(Helper.SKB_LOAD_BYTES);
    }

    /** Looks an address on the stack up; R0 points to its steering, or is 0. */
    static Assembler lookUp(Assembler code, BpfMap<Address, Integer> owned, int stackOffset) {
        return code.map(R1, owned).move(R2, FP).add(R2, stackOffset).call(Helper.MAP_LOOKUP);
    }
}
