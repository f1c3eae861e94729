package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Real servers that fail in many ways, as keepalived's checks see them and dpvs then has them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthCheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String HEAD = """
            local_address_group lips {
                192.168.229.201 bond1
            }
            vrrp_instance VI_1 {
                state MASTER
                interface bond2.kni
                dpdk_interface bond2
                virtual_router_id 51
                priority 100
                virtual_ipaddress {
                    10.0.96.201
                }
            }
            """;

    private Lab lab;
    private KeptBalancer balancer;

    @BeforeAll
    void start() {
        lab = Lab.ecmp();
        lab.startWebServers();
        balancer = KeptBalancer.launch(lab, 1);
        balancer.typeNetwork();
        balancer.keepalived(HEAD);
        balancer.awaitState("VI_1", "MASTER", PATIENCE);
    }

    @AfterAll
    void stop() {
        Closing.all(balancer, lab);
    }

    /** A service on a port, with both servers on theirs, inhibited on failure. */
    private static String service(int port, int serverPort, String check) {
        return """
                virtual_server 10.0.96.201 %d {
                    delay_loop 1
                    lb_algo rr
                    lb_kind FNAT
                    protocol TCP
                    laddr_group_name lips
                    %s
                    %s
                }
                """.formatted(port, server(1, serverPort, check), server(2, serverPort, check));
    }

    private static String server(int number, int port, String check) {
        return """
                    real_server 192.168.229.%d %d {
                        weight 10
                        inhibit_on_failure
                        %s
                    }
                """.formatted(number, port, check);
    }

    private void awaitWeight(int server, int port, int weight) {
        balancer.awaitListed("192\\.168\\.229\\." + server + ":" + port + " +FullNat " + weight + " ", true, PATIENCE);
    }

    /** Accepts connections and never says a word: a connect is answered, a request is not. */
    @Test
    void aServerThatHangsIsDownForHttpAndUpForTcp() {
        try (Running hanging = lab.server(1).start("socat -u TCP-LISTEN:8001,fork,reuseaddr OPEN:/dev/null");
                Running answering = lab.server(2).start("socat TCP-LISTEN:8001,fork,reuseaddr TCP:127.0.0.1:80")) {
            String http =
                    "HTTP_GET {\n url {\n path /\n status_code 200\n }\n connect_timeout 1\n retry 1\n delay_before_retry 1\n }";
            balancer.reload(
                    HEAD + service(8001, 8001, http) + service(8002, 8001, "TCP_CHECK {\n connect_timeout 1\n }"));
            balancer.awaitListed("10\\.0\\.96\\.201:8002", true, PATIENCE);
            awaitWeight(1, 8001, 0);
            String health = balancer.dpvs().dpvsctl("health").succeeded();
            assertThat(health).as(health).contains("HTTP_GET", "TCP_CHECK");
            // Of the other service both are well.
            assertThat(balancer.dpvs().ipvsadm("-ln -t 10.0.96.201:8002").succeeded())
                    .containsPattern("192\\.168\\.229\\.1:8001 +FullNat 10 ")
                    .containsPattern("192\\.168\\.229\\.2:8001 +FullNat 10 ");
            assertThat(balancer.dpvs().ipvsadm("-ln -t 10.0.96.201:8001").succeeded())
                    .containsPattern("192\\.168\\.229\\.2:8001 +FullNat 10 ");
            assertThat(lab.client().curl("10.0.96.201:8001")).contains("This is rs2.");
            assertThat(hanging.isAlive() && answering.isAlive()).isTrue();
        }
    }

    @Test
    void aKilledServerIsOutAndIsBackWhenItIs() {
        String check = "TCP_CHECK {\n connect_timeout 1\n }";
        try (Running two = listening(2)) {
            try (Running one = listening(1)) {
                balancer.reload(HEAD + service(8003, 8003, check));
                awaitLogged("TCP connection to [192.168.229.1]:tcp:8003 success.");
                awaitWeight(1, 8003, 10);
                assertThat(one.isAlive()).isTrue();
            }
            awaitWeight(1, 8003, 0);
            awaitWeight(2, 8003, 10);
            assertThat(balancer.log())
                    .contains("TCP_CHECK on service [192.168.229.1]:tcp:8003 failed after 1 retries.");
            for (int i = 0; i < 4; i++) {
                assertThat(lab.client().curl("10.0.96.201:8003")).contains("This is rs2.");
            }
            try (Running again = listening(1)) {
                awaitWeight(1, 8003, 10);
                assertThat(balancer.log()).contains("TCP connection to [192.168.229.1]:tcp:8003 success.");
                assertThat(again.isAlive() && two.isAlive()).isTrue();
            }
        }
    }

    private void awaitLogged(String text) {
        Await.until(PATIENCE, () -> balancer.log().contains(text), () -> text + " in the log:\n" + balancer.log());
    }

    private Running listening(int server) {
        return lab.server(server).start("socat TCP-LISTEN:8003,fork,reuseaddr TCP:127.0.0.1:80");
    }

    /** Without inhibit_on_failure servers go; when none is left, the sorry server serves. */
    @Test
    void theSorryServerServesWhenTheQuorumIsLost() {
        String check = "TCP_CHECK {\n connect_timeout 1\n retry 0\n }";
        String service = service(8004, 8004, check)
                .replace("inhibit_on_failure", "")
                .replace("laddr_group_name lips", "laddr_group_name lips\n    sorry_server 192.168.229.2 80");
        balancer.reload(HEAD + service);
        balancer.awaitListed("192\\.168\\.229\\.2:80 +FullNat", true, PATIENCE);
        balancer.awaitListed("192\\.168\\.229\\.[12]:8004", false, PATIENCE);
        assertThat(lab.client().curl("10.0.96.201:8004")).contains("This is rs2.");
        assertThat(balancer.log()).contains("Lost quorum");
        try (Running one = lab.server(1).start("socat TCP-LISTEN:8004,fork,reuseaddr TCP:127.0.0.1:80")) {
            balancer.awaitListed("192\\.168\\.229\\.1:8004 +FullNat 10 ", true, PATIENCE);
            balancer.awaitListed("192\\.168\\.229\\.2:80 +FullNat", false, PATIENCE);
            assertThat(lab.client().curl("10.0.96.201:8004")).contains("This is rs1.");
            assertThat(one.isAlive()).isTrue();
        }
    }
}
