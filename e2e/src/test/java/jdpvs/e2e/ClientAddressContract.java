package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through full-NAT, with the agent on the real server, nginx's access log names the clients as they name themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClientAddressContract {
    private static final int CONNECTIONS = 5000;

    private final int workers;
    private Lab lab;
    private Dpvs dpvs;
    private Agent agent;

    ClientAddressContract(int workers) {
        this.workers = workers;
    }

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        agent = Agent.load();
        lab.startWebServer(1, agent.controlGroup);
        dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers));
        dpvs.typeHowToNetwork();
        dpvs.typeHowToService("-t 10.0.96.204:80", "rr");
        dpvs.type("ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b");
    }

    @AfterAll
    void stop() {
        Closing.all(dpvs, lab, agent);
    }

    /** @param cookies net.ipv4.tcp_syncookies of the server: 0 never, 2 for every connection */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void theAccessLogEqualsTheClientsOwnIdea(int cookies) {
        lab.server(1).run("sysctl -qw net.ipv4.tcp_syncookies=" + cookies).succeeded();
        lab.clientsSeen(1);
        long before = agent.count("with-toa");
        try (Running asking = lab.client().peer("ask-client 10.0.96.204 80 " + CONNECTIONS)) {
            assertThat(asking.awaitExit(Duration.ofMinutes(2))).isZero();
            List<String> own = ownNames(asking.printed());
            assertThat(own).hasSize(CONNECTIONS);
            assertThat(lab.clientsSeen(1)).containsExactlyInAnyOrderElementsOf(own);
        }
        assertThat(agent.count("with-toa")).isEqualTo(before + CONNECTIONS);
        assertThat(agent.count("without-toa")).isZero();
        assertThat(agent.count("untrusted") + agent.count("malformed")).isZero();
        if (cookies == 2) {
            assertThat(lab.server(1).run("nstat -asz TcpExtSyncookiesRecv").succeeded())
                    .containsPattern("TcpExtSyncookiesRecv +[1-9]");
        }
    }

    /** Of what "ask-client" printed: the client's own names, after each was found to equal what the server said. */
    static List<String> ownNames(String printed) {
        List<String[]> pairs = printed.lines()
                .filter(line -> !line.equals("done"))
                .map(line -> line.split(" ", 2))
                .toList();
        assertThat(pairs).allSatisfy(pair -> assertThat(pair[1]).isEqualTo(pair[0]));
        return pairs.stream().map(pair -> pair[0]).toList();
    }
}
