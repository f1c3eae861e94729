package jdpvs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static final String UNIFIED = """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            25 22 0:23 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
            31 25 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate
            33 25 0:29 / /sys/fs/bpf rw,nosuid shared:11 - bpf bpf rw,mode=700
            """;

    private static final String HYBRID = """
            22 1 8:1 / / rw - ext4 /dev/sda1 rw
            31 22 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw
            32 31 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            34 31 0:30 / /sys/fs/cgroup/memory rw master:3 propagate_from:2 - cgroup cgroup rw,memory
            99 22 0:28 /machine /var/lib/machine/cgroup rw - cgroup2 cgroup2 rw
            """;

    @Test
    void cgroup2StandsWhereItIsMountedFirst() {
        assertThat(MountTable.parse(UNIFIED).first("cgroup2")).contains(Path.of("/sys/fs/cgroup"));
        assertThat(MountTable.parse(HYBRID).first("cgroup2")).contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(MountTable.parse(HYBRID).first("bpf")).isEmpty();
    }

    @Test
    void aPathIsOnTheDeepestAndOfThoseOnTheLastMount() {
        MountTable table = MountTable.parse(HYBRID + "120 22 0:40 / /sys/fs/cgroup/unified rw - tmpfs none rw\n");
        assertThat(table.typeAt(Path.of("/sys/fs/cgroup/memory/a/b"))).contains("cgroup");
        assertThat(table.typeAt(Path.of("/sys/fs/cgroup/unified/a"))).contains("tmpfs");
        assertThat(table.typeAt(Path.of("/sys/fs/cgroups"))).contains("ext4");
        assertThat(table.typeAt(Path.of("/etc"))).contains("ext4");
        assertThat(MountTable.parse("").typeAt(Path.of("/etc"))).isEmpty();
    }

    @Test
    void namesWithBlanksAndOtherAlphabets() {
        MountTable table = MountTable.parse(
                "40 22 0:40 / /mnt/a\\040b\\134c\\011\\012 rw - bpf none rw\n41 22 0:41 / /mnt/\u00c3\u00bc\\999 rw - xfs none rw\n");
        assertThat(table.entries())
                .containsExactly(
                        new MountTable.Entry(Path.of("/mnt/a b\\c\t\n"), "bpf"),
                        new MountTable.Entry(Path.of("/mnt/\u00fc\\999"), "xfs"));
    }

    @Test
    void whatIsNoLineOfItIsLeftOut() {
        assertThat(MountTable.parse("""

                        nonsense
                        1 2 3 4 5 - 7
                        1 2 0:1 / /x rw -
                        1 2 0:1 / /x rw shared:1 cgroup2 none rw
                        1 2 0:1 / /good rw - cgroup2 none rw""").entries()).containsExactly(new MountTable.Entry(Path.of("/good"), "cgroup2"));
    }

    @Test
    void thisMachineHasARoot() {
        assertThat(MountTable.current().typeAt(Path.of("/"))).isPresent();
    }
}
