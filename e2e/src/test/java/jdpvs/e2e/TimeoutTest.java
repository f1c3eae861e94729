package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What idling out does to an established connection. */
class TimeoutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void anIdleConnectionIsResetOnBothEnds() {
        try (Lab lab = Lab.twoArm();
                Running server = lab.server(1).peer("serve-tcp 7000");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().tcpTimeout("established", 2))) {
            dpvs.typeHowToNetwork();
            dpvs.typeHowToService("-t 10.0.96.204:7000", "rr");
            dpvs.type("ipvsadm -a -t 10.0.96.204:7000 -r 192.168.229.1:7000 -b");
            server.awaitPrinted("ready", PATIENCE);
            try (Capture atClient = Capture.start(lab.client(), "eth0", "tcp port 7000");
                    Capture atServer = Capture.start(lab.server(1), "eth0", "tcp port 7000");
                    Running client = lab.client().peer("hold-tcp 10.0.96.204 7000 1")) {
                client.awaitPrinted("holding 1", PATIENCE);
                assertThat(dpvs.ipvsadm("-lnc").succeeded()).containsPattern("tcp 2s +TCP_EST ");
                server.awaitPrinted("reset", PATIENCE);
                client.type("");
                client.awaitPrinted("exchanged 0", PATIENCE);
                assertThat(dpvs.ipvsadm("-lnc").succeeded()).isEmpty();

                assertThat(resets(atClient)).contains(List.of("10.0.96.204", "172.16.0.1"));
                assertThat(resets(atServer)).contains(List.of("192.168.229.204", "192.168.229.1"));
            }
        }
    }

    private static List<List<String>> resets(Capture capture) {
        return capture.packets("tcp.flags.reset == 1", "ip.src", "ip.dst");
    }
}
