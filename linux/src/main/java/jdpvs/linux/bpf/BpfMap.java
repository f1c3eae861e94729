package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Errno;
import jdpvs.linux.Machine;
import jdpvs.linux.SystemCallException;

/**
 * A table that programs and this process share; the kernel keeps it while a descriptor or a loaded program refers to it. Safe for use by many
 * threads. Changes are seen by the next packet.
 *
 * <pre>
 * MAP_CREATE:                 0 type | 4 key bytes | 8 value bytes | 12 entries | 16 flags | … | 28 name (16)
 * LOOKUP, UPDATE, DELETE, …:  0 descriptor | 8 key pointer | 16 value or next key pointer | 24 flags
 * </pre>
 */
public final class BpfMap<K, V> implements AutoCloseable {
    /** Kinds of map (linux/bpf.h {@code enum bpf_map_type}). */
    public enum Type {
        HASH(1),
        ARRAY(2),
        PERCPU_ARRAY(6),
        LRU_HASH(9),
        /** Keys are a prefix length (4 bytes, machine order) and that many bits of data; a look-up finds the longest. */
        LPM_TRIE(11),
        SK_STORAGE(24);

        final int code;

        Type(int code) {
            this.code = code;
        }
    }

    /** Entries are allocated when they are made, not all at creation. */
    public static final int NO_PREALLOC = 1;

    /** An array's values are also memory ({@link jdpvs.linux.Mapping#shared}), each beginning at a multiple of eight bytes; kernel 5.5. */
    public static final int MAPPABLE = 1 << 10;

    private final String name;
    private final int descriptor;
    private final Codec<K> keys;
    private final Codec<V> values;

    private final boolean perCpu;

    private BpfMap(String name, Type type, int descriptor, Codec<K> keys, Codec<V> values) {
        this.name = name;
        this.perCpu = type == Type.PERCPU_ARRAY;
        this.descriptor = descriptor;
        this.keys = keys;
        this.values = values;
    }

