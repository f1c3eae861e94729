package jdpvs.toa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import jdpvs.linux.Machine;
import jdpvs.linux.MountTable;
import jdpvs.linux.Mounts;
import jdpvs.linux.SystemCallException;

/** What the agent needs of the machine: rights, the first process's mounts, cgroup2, a bpffs. */
final class Host {
    private static final Path OWN_MOUNTS = Path.of("/proc/thread-self/ns/mnt");
    private static final Path BPFFS = Path.of("/sys/fs/bpf");

    private Host() {}

    /**
     * Runs something on a thread that sees the mounts which the machine's first process sees. {@code ip netns exec} and others give their command mounts of
     * its own: what is mounted and pinned there is gone with the command.
     */
    static <T> T amongFirstMounts(Callable<T> work) throws AgentException {
        requireRights();
        FutureTask<T> task = new FutureTask<>(() -> {
            Path first = firstMounts();
            try {
                if (!Files.readSymbolicLink(first).equals(Files.readSymbolicLink(OWN_MOUNTS))) {
                    Mounts.enter(first.toString());
                }
            } catch (SystemCallException | IOException e) {
                throw new AgentException(
                        "this process has mounts of its own (as under ip netns exec) and cannot go to those of the first process, where pins last ("
                                + e.getMessage() + "); run toa outside, or with CAP_SYS_ADMIN and CAP_SYS_CHROOT",
                        e);
            }
            return work.call();
        });
        Thread.ofPlatform().name("toa").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof AgentException refused) {
                throw refused;
            }
            if (cause instanceof RuntimeException defect) {
                throw defect;
            }
            throw new AgentException(String.valueOf(cause), e);
        } catch (InterruptedException e) {
            throw new AgentException("interrupted", e);
        }
    }

    /**
     * The mount namespace of the topmost ancestor that lets itself be looked at. That is process 1, unless this process is confined: process 1 may then be
     * shut to it, while those who started it are not.
     */
    private static Path firstMounts() {
        Path first = OWN_MOUNTS;
        for (var process = ProcessHandle.current().parent();
                process.isPresent();
                process = process.get().parent()) {
            Path mounts = Path.of("/proc", Long.toString(process.get().pid()), "ns", "mnt");
            first = isOpenToUs(mounts) ? mounts : first;
        }
        return first;
    }

    private static boolean isOpenToUs(Path namespace) {
        try {
            Files.readSymbolicLink(namespace);
            return true;
        } catch (IOException shut) {
            return false;
        }
    }

    private static void requireRights() throws AgentException {
        if (Machine.hasCapability(Machine.CAP_SYS_ADMIN)) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!Machine.hasCapability(Machine.CAP_BPF)) {
            missing.add("CAP_BPF");
        }
        if (!Machine.hasCapability(Machine.CAP_NET_ADMIN)) {
            missing.add("CAP_NET_ADMIN");
        }
        if (!Machine.hasCapability(Machine.CAP_PERFMON)) {
            missing.add("CAP_PERFMON");
        }
        if (!missing.isEmpty()) {
            throw new AgentException(
                    "loading eBPF programs needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; missing: "
                            + String.join(", ", missing));
        }
    }

    /** Where cgroup2 is mounted; in hybrid layouts that is not /sys/fs/cgroup itself. */
    static Path rootControlGroup() throws AgentException {
        return MountTable.current()
                .first("cgroup2")
                .orElseThrow(
                        () -> new AgentException(
                                "cgroup2 is not mounted here, and programs are attached to it; mount it: mount -t cgroup2 none /sys/fs/cgroup/unified"));
    }

    static void requireControlGroup(Path directory) throws AgentException {
        if (!Files.isDirectory(directory)) {
            throw new AgentException("the control group " + directory + " does not exist; make it: mkdir " + directory);
        }
        String type = MountTable.current().typeAt(directory).orElse("nothing");
        if (!type.equals("cgroup2")) {
            throw new AgentException(
                    directory + " is on " + type + ", not on cgroup2; this machine's is at " + rootControlGroup());
        }
    }

    /** Makes sure that things can be pinned in a directory, which need not exist yet; mounts the bpffs in its usual place when it is not. */
    static void requireBpffs(Path directory) throws AgentException {
        if (onBpffs(directory)) {
            return;
        }
        if (!directory.startsWith(BPFFS)) {
            throw new AgentException("things can be pinned on a bpffs only, and " + directory + " is on "
                    + MountTable.current().typeAt(directory).orElse("nothing") + "; choose a directory under " + BPFFS);
        }
        try {
            Mounts.mount("bpf", BPFFS);
        } catch (SystemCallException e) {
            throw new AgentException(
                    "there is no bpffs at " + BPFFS + " and it cannot be mounted: " + e.getMessage(), e);
        }
    }

    static boolean onBpffs(Path directory) {
        return MountTable.current().typeAt(directory).orElse("").equals("bpf");
    }
}
