package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the how-to's second set-up, sixteen workers on four slaves, takes from a machine with two processors. */
class MemoryTest {
    private static final long LIMIT_KIB = 1 << 20;

    /** The sample is the how-to's file and a conn_pool_size, which the how-to leaves at its default of 2,097,151. */
    @Test
    void theHowTosFileFitsIntoAGigabyte() throws IOException {
        String sample = Files.readString(Shell.HOME.resolve("conf/dpvs.conf.bond.sample"));
        String howTo = sample.replaceFirst(".*conn_pool_size.*\n", "");
        assertThat(howTo).isNotEqualTo(sample).contains("worker cpu16 {");
        try (Lab lab = Lab.bond("lacp");
                Dpvs dpvs = Dpvs.launch(lab.dpvs(), howTo)) {
            dpvs.awaitAnswer();
            assertThat(dpvs.dpip("link show bond1").succeeded()).contains("rx-queue 15 tx-queue 16");
            long kib = Files.readAllLines(Path.of("/proc/" + dpvs.process().pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
            System.out.printf("the how-to's file, sixteen workers: at most %d KiB resident%n", kib);
            assertThat(kib).isLessThan(LIMIT_KIB);
        }
    }
}
