package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
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
                balancer.awaitLogged("TCP connection to [192.168.229.1]:tcp:8003 success.");
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

    /** One service for each kind of check, with real servers of its protocol; the first server's ends and comes back. */
    @Test
    void realServicesAreCheckedInTheirProtocols() {
        Path certificate = lab.directory().resolve("certificate.pem");
        lab.server(1)
                .shell(
                        PATIENCE,
                        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=rs1 -keyout " + certificate
                                + " -out " + certificate + ".crt 2> /dev/null && cat " + certificate + ".crt >> "
                                + certificate)
                .succeeded();
        String tls = "openssl s_server -quiet -www -accept 8443 -cert " + certificate;
        String dns =
                "dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --port=8053 --address=/jdpvs.test/192.0.2.1";
        String once = "connect_timeout 2\n retry 0\n }";
        String services = service(8443, 8443, "SSL_GET {\n url {\n path /\n status_code 200\n }\n " + once)
                + service(8053, 8053, "DNS_CHECK {\n type A\n name jdpvs.test\n " + once)
                        .replace("protocol TCP", "protocol UDP")
                + service(8007, 8443, "PING_CHECK {\n " + once)
                + service(8006, 8443, "MISC_CHECK {\n misc_path \"/bin/sh -c 'exit 7'\"\n misc_dynamic\n }");
        try (Running secondTls = lab.server(2).start(tls);
                Running secondDns = lab.server(2).start(dns)) {
            try (Running firstTls = lab.server(1).start(tls);
                    Running firstDns = lab.server(1).start(dns)) {
                balancer.reload(HEAD + services);
                for (String text : List.of(
                        "Remote Web server [192.168.229.1]:tcp:8443 succeed on service.", "[192.168.229.1]:udp:8053")) {
                    balancer.awaitLogged(text);
                }
                awaitWeight(8443, 1, 8443, 10);
                awaitWeight(8053, 1, 8053, 10);
                awaitWeight(8007, 1, 8443, 10);
                // The exit code sets the weight: 7 - 2.
                awaitWeight(8006, 1, 8443, 5);
                assertThat(firstTls.isAlive() && firstDns.isAlive()).isTrue();
            }
            awaitWeight(8443, 1, 8443, 0);
            awaitWeight(8053, 1, 8053, 0);
            // The host still answers.
            awaitWeight(8007, 1, 8443, 10);
            awaitWeight(8443, 2, 8443, 10);
            awaitWeight(8053, 2, 8053, 10);
            try (Running againTls = lab.server(1).start(tls);
                    Running againDns = lab.server(1).start(dns)) {
                awaitWeight(8443, 1, 8443, 10);
                awaitWeight(8053, 1, 8053, 10);
                assertThat(againTls.isAlive() && againDns.isAlive()).isTrue();
            }
            assertThat(secondTls.isAlive() && secondDns.isAlive()).isTrue();
        }
    }

    /** @param port of the service */
    private void awaitWeight(int port, int server, int serverPort, int weight) {
        String service = port == 8053 ? "-u" : "-t";
        Pattern line = Pattern.compile("192\\.168\\.229\\." + server + ":" + serverPort + " +FullNat " + weight + " ");
        Await.until(
                PATIENCE,
                () -> line.matcher(balancer.dpvs()
                                .ipvsadm("-ln " + service + " 10.0.96.201:" + port)
                                .output())
                        .find(),
                () -> line + " of port " + port + ":\n"
                        + balancer.dpvs().dpvsctl("health").output() + "\nlog:\n" + balancer.log());
    }
}
