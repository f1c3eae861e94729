package jdpvs.port.packet;

import static jdpvs.linux.bpf.Condition.ANY_BIT;
import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.GREATER;
import static jdpvs.linux.bpf.Condition.GREATER_OR_EQUAL;
import static jdpvs.linux.bpf.Condition.LESS;
import static jdpvs.linux.bpf.Condition.NOT_EQUAL;
import static jdpvs.linux.bpf.Operation.AND;
import static jdpvs.linux.bpf.Operation.SHIFT_LEFT;
import static jdpvs.linux.bpf.Operation.SHIFT_RIGHT;
import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R3;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Size.BYTE;
import static jdpvs.linux.bpf.Size.HALF;
import static jdpvs.linux.bpf.Size.LONG;
import static jdpvs.linux.bpf.Size.WORD;

import java.util.Arrays;
import java.util.List;
import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Helper;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.port.KernelFrames;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.slow.SlowProtocol;

/**
 * The socket filter of {@link ControlQueue}: whose share of its ring a frame would have, and whether there is room in it. A test holds it against {@link KernelFrames}. The kernel has taken a VLAN tag
 * off before, so that {@link SkBuff#PROTOCOL} is the type behind it and the packet begins at {@link Ethernet#LENGTH}; what leaves, it does not show to this socket.
 *
 * <p>Every frame of the workers' passes here, so their ways are the short ones: what tells shares apart comes after it is sure that the frame has one.
 *
 * <p>R6 holds the context. On the stack, the key being where an IPv6 header has its destination:
 *
 * <pre>
 *  −48 ports, or what is being looked at | −40 IPv6 header, or an IPv4 header | −16 the destination as a map's key
 * </pre>
 */
final class ControlCode {
    static final int BGP = 179;
    /** RFC 5881, section 4. */
    static final int BFD = 3784;
    /** RFC 5883, section 5. */
    static final int BFD_MULTIHOP = 4784;

    /** Of a packet that no router has passed on (RFC 4861, section 7.1). */
    static final int HOP_LIMIT = 255;

    /** Types below are lengths: LLC (IEEE 802.3, 3.2.6). */
    static final int FIRST_TYPE = 0x600;

    private static final int IPV4 = Assembler.networkOrder16(Ethernet.TYPE_IPV4);
    private static final int IPV6 = Assembler.networkOrder16(Ethernet.TYPE_IPV6);
    private static final int ARP = Assembler.networkOrder16(Ethernet.TYPE_ARP);
    private static final int SLOW = Assembler.networkOrder16(SlowProtocol.TYPE);
    private static final int SLOW_HIGH = (int) (SlowProtocol.DESTINATION >>> 16);
    private static final int SLOW_LOW = Assembler.networkOrder16((int) SlowProtocol.DESTINATION & 0xffff);
    private static final int MAC_BYTES = 6;

    private static final int WHOLE_FRAME = 0x40000;
    private static final int NOTHING = 0;

    private static final int LOOK = -48;
    private static final int HEADER = -Ipv6.LENGTH;
    private static final int KEY = HEADER + Ipv6.DESTINATION;
    private static final int FRAGMENT4 = 6;
    private static final int PROTOCOL4 = 9;
    private static final int DESTINATION4 = 16;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT6 = 7;

    /** 224.0.0.0/24, without the last octet. */
    private static final int LINK_GROUPS4 = 0xe00000;
    /** ff02::/16. */
    private static final int LINK_GROUPS6 = Assembler.networkOrder16(0xff02);

    private final BpfMap<Address, Integer> kernels;
    private final BpfMap<Integer, byte[]> shares;
    private final Assembler code = new Assembler();
    private final List<Label> ends = Arrays.stream(ControlShare.values())
            .map(share -> new Label(share.name()))
            .toList();
    private final Label transport = new Label("transport");
    private final Label take = new Label("take");

    /**
     * @param kernels has the kernel's addresses as keys
     * @param shares {@link ShareCounts#map}
     */
    ControlCode(BpfMap<Address, Integer> kernels, BpfMap<Integer, byte[]> shares) {
        this.kernels = kernels;
        this.shares = shares;
    }

