package jdpvs.port.packet;

import static jdpvs.linux.bpf.Condition.ANY_BIT;
import static jdpvs.linux.bpf.Condition.EQUAL;
import static jdpvs.linux.bpf.Condition.GREATER;
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
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Register.R7;
import static jdpvs.linux.bpf.Register.R8;
import static jdpvs.linux.bpf.Register.R9;
import static jdpvs.linux.bpf.Size.BYTE;
import static jdpvs.linux.bpf.Size.HALF;
import static jdpvs.linux.bpf.Size.LONG;
import static jdpvs.linux.bpf.Size.WORD;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Register;
import jdpvs.linux.bpf.SkBuff;
import jdpvs.port.FlowHash;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;

/**
 * The fan-out program. Frames to a local address go by the destination port's low bits, for the local port was chosen so that they name the worker. Others go by a hash that is
 * the same in both directions: of addresses and ports, for fragments of addresses and identification, for other protocols of addresses only ({@link FlowHash}). What is not IP
 * goes to the first queue. An ICMP error goes where the packets go that answer the one it quotes; one whose quote cannot be understood goes by its addresses, as everything does that
 * ends too early.
 *
 * <p>Offsets count from the IP header here. Registers: R6 the context, R7 the hash of the addresses, R8 the steering of the destination address, R9 an offset. On the stack:
 *
 * <pre>
 *  −160 quoted IP header | −112 IPv6 header, or from −88 an IPv4 header | −64 the destination as a map's key | −8 ports, or what is being looked at
 * </pre>
 */
final class SteeringCode {
    private static final int IPV4 = Assembler.networkOrder16(Ethernet.TYPE_IPV4);
    private static final int IPV6 = Assembler.networkOrder16(Ethernet.TYPE_IPV6);

    private static final int QUOTE = -160;
    private static final int HEADER6 = -112;
    private static final int HEADER4 = -88;
    private static final int KEY = -64;
    private static final int PORTS = -8;

    private static final int PROTOCOL4 = 9;
    private static final int SOURCE4 = 12;
    private static final int NEXT_HEADER = 6;
    private static final int IDENTIFICATION6 = 4;

    private final BpfMap<Address, Integer> owned;
    private final Assembler code = new Assembler();
    private final Label firstQueue = new Label("first_queue");
    private final Label portsAtR2 = new Label("ports_at_r2");
    private final Label byPorts = new Label("by_ports");
    private final Label mix = new Label("mix");
    private final Label byAddresses = new Label("by_addresses");

    SteeringCode(BpfMap<Address, Integer> owned) {
        this.owned = owned;
    }

    Code assemble() {
        var ipv6 = new Label("ipv6");
        code.move(R6, R1)
                .load(WORD, R2, R6, SkBuff.PROTOCOL)
                .jumpIf(R2, EQUAL, IPV6, ipv6)
                .jumpIf(R2, NOT_EQUAL, IPV4, firstQueue);
        ipv4();
        code.bind(ipv6);
        ipv6();
        flow();
        code.bind(firstQueue).exit(0);
        return code.assemble();
    }

