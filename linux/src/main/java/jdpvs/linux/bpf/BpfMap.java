package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Errno;
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
        LRU_HASH(9),
        SK_STORAGE(24);

        final int code;

        Type(int code) {
            this.code = code;
        }
    }

    /** Entries are allocated when they are made, not all at creation. */
    public static final int NO_PREALLOC = 1;

    private final String name;
    private final int descriptor;
    private final Codec<K> keys;
    private final Codec<V> values;

    private BpfMap(String name, int descriptor, Codec<K> keys, Codec<V> values) {
        this.name = name;
        this.descriptor = descriptor;
        this.keys = keys;
        this.values = values;
    }

    /**
     * @param entries at most
     * @param flags {@link #NO_PREALLOC} or 0
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
            return new BpfMap<>(name, Bpf.require("MAP_CREATE " + name, Bpf.MAP_CREATE, attributes), keys, values);
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
        try (Arena arena = Arena.ofConfined()) {
            var call = new Call(arena);
            keys.write(call.key, key);
            values.write(call.value, value);
            Bpf.require("MAP_UPDATE " + name, Bpf.MAP_UPDATE, call.attributes);
        }
    }

    public Optional<V> get(K key) {
        try (Arena arena = Arena.ofConfined()) {
            var call = new Call(arena);
            keys.write(call.key, key);
            return call.found("MAP_LOOKUP", Bpf.MAP_LOOKUP) ? Optional.of(values.read(call.value)) : Optional.empty();
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
            attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            key = arena.allocate(keys.bytes(), 8);
            value = arena.allocate(values.bytes(), 8);
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
