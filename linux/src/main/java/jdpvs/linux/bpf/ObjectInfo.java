package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the kernel tells of an object behind a descriptor; whoever asks knows which kind it is.
 *
 * <pre>
 * OBJ_GET_INFO_BY_FD: 0 descriptor | 4 bytes, in and out | 8 pointer
 * bpf_map_info:       0 type | 4 id | 8 key bytes | 12 value bytes | …
 * bpf_prog_info:      0 type | 4 id | … | 216 verified instructions (5.16)
 * bpf_link_info:      0 type | 4 id | 8 program id | 16 control group id, 0 when severed | …
 * </pre>
 */
final class ObjectInfo {
    private static final int BYTES = 232;
    private static final int VERIFIED_INSTRUCTIONS = 216;

    private final int[] words;

    private ObjectInfo(int[] words) {
        this.words = words;
    }

    static ObjectInfo of(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            MemorySegment info = arena.allocate(BYTES, 8);
            attributes.set(JAVA_INT, 0, descriptor);
            attributes.set(JAVA_INT, 4, BYTES);
            attributes.set(JAVA_LONG, 8, info.address());
            Bpf.require("OBJ_GET_INFO_BY_FD", Bpf.OBJECT_INFO, attributes);
            return new ObjectInfo(info.toArray(JAVA_INT));
        }
    }

    int mapType() {
        return words[0];
    }

    int keyBytes() {
        return words[2];
    }

    int valueBytes() {
        return words[3];
    }

    int programId() {
        return words[1];
    }

    int verifiedInstructions() {
        return words[VERIFIED_INSTRUCTIONS / 4];
    }

    int linkId() {
        return words[1];
    }

    int linkedProgramId() {
        return words[2];
    }

    /** 0 when severed; which word of the number is not zero does not matter. */
    int linkedControlGroup() {
        return words[4] | words[5];
    }
}
