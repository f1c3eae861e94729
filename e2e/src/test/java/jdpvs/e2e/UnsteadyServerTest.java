package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import jdpvs.e2e.MoodyServer.Asked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Servers that fail now and then, come and go, or answer slowly: what keepalived's retries, intervals and time-outs make of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnsteadyServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Its first server is removed when it fails: asked for a page every 0.15 s, with two retries after 0.8 s each. */
    private static final String FLAPPING = "10.0.96.201:7000";

    private static final int FLAPPING_PORT = 8101;

    /** Its first server stays with weight 0 when it fails; asked for a page within 2 s. */
    private static final String SLOW_PAGE = "10.0.96.201:7001";

    private static final int SLOW_PAGE_PORT = 8102;

    /** Likewise, but connected to within 3 s, without a retry. */
    private static final String SLOW_CONNECT = "10.0.96.201:7002";

    private static final int SLOW_CONNECT_PORT = 8103;

    private static final int FLAPS = 3;
    private static final int CONNECTIONS = 12;

    private Lab lab;
    private KeptBalancer balancer;
    private Told told;
    /** Answers the checks of the first server. */
    private Running moody;

    private Running firstEcho;
    private Running secondEcho;

    @BeforeAll
    void start() {
        lab = Lab.ecmp();
        balancer = KeptBalancer.launch(lab, 1);
        lab.startWebServers();
        told = new Told(lab.directory().resolve("told"));
        moody = lab.server(1).peer("serve-moody " + FLAPPING_PORT + " " + SLOW_PAGE_PORT + " " + SLOW_CONNECT_PORT);
        firstEcho = lab.server(1).start("socat TCP-LISTEN:7000,fork,reuseaddr EXEC:cat");
        secondEcho = lab.server(2).start("socat TCP-LISTEN:7000,fork,reuseaddr EXEC:cat");
        balancer.typeNetwork();
        balancer.dpvs().type("dpip addr add 10.0.96.201/32 dev bond2");
        moody.awaitPrinted("ready", PATIENCE);
        balancer.keepalived(configuration());
        balancer.awaitLogged("Remote Web server [192.168.229.1]:tcp:" + FLAPPING_PORT + " succeed on service.");
        balancer.awaitLogged("Remote Web server [192.168.229.1]:tcp:" + SLOW_PAGE_PORT + " succeed on service.");
        balancer.awaitLogged("TCP connection to [192.168.229.1]:tcp:" + SLOW_CONNECT_PORT + " success.");
    }

    @AfterAll
    void stop() {
        Closing.all(balancer, lab);
    }

    private String configuration() {
        String page = """
                HTTP_GET {
                    url {
                        path /
                        status_code 200
                    }
                    connect_port %d
                    connect_timeout 2
                    retry %d
                    delay_before_retry %s
                    log_all_failures
                }
            """;
        String notices = told.when("notify_down", "down") + told.when("notify_up", "up");
        return """
            global_defs {
                script_user root
            }
            local_address_group lips {
                192.168.229.201 bond1
            }
            """
                + service(7000, 7000, notices + page.formatted(FLAPPING_PORT, 2, "0.8"))
                + service(7001, 80, "inhibit_on_failure\n" + page.formatted(SLOW_PAGE_PORT, 1, "0.3"))
                + service(
                        7002,
                        80,
                        "inhibit_on_failure\nTCP_CHECK {\n connect_port " + SLOW_CONNECT_PORT
                                + "\n connect_timeout 3\n retry 0\n }\n");
    }

    /** @param first what is particular to the first server */
    private static String service(int port, int serverPort, String first) {
        return """
            virtual_server 10.0.96.201 %d {
                delay_loop 0.15
                warmup 0
                lb_algo wrr
                lb_kind FNAT
                protocol TCP
                laddr_group_name lips
                real_server 192.168.229.1 %2$d {
                    weight 3
                    %3$s
                }
                real_server 192.168.229.2 %2$d {
                    weight 10
                    TCP_CHECK {
                        connect_timeout 5
                    }
                }
            }
            """.formatted(port, serverPort, first);
    }

    private static Map<String, Integer> both(int serverPort) {
        return Map.of("192.168.229.1:" + serverPort, 3, "192.168.229.2:" + serverPort, 10);
    }

    private static Map<String, Integer> inhibited() {
        return Map.of("192.168.229.1:80", 0, "192.168.229.2:80", 10);
    }

    /** How often the log says so of a service's first server. */
    private long transitions(String what, String service) {
        return balancer.log()
                .lines()
                .filter(line -> line.contains(what + " service [192.168.229.1]:tcp:")
                        && line.endsWith(" VS [10.0.96.201]:tcp:" + service.split(":")[1]))
                .count();
    }

    private List<Asked> awaitAsked(int port, Predicate<List<Asked>> enough) {
        Await.until(PATIENCE, () -> enough.test(MoodyServer.asked(moody, port)), () -> moody.printed());
        return MoodyServer.asked(moody, port);
    }

    private static int firstFailure(List<Asked> asked) {
        return IntStream.range(0, asked.size())
                .filter(i -> asked.get(i).answer().equals("503"))
                .findFirst()
                .orElse(Integer.MAX_VALUE / 2);
    }

    /** Two failures are survived by a check with two retries, which come after a time of their own. */
    @Test
    @Order(1)
    void aFailureThatPassesIsNone() {
        balancer.awaitServers(FLAPPING, both(7000));
        awaitAsked(FLAPPING_PORT, asked -> asked.size() > 5);
        moody.type(FLAPPING_PORT + " next 503 503");
        List<Asked> asked = awaitAsked(FLAPPING_PORT, all -> all.size() > firstFailure(all) + 6);
        int failure = firstFailure(asked);
        assertThat(asked.subList(failure, failure + 7))
                .extracting(Asked::answer)
                .containsExactly("503", "503", "200", "200", "200", "200", "200");
        List<Long> gaps = IntStream.range(1, asked.size())
                .mapToObj(i -> asked.get(i).millis() - asked.get(i - 1).millis())
                .toList();
        assertThat(gaps.subList(failure, failure + 2))
                .as("delay_before_retry")
                .allSatisfy(gap -> assertThat(gap).isBetween(450L, 2400L));
        List<Long> loops = gaps.subList(0, failure).stream().sorted().toList();
        assertThat(loops.get(loops.size() / 2)).as("delay_loop: %s", loops).isBetween(50L, 450L);
        assertThat(balancer.servers(FLAPPING)).isEqualTo(both(7000));
        assertThat(balancer.logged("HTTP_GET on service [192.168.229.1]:tcp:" + FLAPPING_PORT + ": "))
                .isEqualTo(2);
        assertThat(balancer.log()).doesNotContain("failed after", "Removing service", "Disabling service");
    }

    /** Each time it goes and comes once, for dpvs, the log and who is told; connections feel nothing of it, not even its own. */
    @Test
    @Order(2)
    void aServerThatFlapsGoesAndComesEachTime() {
        try (Running holder = lab.client().peer("hold-tcp 10.0.96.201 7000 " + CONNECTIONS)) {
            holder.awaitPrinted("holding " + CONNECTIONS, PATIENCE);
            for (int flap = 1; flap <= FLAPS; flap++) {
                moody.type(FLAPPING_PORT + " always 503");
                balancer.awaitServers(FLAPPING, Map.of("192.168.229.2:7000", 10));
                told.awaitNext("down");
                holder.type("");
                moody.type(FLAPPING_PORT + " always 200");
                balancer.awaitServers(FLAPPING, both(7000));
                told.awaitNext("up");
                holder.type("");
            }
            Await.until(PATIENCE, () -> exchanges(holder).size() == 2 * FLAPS, holder::printed);
            assertThat(exchanges(holder)).containsOnly("exchanged " + CONNECTIONS);
            assertThat(holder.printed()).doesNotContain("lost", "refused");
        }
        told.assertNothingMore();
        assertThat(transitions("Removing", FLAPPING)).isEqualTo(FLAPS);
        assertThat(transitions("Adding", FLAPPING)).isEqualTo(FLAPS);
        assertThat(balancer.logged(
                        "HTTP_CHECK on service [192.168.229.1]:tcp:" + FLAPPING_PORT + " failed after 2 retry."))
                .isEqualTo(FLAPS);
        assertThat(firstEcho.isAlive() && secondEcho.isAlive()).isTrue();
    }

    private static List<String> exchanges(Running holder) {
        return holder.printed()
                .lines()
                .filter(line -> line.startsWith("exchanged "))
                .toList();
    }

    /** Half a second for a page within 2 s; a second, after a SYN that is lost, for a connection within 3 s. */
    @Test
    @Order(3)
    void aServerThatAnswersJustInTimeStays() {
        rule("tcp sport != @seen add @seen { tcp sport } drop");
        moody.type(SLOW_PAGE_PORT + " always 200+500");
        long connected = MoodyServer.connected(moody, SLOW_CONNECT_PORT);
        awaitAsked(
                SLOW_PAGE_PORT,
                asked -> asked.stream()
                                .filter(each -> each.answer().equals("200+500"))
                                .count()
                        >= 4);
        // The first of them was on its way.
        Await.until(
                PATIENCE,
                () -> MoodyServer.connected(moody, SLOW_CONNECT_PORT) >= connected + 2,
                () -> "connections in\n" + moody.printed());
        assertThat(balancer.servers(SLOW_PAGE)).isEqualTo(both(80));
        assertThat(balancer.servers(SLOW_CONNECT)).isEqualTo(both(80));
        assertThat(balancer.log()).doesNotContain("Disabling service");
    }

    @Test
    @Order(4)
    void aServerThatAnswersTooLateIsOutUntilItIsQuickAgain() {
        rule("drop");
        moody.type(SLOW_PAGE_PORT + " always 200+6000");
        for (String service : List.of(SLOW_CONNECT, SLOW_PAGE)) {
            balancer.awaitServers(service, inhibited());
            for (int i = 0; i < 3; i++) {
                assertThat(lab.client().curl(service)).contains("This is rs2.");
            }
        }
        balancer.awaitLogged("HTTP_CHECK on service [192.168.229.1]:tcp:" + SLOW_PAGE_PORT + " failed after 1 retry.");
        balancer.awaitLogged("TCP_CHECK on service [192.168.229.1]:tcp:" + SLOW_CONNECT_PORT + " failed.");
        assertThat(balancer.dpvs().dpvsctl("health").succeeded())
                .contains("no complete answer within 2 s", "no answer within 3 s");
        rule("accept");
        moody.type(SLOW_PAGE_PORT + " always 200");
        for (String service : List.of(SLOW_CONNECT, SLOW_PAGE)) {
            balancer.awaitServers(service, both(80));
            assertThat(transitions("Disabling", service)).isEqualTo(1);
            assertThat(transitions("Enabling", service)).isEqualTo(1);
        }
        assertThat(transitions("Removing", FLAPPING)).isEqualTo(FLAPS);
    }

    /** What happens to the first server's SYN packets of one port. */
    private void rule(String action) {
        lab.server(1).shell(PATIENCE, """
                        nft -f - << END
                        table inet slow
                        delete table inet slow
                        table inet slow {
                            set seen { type inet_service; flags dynamic,timeout; timeout 30s; }
                            chain input {
                                type filter hook input priority 0;
                                tcp dport %d tcp flags & (syn | ack) == syn %s
                            }
                        }
                        END
                        """.formatted(SLOW_CONNECT_PORT, action)).succeeded();
    }
}
