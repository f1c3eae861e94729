package jdpvs.toa.program;

import static jdpvs.linux.bpf.Register.R0;
import static jdpvs.linux.bpf.Register.R1;
import static jdpvs.linux.bpf.Register.R2;
import static jdpvs.linux.bpf.Register.R6;
import static jdpvs.linux.bpf.Register.R7;
import static jdpvs.linux.bpf.Register.R8;

import jdpvs.linux.bpf.Assembler;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Condition;
import jdpvs.linux.bpf.Label;
import jdpvs.linux.bpf.Size;

/**
 * Runs behind getsockopt(2) and answers {@code getsockopt(IPPROTO_IP, 4096)} of IPv4 sockets whose client has an IPv6 address, as software for the kernel
 * module expects it (facts/toa.md §1):
 *
 * <pre>
 * 0 address (16) | 16 port, network order | 18 zero (2)
 * </pre>
 *
 * Without such a client the kernel's own answer, ENOPROTOOPT, stays.
 */
final class SocketOption {
    private static final int IPPROTO_IP = 0;
    private static final int CLIENT = 4096;
    private static final int ANSWER_BYTES = 20;
    private static final int IPV4_FAMILY = 2;
    /** More than this much of a value is not passed to programs, and an answer that long must be left to the kernel. */
    private static final int WINDOW_BYTES = 4096;

    // struct bpf_sockopt of linux/bpf.h
    private static final int SOCKET = 0;
    private static final int VALUE = 8;
    private static final int VALUE_END = 16;
    private static final int LEVEL = 24;
    private static final int NAME = 28;
    private static final int LENGTH = 32;
    private static final int RESULT = 36;

    // struct bpf_sock of linux/bpf.h
    private static final int FAMILY = 4;

    private SocketOption() {}

    static Code of(Maps maps) {
        Assembler code = new Assembler();
        Label others = new Label("others");
        Label end = new Label("end");
        code.move(R6, R1)
                .load(Size.WORD, R1, R6, LEVEL)
                .jumpIf(R1, Condition.NOT_EQUAL, IPPROTO_IP, others)
                .load(Size.WORD, R1, R6, NAME)
                .jumpIf(R1, Condition.NOT_EQUAL, CLIENT, others)
                .load(Size.LONG, R7, R6, VALUE)
                .load(Size.LONG, R8, R6, VALUE_END)
                .move(R1, R7)
                .add(R1, ANSWER_BYTES)
                .jumpIf(R1, Condition.GREATER, R8, others)
                .load(Size.LONG, R2, R6, SOCKET)
                .jumpIf(R2, Condition.EQUAL, 0, others)
                .load(Size.WORD, R1, R2, FAMILY)
                .jumpIf(R1, Condition.NOT_EQUAL, IPV4_FAMILY, others);
        Snippets.clientOf(code, maps, R2, others);
        code.load(Size.BYTE, R1, R0, ClientOption.LENGTH_AT)
                .jumpIf(R1, Condition.NOT_EQUAL, ClientOption.IPV6_LENGTH, others);
        for (int i = 0; i < 16; i += 4) {
            code.load(Size.WORD, R1, R0, ClientOption.ADDRESS_AT + i).store(Size.WORD, R7, i, R1);
        }
        code.load(Size.HALF, R1, R0, ClientOption.PORT_AT)
                .store(Size.HALF, R7, 16, R1)
                .store(Size.HALF, R7, 18, 0)
                .move(R1, ANSWER_BYTES)
                .store(Size.WORD, R6, LENGTH, R1)
                .move(R1, 0)
                .store(Size.WORD, R6, RESULT, R1);
        Snippets.count(code, maps, Counter.SOCKOPT);
        // Length zero says that the program has nothing to do with a value larger than it was shown.
        code.jump(end)
                .bind(others)
                .load(Size.WORD, R1, R6, LENGTH)
                .jumpIf32(R1, Condition.SIGNED_LESS_OR_EQUAL, WINDOW_BYTES, end)
                .move(R1, 0)
                .store(Size.WORD, R6, LENGTH, R1)
                .bind(end)
                .exit(1);
        return code.assemble();
    }
}
