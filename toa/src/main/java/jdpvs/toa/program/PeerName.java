package jdpvs.toa.program;

import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Register.R7;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Condition;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Size;

/** Runs when an application asks for the other end of a connection, by getpeername(2) or accept(2): puts the client's address in place of the balancer's. */
final class PeerName {
    // struct bpf_sock_addr of linux/bpf.h
    private static final int IP4 = 4;
    private static final int IP6 = 8;
    private static final int PORT = 24;
    private static final int SOCKET = 64;

    private PeerName() {}

    /** For IPv4 sockets. An IPv6 client has no place in their address: the balancer's stays, and getsockopt tells the client's. */
    static Code ipv4(Maps maps) {
        Assembler code = new Assembler();
        Label end = begin(code, maps);
        code.load(Size.BYTE, R1, R0, ClientOption.LENGTH_AT)
                .jumpIf(R1, Condition.NOT_EQUAL, ClientOption.IPV4_LENGTH, end)
                .load(Size.WORD, R1, R0, ClientOption.ADDRESS_AT)
                .store(Size.WORD, R6, IP4, R1)
                .load(Size.HALF, R1, R0, ClientOption.PORT_AT)
                .store(Size.WORD, R6, PORT, R1);
        return end(code, maps, end);
    }

    /** For IPv6 sockets, also those that serve IPv4: an IPv4 client stands there as v4-mapped. */
    static Code ipv6(Maps maps) {
        Assembler code = new Assembler();
        Label end = begin(code, maps);
        Label mapped = new Label("mapped");
        Label done = new Label("done");
        code.load(Size.HALF, R1, R0, ClientOption.PORT_AT)
                .store(Size.WORD, R6, PORT, R1)
                .load(Size.BYTE, R1, R0, ClientOption.LENGTH_AT)
                .jumpIf(R1, Condition.EQUAL, ClientOption.IPV4_LENGTH, mapped);
        for (int i = 0; i < 16; i += 4) {
            code.load(Size.WORD, R1, R0, ClientOption.ADDRESS_AT + i).store(Size.WORD, R6, IP6 + i, R1);
        }
        // The context takes registers only.
        code.jump(done)
                .bind(mapped)
                .move(R1, 0)
                .store(Size.WORD, R6, IP6, R1)
                .store(Size.WORD, R6, IP6 + 4, R1)
                .move(R1, MappedAddress.THIRD_WORD)
                .store(Size.WORD, R6, IP6 + 8, R1)
                .load(Size.WORD, R1, R0, ClientOption.ADDRESS_AT)
                .store(Size.WORD, R6, IP6 + 12, R1)
                .bind(done);
        return end(code, maps, end);
    }

    private static Label begin(Assembler code, Maps maps) {
        Label end = new Label("end");
        code.move(R6, R1).load(Size.LONG, R7, R6, SOCKET).jumpIf(R7, Condition.EQUAL, 0, end);
        Snippets.clientOf(code, maps, R7, end);
        return end;
    }

    private static Code end(Assembler code, Maps maps, Label end) {
        Snippets.count(code, maps, Counter.PEERNAME);
        return code.bind(end).exit(1).assemble();
    }
}
