package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import jdpvs.linux.CallState;
import jdpvs.linux.Libc;
import jdpvs.linux.SystemCallException;

/** bpf(2), which has no function of its own in the C library: a command and a union of arguments ({@code union bpf_attr}). */
final class Bpf {
    static final int MAP_CREATE = 0;
    static final int MAP_LOOKUP = 1;
    static final int MAP_UPDATE = 2;
    static final int MAP_DELETE = 3;
    static final int MAP_NEXT_KEY = 4;
    static final int PROGRAM_LOAD = 5;
    static final int OBJECT_PIN = 6;
    static final int OBJECT_GET = 7;
    static final int OBJECT_INFO = 15;
    static final int PROGRAM_QUERY = 16;
    static final int BTF_LOAD = 18;
    static final int LINK_CREATE = 28;
    static final int LINK_UPDATE = 29;
    static final int LINK_DETACH = 34;

    /** Enough of the union for every command here; what lies behind a command's fields must be zero. */
    static final int ATTRIBUTE_BYTES = 128;

    static final int NAME_BYTES = 16;

    private static final long NUMBER = number(System.getProperty("os.arch", ""));

    private static final MethodHandle SYSCALL =
            Libc.variadic("syscall", 1, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

    private Bpf() {}

    private static long number(String architecture) {
        return switch (architecture) {
            case "amd64" -> 321;
            // asm-generic/unistd.h, which aarch64 and riscv64 share
            default -> 280;
        };
    }

    /** Returns the command's result, or -1 with errno in {@code state}. */
    static int call(CallState state, int command, MemorySegment attributes) {
        try {
            return (int) (long) SYSCALL.invokeExact(
                    state.segment(), NUMBER, command, attributes.address(), (int) attributes.byteSize());
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /**
     * @param name for the error message
     */
    static int require(String name, int command, MemorySegment attributes) {
        CallState state = CallState.current();
        int result = call(state, command, attributes);
        if (result < 0) {
            throw new SystemCallException("bpf " + name, state.errno());
        }
        return result;
    }

    /** An object's name as tools show it: letters, digits, {@code _} and {@code .}, at most 15 of them. */
    static void putName(MemorySegment attributes, int offset, String name) {
        byte[] bytes = name.replaceAll("[^A-Za-z0-9_.]", "_").getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, attributes, offset, Math.min(bytes.length, NAME_BYTES - 1));
    }
}
