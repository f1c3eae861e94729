package jdpvs.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import jdpvs.linux.Descriptors;

/**
 * A program attached to a network interface or control group. It is detached when the link is closed, and by the kernel when the process ends,
 * however it ends, unless the link is pinned.
 *
 * <pre>
 * LINK_CREATE: 0 program | 4 interface index or target descriptor | 8 attach type | 12 flags
 * LINK_UPDATE: 0 link | 4 program
 * PROG_QUERY:  0 interface index | 4 attach type | 8 query flags | 12 attach flags | 16 ids pointer | 24 ids, in and out
 * </pre>
 */
public final class Link implements AutoCloseable {
    /** TC's verdicts for TCX programs: let the next program or the kernel decide. */
    public static final int TCX_NEXT = -1;

    public static final int TCX_DROP = 2;

    private static final int MOST_PROGRAMS = 64;

    private final int descriptor;

    private Link(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Attaches to an interface of the calling thread's network namespace.
     *
     * @param flags of the attach type; 0 for TCX, 2 (generic) or 4 (driver) for XDP
     */
    public static Link toInterface(Program program, int interfaceIndex, AttachType type, int flags) {
        return create(program, interfaceIndex, type, flags);
    }

    /**
     * @param descriptor of the control group's directory
     */
    public static Link toControlGroup(Program program, int descriptor, AttachType type) {
        return create(program, descriptor, type, 0);
    }

    /** How many programs are attached to an interface there, ours and others'. */
    public static int countAttached(int interfaceIndex, AttachType type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            MemorySegment ids = arena.allocate(4L * MOST_PROGRAMS, 8);
            attributes.set(JAVA_INT, 0, interfaceIndex);
            attributes.set(JAVA_INT, 4, type.code);
            attributes.set(JAVA_LONG, 16, ids.address());
            attributes.set(JAVA_INT, 24, MOST_PROGRAMS);
            Bpf.require("PROG_QUERY " + type, Bpf.PROGRAM_QUERY, attributes);
            return attributes.get(JAVA_INT, 24);
        }
    }

    /**
     * The link that is pinned there.
     *
     * @throws SystemCallException ENOENT when nothing is
     */
    public static Link pinned(Path path) {
        return new Link(Pins.get(path));
    }

    /** Makes it outlive this process, under a name on a bpffs. */
    public void pin(Path path) {
        Pins.pin(descriptor, path);
    }

    /** Replaces the program at once: no packet meets neither, none both. */
    public void update(Program program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, descriptor);
            attributes.set(JAVA_INT, 4, program.descriptor());
            Bpf.require("LINK_UPDATE", Bpf.LINK_UPDATE, attributes);
        }
    }

    /** Detaches at once. The last reference's end does too, but the kernel takes its time for that. */
    public void detach() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, descriptor);
            Bpf.require("LINK_DETACH", Bpf.LINK_DETACH, attributes);
        }
    }

    /** The kernel's id of the program behind it. */
    public int programId() {
        return ObjectInfo.of(descriptor).linkedProgramId();
    }

    /**
     * Of a link to a control group: whether it is attached still. The kernel severs it when the group is removed, and a group that is made anew under
     * the same name is another.
     */
    public boolean isAttachedToControlGroup() {
        return ObjectInfo.of(descriptor).linkedControlGroup() != 0;
    }

    /** The kernel's id of the link. */
    public int id() {
        return ObjectInfo.of(descriptor).linkId();
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }

    private static Link create(Program program, int target, AttachType type, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Bpf.ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, program.descriptor());
            attributes.set(JAVA_INT, 4, target);
            attributes.set(JAVA_INT, 8, type.code);
            attributes.set(JAVA_INT, 12, flags);
            return new Link(Bpf.require("LINK_CREATE " + type, Bpf.LINK_CREATE, attributes));
        }
    }
}
