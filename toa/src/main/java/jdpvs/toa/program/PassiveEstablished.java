package jdpvs.toa.program;

import static jdpvs.linux.bpf.Register.FP;
import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R3;
import static jdpvs.linux.bpf.Register.R4;
import static jdpvs.linux.bpf.Register.R5;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Register.R7;
import static jdpvs.linux.bpf.Register.R8;
import static jdpvs.linux.bpf.Register.R9;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Condition;
import jdpvs.linux.bpf.Helper;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Operation;
import jdpvs.linux.bpf.Size;

/**
 * Runs when a listener's connection is established, with the segment that did it: the handshake's ACK. Takes the client from that segment's option 254, when
 * the peer is trusted, and keeps it with the socket. What comes later is not looked at: accept(2) may have answered, and a client could forge it.
 *
 * <p>The walk over the options (RFC 9293 §3.1) is unrolled: the verifier wants offsets into a packet to be constants, so each of the forty places has its own
 * instructions, and only a number that is compared, the place of the next option, varies. Options of kind 254 with another length belong to others'
 * experiments (RFC 6994) and are passed over.
 */
final class PassiveEstablished {
    private static final int PASSIVE_ESTABLISHED = 5;
    private static final int IPV4_FAMILY = 2;

    // struct bpf_sock_ops of linux/bpf.h
    private static final int OPERATION = 0;
    private static final int FAMILY = 20;
    private static final int REMOTE_IP4 = 24;
    private static final int REMOTE_IP6 = 32;
    private static final int SOCKET = 184;
    private static final int DATA = 192;
    private static final int DATA_END = 200;

    private static final int HEADER_BYTES = 20;
    private static final int DATA_OFFSET_AT = 12;
    private static final int LONGEST_HEADER = 60;
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;

    // The stack, below the counters' key
    private static final int OPTION = -24;
    private static final int PEER = -48;

    private final Assembler code = new Assembler();
    private final Maps maps;
    private final Label found4 = new Label("found-ipv4");
    private final Label found6 = new Label("found-ipv6");
    private final Label none = new Label("none");
    private final Label malformed = new Label("malformed");
    private final Label end = new Label("end");

    private PassiveEstablished(Maps maps) {
        this.maps = maps;
    }

    /**
     * @param mptcp keep the client with an MPTCP connection too, which is what its application holds; kernel 5.19
     */
    static Code of(Maps maps, boolean mptcp) {
        return new PassiveEstablished(maps).assemble(mptcp);
    }

    private Code assemble(boolean mptcp) {
        code.move(R6, R1).load(Size.WORD, R1, R6, OPERATION).jumpIf(R1, Condition.NOT_EQUAL, PASSIVE_ESTABLISHED, end);
        walk();
        copyOption();
        checkPeer();
        keep(mptcp);
        code.bind(none);
        Snippets.count(code, maps, Counter.WITHOUT_TOA);
        code.jump(end).bind(malformed);
        Snippets.count(code, maps, Counter.MALFORMED);
        code.bind(end).exit(1);
        return code.assemble();
    }

    /** R7 begin and R8 end of the segment's header, R9 its length, R5 the place of the next option; jumps with the option's address in R3. */
    private void walk() {
        code.load(Size.LONG, R7, R6, DATA)
                .load(Size.LONG, R8, R6, DATA_END)
                .move(R0, R7)
                .add(R0, HEADER_BYTES)
                .jumpIf(R0, Condition.GREATER, R8, none)
                .load(Size.BYTE, R9, R7, DATA_OFFSET_AT)
                .compute(R9, Operation.SHIFT_RIGHT, 4)
                .compute(R9, Operation.SHIFT_LEFT, 2)
                .move(R5, HEADER_BYTES);
        for (int at = HEADER_BYTES; at < LONGEST_HEADER; at++) {
            place(at);
        }
        code.jump(none);
    }

