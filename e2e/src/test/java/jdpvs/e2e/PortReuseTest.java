package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One local address towards one server has 64,511 ports, and the server remembers each connection that it has closed first for a minute. Ports that come
 * round within that minute are taken at once all the same.
 */
class PortReuseTest {
    private static final Pattern TIME_WAIT = Pattern.compile("(?m)^TCP: .* tw (\\d+)");
    private static final int PORTS = 64_511;

    @ParameterizedTest
    @CsvSource({"2, 80000"})
    void noConnectWaitsForAServersOldConnection(int workers, int connections) {
        try (Lab lab = Lab.twoArm();
                Dpvs dpvs =
                        Dpvs.start(lab, Configuration.twoArm().workers(workers).tcpTimeout("time_wait", 1))) {
            lab.startWebServers();
            dpvs.typeHowToNetwork();
            dpvs.typeHowToService("-t 10.0.96.204:80", "rr");
            dpvs.type("ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b");
            lab.client().curl("10.0.96.204");
            try (Running client = lab.client().peer("fetch-tcp 10.0.96.204 80 " + connections)) {
                client.awaitPrinted("done", Duration.ofMinutes(4));
                assertThat(client.printed()).contains("fetched %d, slow 0,".formatted(connections));
                System.out.println(workers + " workers: " + client.printed());
            }
            assertThat(connections).isGreaterThan(PORTS);
            Matcher remembered = TIME_WAIT.matcher(
                    lab.server(1).run("cat /proc/net/sockstat").succeeded());
            assertThat(remembered.find()).isTrue();
            assertThat(Integer.parseInt(remembered.group(1)))
                    .as("connections that the server remembers")
                    .isGreaterThan(4000);
        }
    }

    @Soak
    @ParameterizedTest
    @CsvSource({"1, 200000"})
    void noConnectWaitsForOldConnectionsThatCameRoundThrice(int workers, int connections) {
        noConnectWaitsForAServersOldConnection(workers, connections);
    }
}
