package jdpvs.port.packet;

import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.NOT_EQUAL;
import static jdpvs.linux.bpf.Operation.AND;
import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Size.BYTE;
import static jdpvs.linux.bpf.Size.LONG;
import static jdpvs.linux.bpf.Size.WORD;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.AttachType;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Link;
import jdpvs.linux.bpf.Program;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv6;
import jdpvs.wire.VlanTag;

/** The eBPF programs of an AF_PACKET port. Taps see a frame before the TC programs do. */
final class Programs {
    private static final int WHOLE_FRAME = 0x40000;
    private static final int NOTHING = 0;
    private static final int IPV4 = Assembler.networkOrder16(Ethernet.TYPE_IPV4);
    private static final int ARP = Assembler.networkOrder16(Ethernet.TYPE_ARP);
    private static final int VLAN = Assembler.networkOrder16(Ethernet.TYPE_VLAN);
    private static final int IPV6 = Assembler.networkOrder16(Ethernet.TYPE_IPV6);
    private static final int IPV4_DESTINATION = 16;
    private static final int IPV6_NEXT_HEADER = 6;
    /** First byte of an IPv6 group's address. */
    private static final int GROUP = 0xff;
    /** Where the destination address is on the stack. */
    private static final int KEY = -16;

    private Programs() {}

    /** A socket filter that takes nothing, for sockets that are not complete yet. */
    static Program rejectAll() {
        return Program.load(
                Program.Type.SOCKET_FILTER,
                "jdpvs_reject",
                new Assembler().exit(NOTHING).assemble(),
                null);
    }

    /** A socket filter for exclusive mode: everything but what leaves, which kernels without the flag show to a fan-out group all the same. */
    static Program receivedFilter() {
        var none = new Label("none");
        return Program.load(
                Program.Type.SOCKET_FILTER,
                "jdpvs_filter",
                new Assembler()
                        .load(WORD, R2, R1, SkBuff.PACKET_TYPE)
                        .jumpIf(R2, EQUAL, SkBuff.PACKET_OUTGOING, none)
                        .exit(WHOLE_FRAME)
                        .bind(none)
                        .exit(NOTHING)
                        .assemble(),
                null);
    }

    /**
     * A socket filter for share mode: received ARP, IP to owned addresses, and neighbour discovery to groups, which asks for them; frames of VLANs
     * are the kernel's.
     */
    static Program ownedFilter(BpfMap<Address, Integer> owned) {
        var whole = new Label("whole");
        var none = new Label("none");
        var group = new Label("group");
        var code = new Assembler()
                .move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PACKET_TYPE)
                .jumpIf(R2, EQUAL, SkBuff.PACKET_OUTGOING, none);
        refuseTagged(code, none);
        code.load(WORD, R2, R6, SkBuff.PROTOCOL).jumpIf(R2, EQUAL, ARP, whole);
        lookUpDestination(code, owned, none, group);
        code.jump(whole).bind(group);
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH + IPV6_NEXT_HEADER), KEY, 1)
                .jumpIf(R0, NOT_EQUAL, 0, none)
                .load(BYTE, R2, FP, KEY)
                .jumpIf(R2, NOT_EQUAL, Ipv6.ICMP, none);
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH + Ipv6.LENGTH), KEY, 1)
                .jumpIf(R0, NOT_EQUAL, 0, none)
                .load(BYTE, R2, FP, KEY)
                .jumpIf(R2, EQUAL, Icmp6.NEIGHBOUR_SOLICITATION, whole)
                .jumpIf(R2, NOT_EQUAL, Icmp6.NEIGHBOUR_ADVERTISEMENT, none)
                .bind(whole)
                .exit(WHOLE_FRAME)
                .bind(none)
                .exit(NOTHING);
        return Program.load(Program.Type.SOCKET_FILTER, "jdpvs_filter", code.assemble(), null);
    }

    /** A TC ingress program for share mode: the kernel loses untagged IP frames to owned addresses that the interface is meant to take. */
    static Program ownedIngress(BpfMap<Address, Integer> owned) {
        var kernel = new Label("kernel");
        var code = new Assembler()
                .move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PACKET_TYPE)
                .jumpIf(R2, EQUAL, SkBuff.PACKET_OTHER_HOST, kernel);
        refuseTagged(code, kernel);
        lookUpDestination(code, owned, kernel, kernel);
        code.exit(Link.TCX_DROP).bind(kernel).exit(Link.TCX_NEXT);
        return Program.load(Program.Type.SCHED_CLS, "jdpvs_share", code.assemble(), AttachType.TCX_INGRESS);
    }

    /** A TC ingress program for exclusive mode: the kernel gets nothing. */
    static Program dropIngress() {
        return Program.load(
                Program.Type.SCHED_CLS,
                "jdpvs_exclusive",
                new Assembler().exit(Link.TCX_DROP).assemble(),
                AttachType.TCX_INGRESS);
    }

    /** A fan-out program; the kernel takes its result modulo the number of queues. */
    static Program steering(BpfMap<Address, Integer> owned) {
        return Program.load(Program.Type.SOCKET_FILTER, "jdpvs_steer", new SteeringCode(owned).assemble(), null);
    }

    /** The socket filter of the control queue: see {@link ControlCode}. */
    static Program controlFilter(BpfMap<Address, Integer> kernels, BpfMap<Integer, byte[]> shares) {
        return Program.load(
                Program.Type.SOCKET_FILTER, "jdpvs_control", new ControlCode(kernels, shares).assemble(), null);
    }

    /** Ends at {@code tagged} when the frame had a tag that names a VLAN ({@link jdpvs.wire.VlanTag#isPriorityOnly}). R6 holds the context. */
    private static void refuseTagged(Assembler code, Label tagged) {
        var untagged = new Label("untagged");
        code.load(WORD, R2, R6, SkBuff.VLAN_PRESENT)
                .jumpIf(R2, EQUAL, 0, untagged)
                .load(WORD, R2, R6, SkBuff.VLAN_PROTOCOL)
                .jumpIf(R2, NOT_EQUAL, VLAN, tagged)
                .load(WORD, R2, R6, SkBuff.VLAN_TCI)
                .compute(R2, AND, VlanTag.HIGHEST_ID)
                .jumpIf(R2, NOT_EQUAL, 0, tagged)
                .bind(untagged);
    }

    /**
     * Ends at {@code absent} unless the destination address of an IP packet is in the map. R6 holds the context.
     *
     * @param group where IPv6 packets to a group go
     */
    private static void lookUpDestination(Assembler code, BpfMap<Address, Integer> owned, Label absent, Label group) {
        var ipv4 = new Label("ipv4");
        var key = new Label("key");
        code.load(WORD, R2, R6, SkBuff.PROTOCOL).jumpIf(R2, EQUAL, IPV4, ipv4).jumpIf(R2, NOT_EQUAL, IPV6, absent);
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH + Ipv6.DESTINATION), KEY, AddressKey.BYTES)
                .jumpIf(R0, NOT_EQUAL, 0, absent)
                .load(BYTE, R2, FP, KEY)
                .jumpIf(R2, EQUAL, GROUP, group)
                .jump(key)
                .bind(ipv4)
                .store(LONG, FP, KEY, 0)
                .store(WORD, FP, KEY + 8, Stack.MAPPED);
        Stack.loadBytes(code.move(R2, Ethernet.LENGTH + IPV4_DESTINATION), KEY + 12, 4)
                .jumpIf(R0, NOT_EQUAL, 0, absent)
                .bind(key);
        Stack.lookUp(code, owned, KEY).jumpIf(R0, EQUAL, 0, absent);
    }
}