    /**
     * @param entries at most
     * @param flags {@link #NO_PREALLOC}, {@link #MAPPABLE} or 0
     */
    public static <K, V> BpfMap<K, V> create(
            Type type, String name, Codec<K> keys, Codec<V> values, int entries, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, type.code);
            attributes.set(JAVA_INT, 4, keys.bytes());
            attributes.set(JAVA_INT, 8, values.bytes());
            attributes.set(JAVA_INT, 12, entries);
            attributes.set(JAVA_INT, 16, flags);
            Bpf.putName(attributes, 28, name);
            return new BpfMap<>(
                    name, type, Bpf.require("MAP_CREATE " + name, Bpf.MAP_CREATE, attributes), keys, values);
        }
    }

    /**
     * Storage that hangs on sockets and goes with them; kernel 5.2. Programs alone use it.
     *
     * @param keyType a type of {@code btf} with four bytes, a file descriptor's
     * @param valueType a type of {@code btf}
     */
    public static BpfMap<Integer, byte[]> socketStorage(
            String name, Btf btf, int keyType, int valueType, int valueBytes) {
        Codec<byte[]> values = Codec.bytes(valueBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, Type.SK_STORAGE.code);
            attributes.set(JAVA_INT, 4, Codec.INT.bytes());
            attributes.set(JAVA_INT, 8, valueBytes);
            attributes.set(JAVA_INT, 16, NO_PREALLOC);
            Bpf.putName(attributes, 28, name);
            attributes.set(JAVA_INT, 48, btf.descriptor());
            attributes.set(JAVA_INT, 52, keyType);
            attributes.set(JAVA_INT, 56, valueType);
            int descriptor = Bpf.require("MAP_CREATE " + name, Bpf.MAP_CREATE, attributes);
            return new BpfMap<>(name, Type.SK_STORAGE, descriptor, Codec.INT, values);
        }
    }

    /**
     * The map that is pinned there.
     *
     * @throws SystemCallException ENOENT when nothing is
     * @throws IllegalStateException when it is of another type or its keys or values have other sizes
     */
    public static <K, V> BpfMap<K, V> pinned(Path path, Type type, Codec<K> keys, Codec<V> values) {
        int descriptor = Pins.get(path);
        ObjectInfo info = ObjectInfo.of(descriptor);
        if (info.mapType() != type.code || info.keyBytes() != keys.bytes() || info.valueBytes() != values.bytes()) {
            Descriptors.close(descriptor);
            throw new IllegalStateException("the map pinned at " + path + " is not of type " + type + " with keys of "
                    + keys.bytes() + " and values of " + values.bytes() + " bytes");
        }
        return new BpfMap<>(path.getFileName().toString(), type, descriptor, keys, values);
    }

    /** Makes it outlive this process, under a name on a bpffs. */
    public void pin(Path path) {
        Pins.pin(descriptor, path);
    }

    /** All possible CPUs' values of an entry of a {@link Type#PERCPU_ARRAY}. */
    public List<V> valuesOfCpus(K key) {
        // The kernel gives each possible CPU, present or not, a multiple of eight bytes.
        int stride = (values.bytes() + 7) & ~7;
        int cpus = Machine.possibleCpus();
        try (Arena arena = Arena.ofConfined()) {
            var call = new Call(arena, (long) stride * cpus);
            keys.write(call.key, key);
            if (!call.found("MAP_LOOKUP", Bpf.MAP_LOOKUP)) {
                return List.of();
            }
            List<V> result = new ArrayList<>();
            for (int cpu = 0; cpu < cpus; cpu++) {
                result.add(values.read(call.value.asSlice((long) cpu * stride, stride)));
            }
            return result;
        }
    }

    public int descriptor() {
        return descriptor;
    }

    /**
     * Adds or replaces.
     *
     * @throws SystemCallException E2BIG when the map is full
     */
    public void put(K key, V value) {
        requireOneValue();
        try (Arena arena = Arena.ofConfined()) {
            var call = new Call(arena);
            keys.write(call.key, key);
            values.write(call.value, value);
            Bpf.require("MAP_UPDATE " + name, Bpf.MAP_UPDATE, call.attributes);
        }
    }

    public Optional<V> get(K key) {
        requireOneValue();
        try (Arena arena = Arena.ofConfined()) {
            var call = new Call(arena);
            keys.write(call.key, key);
            return call.found("MAP_LOOKUP", Bpf.MAP_LOOKUP) ? Optional.of(values.read(call.value)) : Optional.empty();
        }
    }

    /** The kernel reads and writes as many values as there are CPUs: more than the memory of one. */
    private void requireOneValue() {
        if (perCpu) {
            throw new IllegalStateException("map " + name + " has a value for each CPU");
        }
    }

    /** Returns whether there was one. */
    public boolean remove(K key) {
        try (Arena arena = Arena.ofConfined()) {
            var call = new Call(arena);
            keys.write(call.key, key);
            // The kernel insists that what a command does not use is zero.
            call.attributes.set(JAVA_LONG, 16, 0L);
            return call.found("MAP_DELETE", Bpf.MAP_DELETE);
        }
    }

    /** All keys; with concurrent removals the kernel may start over, so a key can then appear twice. */
    public List<K> keys() {
        try (Arena arena = Arena.ofConfined()) {
            List<K> result = new ArrayList<>();
            var call = new Call(arena);
            MemorySegment next = arena.allocate(keys.bytes(), 8);
            call.attributes.set(JAVA_LONG, 16, next.address());
            call.attributes.set(JAVA_LONG, 8, 0L);
            while (call.found("MAP_GET_NEXT_KEY", Bpf.MAP_NEXT_KEY)) {
                result.add(keys.read(next));
                call.key.copyFrom(next);
                call.attributes.set(JAVA_LONG, 8, call.key.address());
            }
            return result;
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }

    /** Arguments of one call about one entry. */
    private final class Call {
        final MemorySegment attributes;
        final MemorySegment key;
        final MemorySegment value;

        Call(Arena arena) {
            this(arena, values.bytes());
        }

        Call(Arena arena, long valueBytes) {
            attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            key = arena.allocate(keys.bytes(), 8);
            value = arena.allocate(valueBytes, 8);
            attributes.set(JAVA_INT, 0, descriptor);
            attributes.set(JAVA_LONG, 8, key.address());
            attributes.set(JAVA_LONG, 16, value.address());
        }

        boolean found(String what, int command) {
            CallState state = CallState.current();
            if (Bpf.call(state, command, attributes) >= 0) {
                return true;
            }
            if (state.errno() == Errno.ENOENT) {
                return false;
            }
            throw new SystemCallException("bpf " + what + " " + name, state.errno());
        }
    }
}
