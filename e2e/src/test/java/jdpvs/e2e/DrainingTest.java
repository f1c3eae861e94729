package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A local address that is removed lets its connections end in peace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrainingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Lab lab;
    private Download file;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
        file = Download.of(lab, 8);
    }

    @AfterAll
    void stop() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, dpip addr del 192.168.229.204/32 dev dpdk0",
        "2, ipvsadm --del-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0",
    })
    void aDownloadOverARemovedLocalAddressCompletes(int workers, String removal) {
        Configuration configuration = Configuration.twoArm()
                .workers(workers)
                .tcpTimeout("time_wait", 1)
                .tcpTimeout("close", 1);
        try (Dpvs dpvs = Dpvs.start(lab, configuration)) {
            dpvs.typeHowTo();
            Running download = lab.client()
                    .start("curl -sS --max-time 60 --limit-rate 1M http://10.0.96.204/files/" + file.name() + " -o "
                            + lab.directory().resolve("drained"));
            Await.until(
                    PATIENCE,
                    () -> dpvs.ipvsadm("-lnc").succeeded().contains("TCP_EST"),
                    () -> "a download: " + dpvs.ipvsadm("-lnc") + download.printed());
            dpvs.type(removal);
            assertThat(dpvs.dpip("addr show").succeeded()).doesNotContain("192.168.229.204");
            assertThat(dpvs.dpvsctl("ports").succeeded())
                    .containsPattern("192\\.168\\.229\\.204 +tcp +192\\.168\\.229\\.[12]:80 +draining +1 ");
            // The neighbours ask again and must get an answer.
            for (int server = 1; server <= 2; server++) {
                lab.server(server).shell(PATIENCE, "ip neigh flush all").succeeded();
            }
            assertThat(lab.client()
                            .run("curl -sS --max-time 2 --connect-timeout 2 http://10.0.96.204")
                            .exitCode())
                    .as("a new connection finds no local address")
                    .isNotZero();
            assertThat(dpvs.drops("no-local-address")).isPositive();
            assertThat(download.awaitExit(PATIENCE)).as(download.printed()).isZero();
            assertThat(lab.client()
                            .run("sha256sum " + lab.directory().resolve("drained"))
                            .succeeded())
                    .startsWith(file.checksum());
            Await.until(
                    PATIENCE,
                    () -> !dpvs.dpvsctl("ports").succeeded().contains("192.168.229.204"),
                    () -> "the address gone: " + dpvs.dpvsctl("ports"));
            if (removal.startsWith("ipvsadm")) {
                dpvs.type("ipvsadm --add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0");
            } else {
                dpvs.type("dpip addr add 192.168.229.204/32 dev dpdk0");
            }
            lab.client().curl("10.0.96.204");
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({
        "1, ipvsadm --del-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0",
        "2, dpip addr del 192.168.229.204/32 dev dpdk0",
    })
    void aDownloadOverARemovedLocalAddressCompletesInOtherCombinations(int workers, String removal) {
        aDownloadOverARemovedLocalAddressCompletes(workers, removal);
    }
}
