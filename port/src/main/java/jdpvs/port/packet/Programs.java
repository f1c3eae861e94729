package jdpvs.port.packet;

import static jdpvs.linux.bpf.Condition.ANY_BIT;
import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.NOT_EQUAL;
import static jdpvs.linux.bpf.Operation.AND;
import static jdpvs.linux.bpf.Operation.MULTIPLY;
import static jdpvs.linux.bpf.Operation.SHIFT_LEFT;
import static jdpvs.linux.bpf.Operation.SHIFT_RIGHT;
import static jdpvs.linux.bpf.Operation.XOR;
import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R3;
import static jdpvs.linux.bpf.Register.R4;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Register.R7;
import static jdpvs.linux.bpf.Register.R8;
import static jdpvs.linux.bpf.Register.R9;
import static jdpvs.linux.bpf.Size.BYTE;
import static jdpvs.linux.bpf.Size.HALF;
import static jdpvs.linux.bpf.Size.WORD;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.AttachType;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Helper;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Link;
import jdpvs.linux.bpf.Program;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.port.FlowHash;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;

/** The eBPF programs of an AF_PACKET port. Taps see a frame before the TC programs do. */
final class Programs {
    private static final int WHOLE_FRAME = 0x40000;
    private static final int NOTHING = 0;
    private static final int IPV4 = Assembler.networkOrder16(Ethernet.TYPE_IPV4);
    private static final int ARP = Assembler.networkOrder16(Ethernet.TYPE_ARP);
    private static final int IPV4_DESTINATION = 16;

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

