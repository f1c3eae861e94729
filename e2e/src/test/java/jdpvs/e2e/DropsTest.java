package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No packet disappears without a counted reason, and dpvsctl shows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DropsTest {
    private Lab lab;
    private Dpvs dpvs;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
        dpvs = Dpvs.start(lab, Configuration.twoArm());
        dpvs.typeHowTo();
        dpvs.type(
                "ipvsadm -A -t 10.0.96.204:81 -s rr",
                "ipvsadm --add-laddr -z 192.168.229.204 -t 10.0.96.204:81 -F dpdk0",
                "ipvsadm -A -t 10.0.96.204:82 -s rr",
                "ipvsadm -a -t 10.0.96.204:82 -r 192.168.229.1:80 -b");
    }

    @AfterAll
    void stop() {
        dpvs.close();
        lab.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    no-destination     | curl -sS --max-time 1 http://10.0.96.204:81
                    no-local-address   | curl -sS --max-time 1 http://10.0.96.204:82
                    local-port-closed  | curl -sS --max-time 1 http://10.0.96.204:83
                    """)
    void whatIsRefusedIsCounted(String reason, String attempt) {
        long before = dpvs.drops(reason);
        assertThat(lab.client().run(attempt).exitCode()).isNotZero();
        assertThat(dpvs.drops(reason)).isGreaterThan(before);
    }

    @Test
    void everyReasonHasItsSentence() {
        assertThat(dpvs.dpvsctl("drops").succeeded())
                .contains("no-destination", "the service has no server that may take a new connection")
                .contains("not-syn", "a TCP packet without a connection that is not a SYN");
    }

    @Test
    void statusAndConnectionsAreShown() {
        lab.client().curl("10.0.96.204");
        assertThat(dpvs.dpvsctl("status").succeeded())
                .contains(dpvs.socket().toString())
                .contains(Long.toString(dpvs.process().pid()))
                .contains("cpu1");
        assertThat(dpvs.dpvsctl("conns").succeeded()).contains("172.16.0.1:", "192.168.229.204:");
    }
}
