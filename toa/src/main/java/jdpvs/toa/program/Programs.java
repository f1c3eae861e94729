package jdpvs.toa.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.bpf.AttachType;
import jdpvs.linux.bpf.Code;
import jdpvs.linux.bpf.Program;
import jdpvs.linux.bpf.VerifierException;

/** The four programs, loaded, in the order in which they are attached: what answers applications stands before anything is there to answer. */
public final class Programs implements AutoCloseable {
    /** A program, under the name of its pin. */
    public record Loaded(String name, AttachType attachType, Program program) {}

    /** The names, in order. */
    public static final List<String> NAMES = List.of("peername4", "peername6", "sockopt", "established");

    private final List<Loaded> all = new ArrayList<>();
    private boolean mptcp;

    private Programs() {}

    /**
     * Loads all, or none.
     *
     * @throws VerifierException when the kernel is too old for what they do
     * @throws SystemCallException when it refuses for another reason
     */
    public static Programs load(Maps maps) {
        Programs programs = new Programs();
        try {
            programs.add(
                    NAMES.get(0),
                    Program.Type.CGROUP_SOCK_ADDR,
                    AttachType.CGROUP_INET4_GETPEERNAME,
                    PeerName.ipv4(maps));
            programs.add(
                    NAMES.get(1),
                    Program.Type.CGROUP_SOCK_ADDR,
                    AttachType.CGROUP_INET6_GETPEERNAME,
                    PeerName.ipv6(maps));
            programs.add(
                    NAMES.get(2), Program.Type.CGROUP_SOCKOPT, AttachType.CGROUP_GETSOCKOPT, SocketOption.of(maps));
            programs.mptcp = programs.addBest(NAMES.get(3), withMptcp -> PassiveEstablished.of(maps, withMptcp));
            return programs;
        } catch (RuntimeException e) {
            programs.close();
            throw e;
        }
    }

    private void add(String name, Program.Type type, AttachType attachType, Code code) {
        all.add(new Loaded(name, attachType, Program.load(type, "toa_" + name, code, attachType)));
    }

    /** Kernels before 5.19 do not know the MPTCP helper. @return whether this one does */
    private boolean addBest(String name, Function<Boolean, Code> code) {
        try {
            add(name, Program.Type.SOCK_OPS, AttachType.CGROUP_SOCK_OPS, code.apply(true));
            return true;
        } catch (VerifierException | SystemCallException refused) {
            add(name, Program.Type.SOCK_OPS, AttachType.CGROUP_SOCK_OPS, code.apply(false));
            return false;
        }
    }

    public List<Loaded> all() {
        return List.copyOf(all);
    }

    /** Whether MPTCP connections are served. */
    public boolean mptcp() {
        return mptcp;
    }

    @Override
    public void close() {
        all.forEach(loaded -> loaded.program().close());
    }
}