    private void place(int at) {
        Label next = new Label("option-" + (at + 1));
        code.jumpIf(R9, Condition.LESS_OR_EQUAL, at, none)
                .jumpIf(R5, Condition.GREATER, at, next)
                .move(R3, R7)
                .add(R3, at)
                .move(R0, R3)
                .add(R0, 1)
                .jumpIf(R0, Condition.GREATER, R8, none)
                .load(Size.BYTE, R1, R3, 0)
                .jumpIf(R1, Condition.EQUAL, END_OF_OPTIONS, none)
                .jumpIf(R1, Condition.EQUAL, NO_OPERATION, next)
                .move(R0, R3)
                .add(R0, 2)
                .jumpIf(R0, Condition.GREATER, R8, malformed)
                .load(Size.BYTE, R2, R3, 1)
                .jumpIf(R2, Condition.LESS, 2, malformed)
                .move(R5, R2)
                .add(R5, at)
                .jumpIf(R5, Condition.GREATER, R9, malformed)
                .jumpIf(R1, Condition.NOT_EQUAL, ClientOption.KIND, next)
                .jumpIf(R2, Condition.EQUAL, ClientOption.IPV4_LENGTH, found4)
                .jumpIf(R2, Condition.EQUAL, ClientOption.IPV6_LENGTH, found6)
                .bind(next);
    }

    private void copyOption() {
        Label copied = new Label("copied");
        code.bind(found6).move(R0, R3).add(R0, ClientOption.IPV6_LENGTH).jumpIf(R0, Condition.GREATER, R8, malformed);
        copyWords(ClientOption.IPV6_LENGTH);
        code.jump(copied)
                .bind(found4)
                .move(R0, R3)
                .add(R0, ClientOption.IPV4_LENGTH)
                .jumpIf(R0, Condition.GREATER, R8, malformed);
        copyWords(ClientOption.IPV4_LENGTH);
        for (int i = ClientOption.IPV4_LENGTH; i < ClientOption.BYTES; i += 4) {
            code.store(Size.WORD, FP, OPTION + i, 0);
        }
        code.bind(copied);
    }

    private void copyWords(int bytes) {
        for (int i = 0; i < bytes; i += 4) {
            code.load(Size.WORD, R1, R3, i).store(Size.WORD, FP, OPTION + i, R1);
        }
    }

    private void checkPeer() {
        Label ipv6 = new Label("peer-ipv6");
        Label known = new Label("peer-known");
        Label trusted = new Label("trusted");
        int address = PEER + TrustedKey.ADDRESS_AT;
        code.store(Size.WORD, FP, PEER, TrustedKey.WHOLE_ADDRESS)
                .load(Size.WORD, R1, R6, FAMILY)
                .jumpIf(R1, Condition.NOT_EQUAL, IPV4_FAMILY, ipv6)
                .store(Size.WORD, FP, address, 0)
                .store(Size.WORD, FP, address + 4, 0)
                .store(Size.WORD, FP, address + 8, MappedAddress.THIRD_WORD)
                .load(Size.WORD, R1, R6, REMOTE_IP4)
                .store(Size.WORD, FP, address + 12, R1)
                .jump(known)
                .bind(ipv6);
        for (int i = 0; i < 16; i += 4) {
            code.load(Size.WORD, R1, R6, REMOTE_IP6 + i).store(Size.WORD, FP, address + i, R1);
        }
        code.bind(known)
                .map(R1, maps.trusted)
                .move(R2, FP)
                .add(R2, PEER)
                .call(Helper.MAP_LOOKUP)
                .jumpIf(R0, Condition.NOT_EQUAL, 0, trusted);
        Snippets.count(code, maps, Counter.UNTRUSTED);
        code.jump(end).bind(trusted);
    }

    /** What is kept already stays as it is: storage is made when there is none, not written over. */
    private void keep(boolean mptcp) {
        Label plain = new Label("not-mptcp");
        code.load(Size.LONG, R7, R6, SOCKET).jumpIf(R7, Condition.EQUAL, 0, end).move(R2, R7);
        store();
        if (mptcp) {
            code.move(R1, R7)
                    .call(Helper.SKC_TO_MPTCP_SOCK)
                    .jumpIf(R0, Condition.EQUAL, 0, plain)
                    .move(R2, R0);
            store();
            Snippets.count(code, maps, Counter.MPTCP);
            code.bind(plain);
        }
        Snippets.count(code, maps, Counter.WITH_TOA);
        code.jump(end);
    }

    private void store() {
        code.map(R1, maps.clients).move(R3, FP).add(R3, OPTION).move(R4, 1).call(Helper.SK_STORAGE_GET);
    }
}
