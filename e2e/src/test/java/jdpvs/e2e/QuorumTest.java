package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** How many servers are enough: quorum, hysteresis and sorry servers, what is believed at the start (alpha), and who is told at the end (omega). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuorumTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HEAD = """
            global_defs {
                script_user root
            }
            local_address_group lips {
                192.168.229.201 bond1
            }
            """;

    private final Map<String, Running> listening = new HashMap<>();
    private Lab lab;
    private KeptBalancer balancer;

    @BeforeAll
    void start() {
        lab = Lab.ecmp();
        balancer = KeptBalancer.launch(lab, 1);
        lab.startWebServers();
        balancer.typeNetwork();
        balancer.dpvs().type("dpip addr add 10.0.96.201/32 dev bond2");
        balancer.keepalived(HEAD);
    }

    @AfterAll
    void stop() {
        Closing.all(balancer, lab);
    }

    /** The first server's page, or the second's, on a port more. */
    private void open(String server) {
        String[] parts = server.split(":");
        int number = Integer.parseInt(parts[0].substring(parts[0].lastIndexOf('.') + 1));
        listening.put(
                server, lab.server(number).start("socat TCP-LISTEN:" + parts[1] + ",fork,reuseaddr TCP:127.0.0.1:80"));
    }

    private void shut(String server) {
        Objects.requireNonNull(listening.remove(server)).close();
    }

    private void awaitAnswered(String server, long times) {
        String text = "TCP connection to [" + server.replace(":", "]:tcp:") + " success.";
        Await.until(PATIENCE, () -> balancer.logged(text) >= times, () -> text + " in:\n" + balancer.log());
    }

    private static String service(int port, String keys, String... servers) {
        return """
            virtual_server 10.0.96.201 %d {
                delay_loop 0.2
                retry 0
                warmup 0
                connect_timeout 5
                lb_algo rr
                lb_kind FNAT
                protocol TCP
                laddr_group_name lips
                %s
                %s
            }
            """.formatted(port, keys, String.join("\n", servers));
    }

    private static String server(String endpoint, int weight, String keys) {
        return """
            real_server %s {
                weight %d
                %s
                TCP_CHECK {
                }
            }
            """.formatted(endpoint.replace(':', ' '), weight, keys);
    }

    private Told told(String name) {
        return new Told(lab.directory().resolve(name));
    }

    /** Lost below 2 − 1, regained at 2 + 1. */
    @Test
    @Order(1)
    void theQuorumIsLostAndGainedWithHysteresis() {
        String service = "10.0.96.201:8001";
        List<String> servers =
                List.of("192.168.229.1:8011", "192.168.229.1:8012", "192.168.229.2:8011", "192.168.229.2:8012");
        Told told = told("quorum");
        servers.forEach(this::open);
        balancer.reload(HEAD
                + service(
                        8001,
                        "quorum 2\nhysteresis 1\nsorry_server 192.168.229.2 80\n" + told.when("quorum_up", "up")
                                + told.when("quorum_down", "down"),
                        servers.stream().map(each -> server(each, 1, "")).toArray(String[]::new)));
        servers.forEach(each -> awaitAnswered(each, 1));
        balancer.awaitServers(
                service, Map.of(servers.get(0), 1, servers.get(1), 1, servers.get(2), 1, servers.get(3), 1));
        told.awaitNext("up");

        servers.subList(0, 3).forEach(this::shut);
        balancer.awaitServers(service, Map.of(servers.get(3), 1));
        assertThat(lab.client().curl(service)).contains("This is rs2.");
        assertThat(balancer.log()).doesNotContain("Lost quorum");
        shut(servers.get(3));
        balancer.awaitServers(service, Map.of("192.168.229.2:80", 1));
        balancer.awaitLogged("Lost quorum 2-1=1 > 0 for VS [10.0.96.201]:tcp:8001");
        balancer.awaitLogged("Adding sorry server [192.168.229.2]:tcp:80 to VS [10.0.96.201]:tcp:8001");
        told.awaitNext("down");
        assertThat(lab.client().curl(service)).contains("This is rs2.");

        servers.subList(0, 2).forEach(this::open);
        servers.subList(0, 2).forEach(each -> awaitAnswered(each, 2));
        assertThat(balancer.servers(service)).isEqualTo(Map.of("192.168.229.2:80", 1));
        open(servers.get(2));
        balancer.awaitServers(service, Map.of(servers.get(0), 1, servers.get(1), 1, servers.get(2), 1));
        balancer.awaitLogged("Gained quorum 2+1=3 <= 3 for VS [10.0.96.201]:tcp:8001");
        balancer.awaitLogged("Removing sorry server [192.168.229.2]:tcp:80 from VS [10.0.96.201]:tcp:8001");
        told.awaitNext("up");
        told.assertNothingMore();
        assertThat(balancer.logged("Lost quorum")).isEqualTo(1);
        servers.subList(0, 3).forEach(this::shut);
    }

    /** Nobody is told of servers that have not been well yet; what is inhibited stays, with weight 0. */
    @Test
    @Order(2)
    void alphaServersAreDownUntilTheyAnswer() {
        String service = "10.0.96.201:8002";
        String first = "192.168.229.1:8021";
        String second = "192.168.229.2:8021";
        String sorry = "192.168.229.2:80";
        Told told = told("alpha");
        balancer.reload(HEAD
                + service(
                        8002,
                        "alpha\ninhibit_on_failure\nsorry_server 192.168.229.2 80\nsorry_server_inhibit\n"
                                + told.when("quorum_up", "quorum-up") + told.when("quorum_down", "quorum-down"),
                        server(first, 5, told.when("notify_up", "up") + told.when("notify_down", "down")),
                        server(second, 7, "")));
        balancer.awaitLogged("TCP_CHECK on service [192.168.229.1]:tcp:8021 failed.");
        balancer.awaitLogged("TCP_CHECK on service [192.168.229.2]:tcp:8021 failed.");
        balancer.awaitServers(service, Map.of(first, 0, second, 0, sorry, 1));
        assertThat(lab.client().curl(service)).contains("This is rs2.");
        assertThat(balancer.log()).doesNotContain("Disabling service");
        told.assertNothingMore();

        open(first);
        balancer.awaitServers(service, Map.of(first, 5, second, 0, sorry, 0));
        for (int i = 0; i < 3; i++) {
            assertThat(lab.client().curl(service)).contains("This is rs1.");
        }
        told.awaitNext("up", "quorum-up");

        shut(first);
        balancer.awaitServers(service, Map.of(first, 0, second, 0, sorry, 1));
        told.awaitNext("down", "quorum-down");
        assertThat(lab.client().curl(service)).contains("This is rs2.");
        assertThat(balancer.logged("Enabling service [192.168.229.1]:tcp:8021 to VS [10.0.96.201]:tcp:8002"))
                .isEqualTo(1);
        assertThat(balancer.logged("Disabling service [192.168.229.1]:tcp:8021"))
                .isEqualTo(1);
    }

    /** Whatever is up is told to be down, where omega says so. What was down is not told again. */
    @Test
    @Order(3)
    void theEndIsToldWithOmega() {
        Told omega = told("omega");
        Told without = told("without");
        balancer.reload(HEAD + ending(8003, "omega\n", omega) + ending(8004, "", without));
        for (int port : new int[] {8003, 8004}) {
            balancer.awaitServers("10.0.96.201:" + port, Map.of("192.168.229.1:80", 1, "192.168.229.2:80", 1));
        }
        omega.awaitNext("up", "third-down");
        without.awaitNext("up", "third-down");
        balancer.end();
        omega.awaitNext("first-down", "second-down", "down");
        omega.assertNothingMore();
        without.assertNothingMore();
        assertThat(balancer.dpvs().ipvsadm("-ln").succeeded()).doesNotContain("10.0.96.201");
    }

    private String ending(int port, String keys, Told told) {
        return service(
                port,
                keys + told.when("quorum_up", "up") + told.when("quorum_down", "down"),
                server("192.168.229.1:80", 1, told.when("notify_down", "first-down")),
                server("192.168.229.2:80", 1, told.when("notify_down", "second-down")),
                server("192.168.229.1:8031", 1, told.when("notify_down", "third-down")));
    }
}
