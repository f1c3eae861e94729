package jdpvs.port.packet;

import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.NOT_EQUAL;
import static jdpvs.linux.bpf.Operation.SHIFT_RIGHT;
import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Size.BYTE;
import static jdpvs.linux.bpf.Size.HALF;
import static jdpvs.linux.bpf.Size.LONG;
import static jdpvs.linux.bpf.Size.WORD;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.port.KernelFrames;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;

/**
 * The socket filter of {@link jdpvs.port.Port#control}: the rule of {@link KernelFrames}, against which a test holds it, without the frames that
 * have a ring of their own ({@link ControlQueue}). The kernel has taken a VLAN tag off before, so that
 * {@link SkBuff#PROTOCOL} is the type behind it and the packet begins at {@link Ethernet#LENGTH}.
 *
 * <p>R6 holds the context. On the stack, the key being where an IPv6 header has its destination:
 *
 * <pre>
 *  −40 IPv6 header, or an IPv4 header | −16 the destination as a map's key
 * </pre>
 */
final class ControlCode {
    private static final int IPV4 = Assembler.networkOrder16(Ethernet.TYPE_IPV4);
    private static final int IPV6 = Assembler.networkOrder16(Ethernet.TYPE_IPV6);

    private static final int WHOLE_FRAME = 0x40000;
    private static final int NOTHING = 0;

    private static final int HEADER = -Ipv6.LENGTH;
    private static final int KEY = HEADER + Ipv6.DESTINATION;
    private static final int PROTOCOL4 = 9;
    private static final int DESTINATION4 = 16;
    private static final int NEXT_HEADER = 6;

    /** 224.0.0.0/24, without the last octet. */
    private static final int LINK_GROUPS4 = 0xe00000;
    /** ff02::/16. */
    private static final int LINK_GROUPS6 = Assembler.networkOrder16(0xff02);

    private final BpfMap<Address, Integer> kernels;
    private final Assembler code = new Assembler();
    private final Label whole = new Label("whole");
    private final Label none = new Label("none");
    private final Label lookUp = new Label("look_up");

    /** @param kernels has the kernel's addresses as keys */
    ControlCode(BpfMap<Address, Integer> kernels) {
        this.kernels = kernels;
    }

    Code assemble() {
        var ipv6 = new Label("ipv6");
        var notSlow = new Label("not_slow");
        code.move(R6, R1).load(WORD, R2, R6, SkBuff.PACKET_TYPE).jumpIf(R2, EQUAL, SkBuff.PACKET_OUTGOING, none);
        SlowProtocolCode.unlessJump(code, notSlow)
                .jump(none)
                .bind(notSlow)
                .load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, EQUAL, IPV6, ipv6)
                .jumpIf(R2, NOT_EQUAL, IPV4, whole);
        ipv4();
        code.bind(ipv6);
        ipv6();
        code.bind(lookUp);
        Stack.lookUp(code, kernels, KEY)
                .jumpIf(R0, EQUAL, 0, none)
                .bind(whole)
                .exit(WHOLE_FRAME)
                .bind(none)
                .exit(NOTHING);
        return code.assemble();
    }

    private void ipv4() {
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH), HEADER, Ipv4.MINIMUM_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, none)
                .load(WORD, R2, FP, HEADER + DESTINATION4)
                .store(LONG, FP, KEY, 0)
                .store(WORD, FP, KEY + 8, Stack.MAPPED)
                .store(WORD, FP, KEY + 12, R2)
                .swapNetworkOrder(R2, 32)
                .compute(R2, SHIFT_RIGHT, 8)
                .jumpIf(R2, EQUAL, LINK_GROUPS4, whole);
        routing(HEADER + PROTOCOL4);
    }

    private void ipv6() {
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH), HEADER, Ipv6.LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, none)
                .load(HALF, R2, FP, KEY)
                .jumpIf(R2, EQUAL, LINK_GROUPS6, whole);
        routing(HEADER + NEXT_HEADER);
    }

    /** To the end of every way: the protocol at a place of the stack is a router's, or the destination decides. */
    private void routing(int protocol) {
        code.load(BYTE, R2, FP, protocol)
                .jumpIf(R2, EQUAL, KernelFrames.OSPF, whole)
                .jumpIf(R2, EQUAL, KernelFrames.VRRP, whole)
                .jump(lookUp);
    }
}