    /** A socket filter for share mode: received ARP, and IPv4 to owned addresses; tagged frames are the kernel's. */
    static Program ownedFilter(BpfMap<Integer, Integer> owned) {
        var whole = new Label("whole");
        var none = new Label("none");
        var code = new Assembler()
                .move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PACKET_TYPE)
                .jumpIf(R2, EQUAL, SkBuff.PACKET_OUTGOING, none)
                .load(WORD, R2, R6, SkBuff.VLAN_PRESENT)
                .jumpIf(R2, NOT_EQUAL, 0, none)
                .load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, EQUAL, ARP, whole)
                .jumpIf(R2, NOT_EQUAL, IPV4, none);
        lookUpDestination(code, Ethernet.LENGTH, owned, none)
                .bind(whole)
                .exit(WHOLE_FRAME)
                .bind(none)
                .exit(NOTHING);
        return Program.load(Program.Type.SOCKET_FILTER, "jdpvs_filter", code.assemble(), null);
    }

    /** A TC ingress program for share mode: the kernel loses untagged IPv4 frames to owned addresses that the interface is meant to take. */
    static Program ownedIngress(BpfMap<Integer, Integer> owned) {
        var kernel = new Label("kernel");
        var code = new Assembler()
                .move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, NOT_EQUAL, IPV4, kernel)
                .load(WORD, R2, R6, SkBuff.VLAN_PRESENT)
                .jumpIf(R2, NOT_EQUAL, 0, kernel)
                .load(WORD, R2, R6, SkBuff.PACKET_TYPE)
                .jumpIf(R2, EQUAL, SkBuff.PACKET_OTHER_HOST, kernel);
        lookUpDestination(code, Ethernet.LENGTH, owned, kernel)
                .exit(Link.TCX_DROP)
                .bind(kernel)
                .exit(Link.TCX_NEXT);
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

    /**
     * A fan-out program; the kernel takes its result modulo the number of queues. Frames to a local address go by the destination port's low
     * bits, for the local port was chosen so that they name the worker. Others go by a hash that is the same in both directions: of
     * addresses and ports, for fragments of addresses and identification, for other protocols of addresses only ({@link FlowHash}). What is not IPv4
     * goes to the first queue. An ICMP error goes where the packets go that answer the one it quotes.
     *
     * <p>Offsets count from the IP header here. On the stack: the IP header at −32, source and destination port at −8, a quoted IP header at −56.
     */
    static Program steering(BpfMap<Integer, Integer> owned) {
        var firstQueue = new Label("first_queue");
        var notOwned = new Label("not_owned");
        var ports = new Label("ports");
        var byPorts = new Label("by_ports");
        var fragment = new Label("fragment");
        var mix = new Label("mix");
        var byAddresses = new Label("by_addresses");
        var icmp = new Label("icmp");
        var code = new Assembler()
                .move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, NOT_EQUAL, IPV4, firstQueue);
        loadBytes(code.move(R2, 0), -32, Ipv4.MINIMUM_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, firstQueue)
                .move(R8, AddressMap.BY_HASH)
                .map(R1, owned)
                .move(R2, FP)
                .add(R2, -16)
                .call(Helper.MAP_LOOKUP)
                .jumpIf(R0, EQUAL, 0, notOwned)
                .load(WORD, R8, R0, 0)
                .bind(notOwned)
                .load(WORD, R7, FP, -20)
                .load(WORD, R2, FP, -16)
                .compute(R7, XOR, R2)
                .compute(R7, MULTIPLY, FlowHash.ADDRESS_MULTIPLIER)
                .load(HALF, R2, FP, -26)
                .jumpIf(R2, ANY_BIT, Assembler.networkOrder16(Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK), fragment)
                .load(BYTE, R2, FP, -23)
                .jumpIf(R2, EQUAL, Ipv4.TCP, ports)
                .jumpIf(R2, EQUAL, Ipv4.ICMP, icmp)
                .jumpIf(R2, NOT_EQUAL, Ipv4.UDP, byAddresses)
                .bind(ports)
                .load(BYTE, R2, FP, -32)
                .compute(R2, AND, 0xf)
                .compute(R2, SHIFT_LEFT, 2);
        loadBytes(code, -8, 4)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .jumpIf32(R8, EQUAL, AddressMap.BY_HASH, byPorts)
                .load(HALF, R0, FP, -6)
                .swapNetworkOrder(R0, 16)
                .compute(R0, AND, R8)
                .exit()
                .bind(byPorts)
                .load(HALF, R1, FP, -8)
                .load(HALF, R2, FP, -6)
                .compute(R1, XOR, R2)
                .bind(mix)
                .compute(R1, MULTIPLY, FlowHash.DETAIL_MULTIPLIER)
                .add(R7, R1)
                .bind(byAddresses)
                .move(R0, R7)
                .compute(R0, SHIFT_RIGHT, 32)
                .move(R1, R0)
                .compute(R1, SHIFT_RIGHT, 16)
                .compute(R0, XOR, R1)
                .exit()
                .bind(fragment)
                .load(HALF, R1, FP, -28)
                .jump(mix)
                .bind(firstQueue)
                .exit(0)
                .bind(icmp);
        steerByQuote(code, byPorts, byAddresses);
        return Program.load(Program.Type.SOCKET_FILTER, "jdpvs_steer", code.assemble(), null);
    }

    /**
     * Steers an ICMP error by the packet it quotes: one to a local address by the quoted source port, others by the hash of the quoted flow. Other
     * messages, and quotes too short to tell, go by addresses.
     *
     * @param code with the IP header on the stack, the steering of the destination address in R8
     * @param byPorts expects the hash of the addresses in R7 and the ports on the stack
     * @param byAddresses expects the hash of the addresses in R7
     */
    private static void steerByQuote(Assembler code, Label byPorts, Label byAddresses) {
        var quoting = new Label("quoting");
        var quotesPorts = new Label("quotes_ports");
        code.load(BYTE, R9, FP, -32).compute(R9, AND, 0xf).compute(R9, SHIFT_LEFT, 2);
        loadBytes(code.move(R2, R9), -8, 4)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R2, FP, -8)
                .jumpIf(R2, EQUAL, Icmp.UNREACHABLE, quoting)
                .jumpIf(R2, EQUAL, Icmp.SOURCE_QUENCH, quoting)
                .jumpIf(R2, EQUAL, Icmp.TIME_EXCEEDED, quoting)
                .jumpIf(R2, NOT_EQUAL, Icmp.PARAMETER_PROBLEM, byAddresses)
                .bind(quoting)
                .add(R9, Icmp.LENGTH);
        loadBytes(code.move(R2, R9), -56, Ipv4.MINIMUM_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R2, FP, -47)
                .jumpIf(R2, EQUAL, Ipv4.TCP, quotesPorts)
                .jumpIf(R2, NOT_EQUAL, Ipv4.UDP, byAddresses)
                .bind(quotesPorts)
                .load(BYTE, R2, FP, -56)
                .compute(R2, AND, 0xf)
                .compute(R2, SHIFT_LEFT, 2)
                .add(R2, R9);
        loadBytes(code, -8, 4)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(WORD, R7, FP, -44)
                .load(WORD, R2, FP, -40)
                .compute(R7, XOR, R2)
                .compute(R7, MULTIPLY, 0x1e3779b1)
                .jumpIf32(R8, EQUAL, AddressMap.BY_HASH, byPorts)
                .load(HALF, R0, FP, -8)
                .swapNetworkOrder(R0, 16)
                .compute(R0, AND, R8)
                .exit();
    }

    /** Ends at {@code absent} unless the IPv4 destination address is in the map. R6 holds the context; uses four bytes of stack. */
    private static Assembler lookUpDestination(
            Assembler code, int ipOffset, BpfMap<Integer, Integer> owned, Label absent) {
        return loadBytes(code.move(R2, ipOffset + IPV4_DESTINATION), -4, 4)
                .jumpIf(R0, NOT_EQUAL, 0, absent)
                .map(R1, owned)
                .move(R2, FP)
                .add(R2, -4)
                .call(Helper.MAP_LOOKUP)
                .jumpIf(R0, EQUAL, 0, absent);
    }

    /** Copies from the offset in R2 to the stack; R0 is 0 if all of it was there. */
    private static Assembler loadBytes(Assembler code, int stackOffset, int bytes) {
        return code.move(R1, R6)
                .move(R3, FP)
                .add(R3, stackOffset)
                .move(R4, bytes)
                .call(Helper.SKB_LOAD_BYTES);
    }
}
