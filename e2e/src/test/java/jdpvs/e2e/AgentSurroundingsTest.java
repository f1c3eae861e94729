package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the agent cannot work it says so in a sentence, and leaves nothing. */
class AgentSurroundingsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            setpriv --reuid 65534 --clear-groups                              | CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON
            setpriv --bounding-set -bpf,-sys_admin --inh-caps -bpf,-sys_admin | CAP_BPF
            setpriv --bounding-set -perfmon,-sys_admin --inh-caps -perfmon,-sys_admin | CAP_PERFMON
            """)
    void withoutRights(String under, String missing) {
        try (Agent agent = Agent.create()) {
            Outcome outcome = Agent.run(
                    List.of(under.split(" +")),
                    "load --trust 10.0.0.1 --cgroup " + agent.controlGroup + " --pin " + agent.pins);
            assertThat(outcome.failedWith(1))
                    .isEqualTo(
                            "toa: loading eBPF programs needs root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; missing: "
                                    + missing + "\n");
            assertThat(agent.pins).doesNotExist();
        }
    }

    /** In a namespace of processes the first one is this shell, whose mounts are then the machine's. */
    private static List<String> inOwnMounts(String before) {
        return List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--mount-proc",
                "sh",
                "-c",
                before + " && \"$0\" \"$@\"; exit $?");
    }

    @Test
    void withoutCgroup2() {
        assertThat(Agent.run(
                                inOwnMounts("umount -a -l -t cgroup2"),
                                "load --trust 10.0.0.1 --pin /sys/fs/bpf/jdpvs-none")
                        .failedWith(1))
                .startsWith("toa: cgroup2 is not mounted here, and programs are attached to it; mount it: ")
                .hasLineCount(1);
    }

    @Test
    void aBpffsThatIsNotMountedIsMounted() {
        try (Agent agent = Agent.create()) {
            Outcome outcome = Agent.run(
                    inOwnMounts("umount -l /sys/fs/bpf"),
                    "load --trust 10.0.0.1 --cgroup " + agent.controlGroup + " --pin " + agent.pins);
            assertThat(outcome.succeeded()).startsWith("loaded on " + agent.controlGroup);
            // It was that namespace's own, and is gone with it.
            assertThat(agent.pins).doesNotExist();
        }
    }
}
