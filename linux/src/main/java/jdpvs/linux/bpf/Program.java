package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Errno;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;
import org.jspecify.annotations.Nullable;

/**
 * A program that the kernel's verifier has accepted. It may be attached any number of times; attachments outlive {@link #close}.
 *
 * <pre>
 * PROG_LOAD: 0 type | 4 instructions | 8 code pointer | 16 license pointer | 24 log level | 28 log bytes | 32 log pointer | … |
 *            48 name (16) | 64 interface | 68 expected attach type
 * </pre>
 */
public final class Program implements AutoCloseable {
    /** Kinds of program (linux/bpf.h {@code enum bpf_prog_type}). */
    public enum Type {
        SOCKET_FILTER(1),
        SCHED_CLS(3),
        XDP(6),
        CGROUP_SKB(8),
        SOCK_OPS(13),
        CGROUP_SOCK_ADDR(18),
        CGROUP_SOCKOPT(25);

        final int code;

        Type(int code) {
            this.code = code;
        }
    }

    private static final int LOG_BYTES = 1 << 20;
    private static final int SHOWN_LOG_LINES = 24;
    private static final Pattern LOGGED_INSTRUCTION = Pattern.compile("^(\\d+): \\(", Pattern.MULTILINE);

    private final int descriptor;

    private Program(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Loads without a log, for that is faster; after a refusal loads again with one to say where and why.
     *
     * @param attachType what it will be attached to, or null where the type of program leaves no choice
     * @throws VerifierException when the verifier refuses the code
     * @throws SystemCallException when the kernel refuses for another reason (EPERM: no right to load programs)
     */
    public static Program load(Type type, String name, Code code, @Nullable AttachType attachType) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instructions = arena.allocate(8L * code.size(), 8);
            for (int i = 0; i < code.size(); i++) {
                instructions.setAtIndex(JAVA_LONG, i, code.instruction(i));
            }
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, type.code);
            attributes.set(JAVA_INT, 4, code.size());
            attributes.set(JAVA_LONG, 8, instructions.address());
            // Many helpers are only for programs under the GPL; the word binds this snippet of instructions alone.
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("GPL").address());
            Bpf.putName(attributes, 48, name);
            attributes.set(JAVA_INT, 68, attachType == null ? 0 : attachType.code);
            CallState state = CallState.current();
            int descriptor = Bpf.call(state, Bpf.PROGRAM_LOAD, attributes);
            if (descriptor >= 0) {
                return new Program(descriptor);
            }
            throw refusal(name, code, state.errno(), attributes, arena);
        }
    }

    public int descriptor() {
        return descriptor;
    }

    /** The kernel's id of it. */
    public int id() {
        return ObjectInfo.of(descriptor).programId();
    }

    /** How many instructions the verifier went through, over all paths; 0 before kernel 5.16. A million is the limit. */
    public int verifiedInstructions() {
        return ObjectInfo.of(descriptor).verifiedInstructions();
    }

    /** Makes it the filter of a socket: its result is how many bytes of a packet the socket gets, 0 for none. */
    public void attachToSocket(int socket) {
        Sockets.setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_BPF, "SO_ATTACH_BPF", descriptor);
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }

    private static RuntimeException refusal(String name, Code code, int errno, MemorySegment attributes, Arena arena) {
        if (errno == Errno.EPERM || errno == Errno.ENOMEM) {
            return new SystemCallException("bpf PROG_LOAD " + name, errno);
        }
        MemorySegment log = arena.allocate(LOG_BYTES);
        attributes.set(JAVA_INT, 24, 1);
        attributes.set(JAVA_INT, 28, LOG_BYTES);
        attributes.set(JAVA_LONG, 32, log.address());
        int again = Bpf.call(CallState.current(), Bpf.PROGRAM_LOAD, attributes);
        if (again >= 0) {
            Descriptors.close(again);
        }
        String text = log.getString(0);
        if (text.isBlank()) {
            return new SystemCallException("bpf PROG_LOAD " + name, errno);
        }
        return new VerifierException(name, lastPlace(code, text), tail(text));
    }

    private static String lastPlace(Code code, String log) {
        Matcher matcher = LOGGED_INSTRUCTION.matcher(log);
        int last = -1;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1));
        }
        return last < 0 ? "before the first instruction" : code.place(last);
    }

    private static String tail(String log) {
        String[] lines = log.strip().split("\\R");
        int from = Math.max(0, lines.length - SHOWN_LOG_LINES);
        return String.join("\n", List.of(lines).subList(from, lines.length));
    }
}