    private void ipv4() {
        var fragment = new Label("fragment");
        var ports = new Label("ports");
        var icmp = new Label("icmp");
        Stack.loadBytes(code.move(R2, 0), HEADER4, Ipv4.MINIMUM_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, firstQueue)
                .store(LONG, FP, KEY, 0)
                .store(WORD, FP, KEY + 8, Stack.MAPPED)
                .load(WORD, R2, FP, HEADER4 + SOURCE4 + 4)
                .store(WORD, FP, KEY + 12, R2);
        lookUpOwner("ipv4");
        hashAddresses(HEADER4 + SOURCE4, 2);
        code.load(HALF, R2, FP, HEADER4 + 6)
                .jumpIf(R2, ANY_BIT, Assembler.networkOrder16(Ipv4.MORE_FRAGMENTS | Ipv4.OFFSET_MASK), fragment)
                .load(BYTE, R2, FP, HEADER4 + PROTOCOL4)
                .jumpIf(R2, EQUAL, Ipv4.TCP, ports)
                .jumpIf(R2, EQUAL, Ipv4.ICMP, icmp)
                .jumpIf(R2, NOT_EQUAL, Ipv4.UDP, byAddresses)
                .bind(ports);
        headerLength(R2, HEADER4)
                .jump(portsAtR2)
                .bind(fragment)
                .load(HALF, R1, FP, HEADER4 + 4)
                .jump(mix)
                .bind(icmp);
        var quoting = new Label("quoting");
        var quotesPorts = new Label("quotes_ports");
        headerLength(R9, HEADER4);
        Stack.loadBytes(code.move(R2, R9), PORTS, 4)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R2, FP, PORTS)
                .jumpIf(R2, EQUAL, Icmp.UNREACHABLE, quoting)
                .jumpIf(R2, EQUAL, Icmp.SOURCE_QUENCH, quoting)
                .jumpIf(R2, EQUAL, Icmp.TIME_EXCEEDED, quoting)
                .jumpIf(R2, NOT_EQUAL, Icmp.PARAMETER_PROBLEM, byAddresses)
                .bind(quoting)
                .add(R9, Icmp.LENGTH);
        Stack.loadBytes(code.move(R2, R9), QUOTE, Ipv4.MINIMUM_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R2, FP, QUOTE + PROTOCOL4)
                .jumpIf(R2, EQUAL, Ipv4.TCP, quotesPorts)
                .jumpIf(R2, NOT_EQUAL, Ipv4.UDP, byAddresses)
                .bind(quotesPorts);
        headerLength(R2, QUOTE).add(R2, R9);
        flowOfQuote(QUOTE + SOURCE4, 2);
    }

    private void ipv6() {
        var fragment = new Label("fragment6");
        var ports = new Label("ports6");
        var icmp = new Label("icmp6");
        Stack.loadBytes(code.move(R2, 0), HEADER6, Ipv6.LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, firstQueue)
                .load(LONG, R2, FP, HEADER6 + Ipv6.DESTINATION)
                .store(LONG, FP, KEY, R2)
                .load(LONG, R2, FP, HEADER6 + Ipv6.DESTINATION + 8)
                .store(LONG, FP, KEY + 8, R2);
        lookUpOwner("ipv6");
        hashAddresses(HEADER6 + Ipv6.SOURCE, 8);
        code.move(R9, Ipv6.LENGTH);
        for (int count = 0; count <= ExtensionHeaders.MOST; count++) {
            code.load(BYTE, R2, FP, HEADER6 + NEXT_HEADER)
                    .jumpIf(R2, EQUAL, Ipv4.TCP, ports)
                    .jumpIf(R2, EQUAL, Ipv4.UDP, ports)
                    .jumpIf(R2, EQUAL, Ipv6.ICMP, icmp)
                    .jumpIf(R2, EQUAL, Ipv6.FRAGMENT, fragment);
            if (count < ExtensionHeaders.MOST) {
                passExtensionHeader(count);
            }
        }
        code.jump(byAddresses).bind(ports).move(R2, R9).jump(portsAtR2).bind(fragment);
        Stack.loadBytes(code.move(R2, R9), PORTS, Ipv6.FRAGMENT_LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(WORD, R1, FP, PORTS + IDENTIFICATION6)
                .jump(mix)
                .bind(icmp);
        var quotesPorts = new Label("quotes_ports6");
        Stack.loadBytes(code.move(R2, R9), PORTS, Icmp6.LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R2, FP, PORTS)
                .jumpIf(R2, EQUAL, 0, byAddresses)
                .jumpIf(R2, GREATER, Icmp6.PARAMETER_PROBLEM, byAddresses)
                .add(R9, Icmp6.LENGTH);
        Stack.loadBytes(code.move(R2, R9), QUOTE, Ipv6.LENGTH)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R2, FP, QUOTE + NEXT_HEADER)
                .jumpIf(R2, EQUAL, Ipv4.TCP, quotesPorts)
                .jumpIf(R2, NOT_EQUAL, Ipv4.UDP, byAddresses)
                .bind(quotesPorts)
                .move(R2, R9)
                .add(R2, Ipv6.LENGTH);
        flowOfQuote(QUOTE + Ipv6.SOURCE, 8);
    }

    /** From the extension header at R9, whose kind is in R2 and in the IPv6 header's copy, to the next. */
    private void passExtensionHeader(int count) {
        var extension = new Label("extension" + count);
        var authentication = new Label("authentication" + count);
        var passed = new Label("passed" + count);
        code.jumpIf(R2, EQUAL, Ipv6.HOP_BY_HOP, extension)
                .jumpIf(R2, EQUAL, Ipv6.ROUTING, extension)
                .jumpIf(R2, EQUAL, Ipv6.DESTINATION_OPTIONS, extension)
                .jumpIf(R2, NOT_EQUAL, Ipv6.AUTHENTICATION, byAddresses)
                .bind(extension);
        Stack.loadBytes(code.move(R2, R9), PORTS, 2)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .load(BYTE, R3, FP, PORTS + 1)
                .load(BYTE, R2, FP, HEADER6 + NEXT_HEADER)
                .jumpIf(R2, EQUAL, Ipv6.AUTHENTICATION, authentication)
                .add(R3, 1)
                .compute(R3, SHIFT_LEFT, 3)
                .jump(passed)
                .bind(authentication)
                .add(R3, 2)
                .compute(R3, SHIFT_LEFT, 2)
                .bind(passed)
                .add(R9, R3)
                .load(BYTE, R2, FP, PORTS)
                .store(BYTE, FP, HEADER6 + NEXT_HEADER, R2);
    }

    /** The steering of the address at {@link #KEY} to R8. */
    private void lookUpOwner(String family) {
        var notOwned = new Label("not_owned_" + family);
        code.move(R8, AddressMap.BY_HASH);
        Stack.lookUp(code, owned, KEY)
                .jumpIf(R0, EQUAL, 0, notOwned)
                .load(WORD, R8, R0, 0)
                .bind(notOwned);
    }

    /** The hash of the 32-bit words of two addresses on the stack to R7. */
    private void hashAddresses(int stackOffset, int words) {
        code.load(WORD, R7, FP, stackOffset);
        for (int word = 1; word < words; word++) {
            code.load(WORD, R2, FP, stackOffset + 4 * word).compute(R7, XOR, R2);
        }
        code.compute(R7, MULTIPLY, FlowHash.ADDRESS_MULTIPLIER);
    }

    /** By the quoted packet, whose ports are at R2: one from a local address by its source port. */
    private void flowOfQuote(int addresses, int words) {
        Stack.loadBytes(code, PORTS, 4).jumpIf(R0, NOT_EQUAL, 0, byAddresses);
        hashAddresses(addresses, words);
        code.jumpIf32(R8, EQUAL, AddressMap.BY_HASH, byPorts)
                .load(HALF, R0, FP, PORTS)
                .swapNetworkOrder(R0, 16)
                .compute(R0, AND, R8)
                .exit();
    }

    /** The ends of all ways. */
    private void flow() {
        code.bind(portsAtR2);
        Stack.loadBytes(code, PORTS, 4)
                .jumpIf(R0, NOT_EQUAL, 0, byAddresses)
                .jumpIf32(R8, EQUAL, AddressMap.BY_HASH, byPorts)
                .load(HALF, R0, FP, PORTS + 2)
                .swapNetworkOrder(R0, 16)
                .compute(R0, AND, R8)
                .exit()
                .bind(byPorts)
                .load(HALF, R1, FP, PORTS)
                .load(HALF, R2, FP, PORTS + 2)
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
                .exit();
    }

    /** The length in bytes that the IPv4 header at a place of the stack states. */
    private Assembler headerLength(Register register, int stackOffset) {
        return code.load(BYTE, register, FP, stackOffset)
                .compute(register, AND, 0xf)
                .compute(register, SHIFT_LEFT, 2);
    }
}
