package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jdpvs.linux.Descriptors;

/**
 * Descriptions of types, which some maps insist on for their keys and values (Linux, Documentation/bpf/btf.rst).
 *
 * <pre>
 * header:    0 magic | 2 version | 3 flags | 4 header bytes | 8 types at | 12 types bytes | 16 strings at | 20 strings bytes
 * type:      0 name | 4 kind (bits 24–28), members (bits 0–15) | 8 bytes it takes, or 0 | …
 * BTF_LOAD:  0 pointer | 8 log pointer | 16 bytes | 20 log bytes | 24 log level
 * </pre>
 */
public final class Btf implements AutoCloseable {
    private static final short MAGIC = (short) 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final int KIND_INT = 1 << 24;
    private static final int KIND_ARRAY = 3 << 24;
    private static final int KIND_STRUCT = 4 << 24;
    private static final int SIGNED = 1 << 24;

    private final int descriptor;

    private Btf(int descriptor) {
        this.descriptor = descriptor;
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }

    /** Collects types; each method returns the id of the type it adds. */
    public static final class Builder {
        private final List<Integer> types = new ArrayList<>();
        private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
        private int count;

        public Builder() {
            strings.write(0);
        }

        /** The C language's int. */
        public int signedInt() {
            return add("int", KIND_INT, 4, SIGNED | 32);
        }

        /** A number without sign of 1, 2, 4 or 8 bytes. */
        public int unsigned(String name, int bytes) {
            return add(name, KIND_INT, bytes, bytes * 8);
        }

        /**
         * @param index the type of its indices, an integer's
         */
        public int array(int element, int index, int length) {
            return add("", KIND_ARRAY, 0, element, index, length);
        }

        public int struct(String name, int bytes, Member... members) {
            int[] rest = new int[3 * members.length];
            for (int i = 0; i < members.length; i++) {
                rest[3 * i] = string(members[i].name);
                rest[3 * i + 1] = members[i].type;
                rest[3 * i + 2] = 8 * members[i].offset;
            }
            return add(name, KIND_STRUCT | members.length, bytes, rest);
        }

        /** Gives the types to the kernel. */
        public Btf load() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment blob = blob(arena);
                MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
                attributes.set(JAVA_LONG, 0, blob.address());
                attributes.set(JAVA_INT, 16, (int) blob.byteSize());
                return new Btf(Bpf.require("BTF_LOAD", Bpf.BTF_LOAD, attributes));
            }
        }

        private MemorySegment blob(Arena arena) {
            int typeBytes = 4 * types.size();
            MemorySegment blob = arena.allocate(HEADER_BYTES + typeBytes + strings.size(), 8);
            blob.set(JAVA_SHORT, 0, MAGIC);
            blob.set(JAVA_BYTE, 2, (byte) 1);
            blob.set(JAVA_INT, 4, HEADER_BYTES);
            blob.set(JAVA_INT, 12, typeBytes);
            blob.set(JAVA_INT, 16, typeBytes);
            blob.set(JAVA_INT, 20, strings.size());
            for (int i = 0; i < types.size(); i++) {
                blob.set(JAVA_INT, HEADER_BYTES + 4L * i, types.get(i));
            }
            MemorySegment.copy(
                    MemorySegment.ofArray(strings.toByteArray()), 0, blob, HEADER_BYTES + typeBytes, strings.size());
            return blob;
        }

        private int add(String name, int kind, int bytes, int... rest) {
            types.add(name.isEmpty() ? 0 : string(name));
            types.add(kind);
            types.add(bytes);
            for (int word : rest) {
                types.add(word);
            }
            return ++count;
        }

        private int string(String text) {
            int at = strings.size();
            strings.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            strings.write(0);
            return at;
        }
    }

    /**
     * A part of a struct.
     *
     * @param offset bytes from its beginning
     */
    public record Member(String name, int type, int offset) {}
}
