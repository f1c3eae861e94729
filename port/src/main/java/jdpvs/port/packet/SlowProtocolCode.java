package jdpvs.port.packet;

import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.NOT_EQUAL;
import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Size.HALF;
import static jdpvs.linux.bpf.Size.WORD;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.wire.slow.SlowProtocol;

/** Tells frames of slow protocols (LACP, markers) from others, as {@link SlowProtocol#is} does. */
final class SlowProtocolCode {
    private static final int TYPE = Assembler.networkOrder16(SlowProtocol.TYPE);
    private static final int DESTINATION_HIGH = (int) (SlowProtocol.DESTINATION >>> 16);
    private static final int DESTINATION_LOW = Assembler.networkOrder16((int) SlowProtocol.DESTINATION & 0xffff);
    private static final int DESTINATION_BYTES = 6;

    private static final int WHOLE_FRAME = 0x40000;
    private static final int NOTHING = 0;
    /** Where the MAC address is on the stack. */
    private static final int ADDRESS = -8;

    private SlowProtocolCode() {}

    /** Goes on at {@code other} unless the frame is one, which takes two instructions for most. R6 holds the context. */
    static Assembler unlessJump(Assembler code, Label other) {
        code.load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, NOT_EQUAL, TYPE, other)
                .load(WORD, R2, R6, SkBuff.VLAN_PRESENT)
                .jumpIf(R2, NOT_EQUAL, 0, other);
        return Stack.loadBytes(code.move(R2, 0), ADDRESS, DESTINATION_BYTES)
                .jumpIf(R0, NOT_EQUAL, 0, other)
                .load(WORD, R2, FP, ADDRESS)
                .swapNetworkOrder(R2, 32)
                .jumpIf(R2, NOT_EQUAL, DESTINATION_HIGH, other)
                .load(HALF, R2, FP, ADDRESS + 4)
                .jumpIf(R2, NOT_EQUAL, DESTINATION_LOW, other);
    }

    /** A socket filter that takes nothing else. */
    static Code filter() {
        var other = new Label("other");
        return unlessJump(new Assembler().move(R6, R1), other)
                .exit(WHOLE_FRAME)
                .bind(other)
                .exit(NOTHING)
                .assemble();
    }

    /** A TC program that does one thing with frames of their Ethernet type and another with the rest. */
    static Code byType(int slow, int rest) {
        var ofType = new Label("of_type");
        return new Assembler()
                .load(WORD, R2, R1, SkBuff.PROTOCOL)
                .jumpIf(R2, EQUAL, TYPE, ofType)
                .exit(rest)
                .bind(ofType)
                .exit(slow)
                .assemble();
    }
}