    Code assemble() {
        var ipv6 = new Label("ipv6");
        var notIp = new Label("not_ip");
        code.move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, EQUAL, IPV6, ipv6)
                .jumpIf(R2, NOT_EQUAL, IPV4, notIp);
        ipv4();
        code.bind(ipv6);
        ipv6();
        code.bind(transport);
        transport();
        code.bind(notIp);
        notIp();
        for (ControlShare share : ControlShare.values()) {
            if (share != ControlShare.NONE) {
                end(share);
            }
        }
        take();
        return code.assemble();
    }

    private Label to(ControlShare share) {
        return ends.get(share.ordinal());
    }

    private void ipv4() {
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH), HEADER, Ipv4.MINIMUM_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, to(ControlShare.NONE))
                .load(WORD, R2, FP, HEADER + DESTINATION4)
                .store(LONG, FP, KEY, 0)
                .store(WORD, FP, KEY + 8, Stack.MAPPED)
                .store(WORD, FP, KEY + 12, R2)
                .swapNetworkOrder(R2, 32)
                .compute(R2, SHIFT_RIGHT, 8)
                .jumpIf(R2, EQUAL, LINK_GROUPS4, to(ControlShare.LINK));
        routingOrKernels(HEADER + PROTOCOL4);
        // The ports of a packet are in its first fragment only, and the others shall not come before it.
        code.load(HALF, R2, FP, HEADER + FRAGMENT4)
                .jumpIf(
                        R2,
                        ANY_BIT,
                        Assembler.networkOrder16(Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK),
                        to(ControlShare.OTHERS))
                .load(BYTE, R2, FP, HEADER)
                .compute(R2, AND, 0xf)
                .compute(R2, SHIFT_LEFT, 2)
                .add(R2, Ethernet.LENGTH)
                .load(BYTE, R3, FP, HEADER + PROTOCOL4)
                .jump(transport);
    }

    /** The protocol is the first header's. */
    private void ipv6() {
        var ofLink = new Label("of_link6");
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH), HEADER, Ipv6.LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, to(ControlShare.NONE))
                .load(HALF, R2, FP, KEY)
                .jumpIf(R2, EQUAL, LINK_GROUPS6, ofLink);
        routingOrKernels(HEADER + NEXT_HEADER);
        code.load(BYTE, R3, FP, HEADER + NEXT_HEADER)
                .move(R2, Ethernet.LENGTH + Ipv6.LENGTH)
                .jumpIf(R3, NOT_EQUAL, Ipv6.ICMP, transport)
                .load(BYTE, R3, FP, HEADER + HOP_LIMIT6)
                .jumpIf(R3, NOT_EQUAL, HOP_LIMIT, to(ControlShare.OTHERS));
        Stack.loadBytes(code, LOOK, 1)
                .jumpIf(R0, NOT_EQUAL, 0, to(ControlShare.OTHERS))
                .load(BYTE, R2, FP, LOOK)
                .jumpIf(R2, LESS, Icmp6.ROUTER_SOLICITATION, to(ControlShare.OTHERS))
                .jumpIf(R2, GREATER, Icmp6.REDIRECT, to(ControlShare.OTHERS))
                .jump(to(ControlShare.NEIGHBOURS))
                .bind(ofLink)
                .load(BYTE, R2, FP, HEADER + NEXT_HEADER)
                .jumpIf(R2, EQUAL, Ipv6.ICMP, to(ControlShare.NEIGHBOURS))
                .jump(to(ControlShare.LINK));
    }

    /** Goes on where the destination is the kernel's, unless the protocol at a place of the stack is a router's. */
    private void routingOrKernels(int protocol) {
        code.load(BYTE, R2, FP, protocol)
                .jumpIf(R2, EQUAL, KernelFrames.OSPF, to(ControlShare.ROUTING))
                .jumpIf(R2, EQUAL, KernelFrames.VRRP, to(ControlShare.ROUTING));
        Stack.lookUp(code, kernels, KEY).jumpIf(R0, EQUAL, 0, to(ControlShare.NONE));
    }

    /** R2 is where the transport header is, R3 its protocol. */
    private void transport() {
        var tcp = new Label("tcp");
        code.jumpIf(R3, EQUAL, Ipv4.TCP, tcp).jumpIf(R3, NOT_EQUAL, Ipv4.UDP, to(ControlShare.OTHERS));
        Stack.loadBytes(code, LOOK, 4)
                .jumpIf(R0, NOT_EQUAL, 0, to(ControlShare.OTHERS))
                .load(HALF, R2, FP, LOOK + 2)
                .jumpIf(R2, EQUAL, Assembler.networkOrder16(BFD), to(ControlShare.ROUTING))
                .jumpIf(R2, EQUAL, Assembler.networkOrder16(BFD_MULTIHOP), to(ControlShare.ROUTING))
                .jump(to(ControlShare.OTHERS))
                .bind(tcp);
        Stack.loadBytes(code, LOOK, 4)
                .jumpIf(R0, NOT_EQUAL, 0, to(ControlShare.OTHERS))
                .load(HALF, R2, FP, LOOK)
                .jumpIf(R2, EQUAL, Assembler.networkOrder16(BGP), to(ControlShare.ROUTING))
                .load(HALF, R2, FP, LOOK + 2)
                .jumpIf(R2, EQUAL, Assembler.networkOrder16(BGP), to(ControlShare.ROUTING))
                .jump(to(ControlShare.OTHERS));
    }

    /** R2 is the type. Slow protocols are told as {@link SlowProtocol#is} does. */
    private void notIp() {
        var slow = new Label("slow_type");
        code.jumpIf(R2, EQUAL, ARP, to(ControlShare.NEIGHBOURS))
                .jumpIf(R2, EQUAL, SLOW, slow)
                .swapNetworkOrder(R2, 16)
                .jumpIf(R2, LESS, FIRST_TYPE, to(ControlShare.LINK))
                .jump(to(ControlShare.OTHERS))
                .bind(slow)
                .load(WORD, R2, R6, SkBuff.VLAN_PRESENT)
                .jumpIf(R2, NOT_EQUAL, 0, to(ControlShare.OTHERS));
        Stack.loadBytes(code.move(R2, 0), LOOK, MAC_BYTES)
                .jumpIf(R0, NOT_EQUAL, 0, to(ControlShare.OTHERS))
                .load(WORD, R2, FP, LOOK)
                .swapNetworkOrder(R2, 32)
                .jumpIf(R2, NOT_EQUAL, SLOW_HIGH, to(ControlShare.OTHERS))
                .load(HALF, R2, FP, LOOK + 4)
                .jumpIf(R2, NOT_EQUAL, SLOW_LOW, to(ControlShare.OTHERS))
                .jump(to(ControlShare.SLOW));
    }

    /** Of the ways to a share: whether there is room in it. */
    private void end(ControlShare share) {
        code.bind(to(share)).store(WORD, FP, LOOK, share.ordinal()).jump(take);
    }

    private void take() {
        var refuse = new Label("refuse");
        code.bind(take)
                .map(R1, shares)
                .move(R2, FP)
                .add(R2, LOOK)
                .call(Helper.MAP_LOOKUP)
                .jumpIf(R0, EQUAL, 0, to(ControlShare.NONE))
                .load(LONG, R2, R0, ShareCounts.LET_IN)
                .load(LONG, R3, R0, ShareCounts.MOST)
                .jumpIf(R2, GREATER_OR_EQUAL, R3, refuse)
                .move(R2, 1)
                .atomicAdd(LONG, R0, ShareCounts.LET_IN, R2)
                .exit(WHOLE_FRAME)
                .bind(refuse)
                .move(R2, 1)
                .atomicAdd(LONG, R0, ShareCounts.REFUSED, R2)
                .bind(to(ControlShare.NONE))
                .exit(NOTHING);
    }
}
