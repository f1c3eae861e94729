package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Names on a bpffs that keep maps and links alive without a process; removing the file is the way to let go.
 *
 * <pre>
 * OBJ_PIN, OBJ_GET: 0 path pointer | 8 descriptor | 12 flags
 * </pre>
 */
final class Pins {
    private Pins() {}

    static void pin(int descriptor, Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = attributes(arena, path);
            attributes.set(JAVA_INT, 8, descriptor);
            Bpf.require("OBJ_PIN " + path, Bpf.OBJECT_PIN, attributes);
        }
    }

    /** Returns a descriptor of one's own. */
    static int get(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            return Bpf.require("OBJ_GET " + path, Bpf.OBJECT_GET, attributes(arena, path));
        }
    }

    private static MemorySegment attributes(Arena arena, Path path) {
        MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
        attributes.set(JAVA_LONG, 0, arena.allocateFrom(path.toString()).address());
        return attributes;
    }
}
