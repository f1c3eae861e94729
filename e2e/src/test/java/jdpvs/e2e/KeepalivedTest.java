package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The how-to's section 5 with two balancers: addresses, take-over, reloads, and what happens when dpvs dies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeepalivedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Priority 90 and a second between advertisements: 3 s, a skew of 0.65 s, and 0.3 s; threefold. */
    private static final Duration TAKEN_OVER = Duration.ofMillis(3 * 3950);

    /** A skew of 0.65 s, and 0.2 s; threefold. */
    private static final Duration HANDED_OVER = Duration.ofMillis(3 * 850);

    private static final List<String> ADDRESSES = List.of("10.0.96.201", "10.0.96.202", "2001::201", "2001::202");

    private Lab lab;
    private KeptBalancer first;
    private KeptBalancer second;

    @BeforeAll
    void start() {
        lab = Lab.ecmp("--ipv6");
        lab.startWebServers("--ipv6");
        first = KeptBalancer.launch(lab, 1);
        second = KeptBalancer.launch(lab, 2);
        first.typeNetwork();
        second.typeNetwork();
        first.keepalived(first.itsConfiguration());
        second.keepalived(second.itsConfiguration());
    }

    @AfterAll
    void stop() {
        Closing.all(first, second, lab);
    }

    private void awaitMaster(KeptBalancer master, KeptBalancer backup, Duration limit) {
        for (String instance : List.of("VI_1", "VI_2")) {
            master.awaitState(instance, "MASTER", limit);
            backup.awaitState(instance, "BACKUP", limit);
        }
        for (String address : ADDRESSES) {
            Await.until(PATIENCE, () -> master.hasAddress(address), () -> address + " on the master");
            Await.until(PATIENCE, () -> !backup.hasAddress(address), () -> address + " on the backup no more");
        }
    }

    private void assertBothFamiliesAnswer() {
        assertThat(lab.client().curl("10.0.96.201")).contains("This is rs");
        assertThat(lab.client()
                        .run("curl -gsS --max-time 10 http://[2001::201]")
                        .succeeded())
                .contains("This is rs");
    }

    /** How long the client got no answer after the moment. */
    private long outageMillis(long sinceNanos, String url) {
        Await.until(
                PATIENCE,
                () -> lab.client().run("curl -gs -m 1 -o /dev/null " + url).exitCode() == 0,
                () -> "an answer of " + url);
        return (System.nanoTime() - sinceNanos) / 1_000_000;
    }

    @Test
    @Order(1)
    void theMasterHasTheAddressesAndBothHaveTheServices() {
        awaitMaster(first, second, PATIENCE);
        assertBothFamiliesAnswer();
        for (KeptBalancer balancer : List.of(first, second)) {
            String listed = balancer.dpvs().ipvsadm("-ln").succeeded();
            assertThat(listed)
                    .contains(
                            "TCP  10.0.96.201:80 rr",
                            "TCP  10.0.96.202:80 rr",
                            "TCP  [2001::201]:80 rr",
                            "TCP  [2001::202]:80 rr")
                    .containsPattern("192\\.168\\.229\\.1:80 +FullNat 100 ");
        }
        assertThat(first.run("-t").exitCode()).isZero();
    }

    @Test
    @Order(2)
    void aSecondStartIsRefused() {
        Outcome again = first.run("");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.errors()).contains("already running");
        assertThat(first.isIn("VI_1", "MASTER")).isTrue();
    }

    /** What a reload does not touch goes on as if nothing had happened. */
    @Test
    @Order(3)
    void reloadsUnderLoadAreNotFelt() {
        String before = first.itsConfiguration();
        long transitions = transitions();
        try (Running wrk = lab.client().start("wrk -t1 -c8 -d60s --timeout 10s http://10.0.96.201/")) {
            Await.pause(Duration.ofSeconds(1));
            String more = before + """
                    virtual_server 10.0.96.203 8080 {
                        delay_loop 3
                        lb_algo wlc
                        lb_kind FNAT
                        protocol TCP
                        laddr_group_name laddr_g2
                        real_server 192.168.229.2 80 {
                            weight 7
                        }
                    }
                    local_address_group laddr_g2 {
                        192.168.229.211 bond1
                    }
                    """;
            String withAddress = more.replace("        10.0.96.202\n", "        10.0.96.202\n        10.0.96.203\n");
            first.reload(withAddress);
            first.awaitListed("TCP  10\\.0\\.96\\.203:8080 wlc", true, PATIENCE);
            Await.until(PATIENCE, () -> first.hasAddress("10.0.96.203"), () -> "the new address");
            assertThat(lab.client().curl("10.0.96.203:8080")).contains("This is rs2.");
            first.reload(withAddress
                    .replace("192.168.229.211", "192.168.229.212")
                    .replace("192.168.229.2 80 {\n        weight 7", "192.168.229.1 80 {\n        weight 9"));
            first.awaitListed("192\\.168\\.229\\.1:80 +FullNat 9 ", true, PATIENCE);
            Await.until(
                    PATIENCE,
                    () -> first.dpvs().ipvsadm("-G").output().contains("192.168.229.212"),
                    () -> "the other local address");
            assertThat(lab.client().curl("10.0.96.203:8080")).contains("This is rs1.");
            Outcome difference =
                    first.run("--diff " + Dpvs.write(first.host().directory().resolve("other.conf"), before));
            assertThat(difference.succeeded()).contains("10.0.96.203");
            first.reload(before);
            first.awaitListed("10\\.0\\.96\\.203:8080", false, PATIENCE);
            Await.until(PATIENCE, () -> !first.hasAddress("10.0.96.203"), () -> "the address gone");
            Wrk.end(wrk).assertNothingFailed();
        }
        assertThat(transitions()).isEqualTo(transitions);
        assertThat(first.isIn("VI_1", "MASTER")).isTrue();
    }

    private long transitions() {
        return first.log().lines().filter(line -> line.contains(") Entering ")).count();
    }

    /** What cannot be is named and left out. */
    @Test
    @Order(4)
    void aServiceThatDpvsRefusesIsRefusedAlone() {
        first.reload(first.itsConfiguration() + """
                virtual_server 10.0.96.201 81 {
                    lb_algo lblc
                    lb_kind FNAT
                    protocol TCP
                    laddr_group_name laddr_g1
                    real_server 192.168.229.1 80 {
                    }
                }
                virtual_server 10.0.96.201 82 {
                    lb_algo rr
                    lb_kind FNAT
                    protocol TCP
                    laddr_group_name laddr_g1
                    real_server 192.168.229.1 80 {
                    }
                }
                """);
        first.awaitListed("10\\.0\\.96\\.201:82 rr", true, PATIENCE);
        assertThat(first.dpvs().ipvsadm("-ln").succeeded()).doesNotContain("10.0.96.201:81");
        assertThat(first.log()).contains("10.0.96.201]:tcp:81");
        first.reload(first.itsConfiguration());
        first.awaitListed("10\\.0\\.96\\.201:82", false, PATIENCE);
        assertBothFamiliesAnswer();
    }

    /** It makes everything again; and while dpvs is away the other balancer serves. */
    @Test
    @Order(5)
    void dpvsDiesAndComesBackUnderKeepalived() {
        first.killDpvs();
        second.awaitState("VI_1", "MASTER", TAKEN_OVER);
        second.awaitState("VI_2", "MASTER", TAKEN_OVER);
        assertBothFamiliesAnswer();
        first.launchDpvsAgain();
        first.dpvs().awaitAnswer();
        first.typeRoutes();
        awaitMaster(first, second, PATIENCE);
        first.awaitListed("192\\.168\\.229\\.1:80 +FullNat 100 ", true, PATIENCE);
        assertBothFamiliesAnswer();
    }

    @Test
    @Order(6)
    void theBackupTakesOverAKilledMaster() {
        long killed = System.nanoTime();
        first.signal("KILL");
        first.killDpvs();
        System.out.printf("a killed master: no answer for %d ms%n", outageMillis(killed, "http://10.0.96.201"));
        second.awaitState("VI_1", "MASTER", TAKEN_OVER);
        second.awaitState("VI_2", "MASTER", TAKEN_OVER);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(TAKEN_OVER);
        assertBothFamiliesAnswer();
        first.launchDpvsAgain();
        first.dpvs().awaitAnswer();
        first.typeRoutes();
        first.keepalived(first.itsConfiguration());
        awaitMaster(first, second, PATIENCE);
        assertBothFamiliesAnswer();
    }

    @Test
    @Order(7)
    void aCleanStopHandsOverAndLeavesNothing() {
        long pid = first.pid();
        long stopped = System.nanoTime();
        first.signal("TERM");
        System.out.printf(
                "a master that was stopped: no answer for %d ms%n", outageMillis(stopped, "http://10.0.96.201"));
        assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(HANDED_OVER.plusSeconds(2));
        second.awaitState("VI_1", "MASTER", HANDED_OVER);
        KeptBalancer.awaitEnd(pid);
        assertThat(first.dpvs().ipvsadm("-ln").succeeded()).doesNotContain("10.0.96.201");
        for (String address : ADDRESSES) {
            assertThat(first.hasAddress(address)).as(address).isFalse();
        }
        assertBothFamiliesAnswer();
    }

    private static String without202(String configuration) {
        return configuration.replace("        10.0.96.202\n", "").replace("    10.0.96.202 80\n", "");
    }

    /** Addresses and services of a killed one go when the next one does not want them; with lvs_flush, services of others too. */
    @Test
    @Order(8)
    void twoShareTheWorkAndTheNextOneTidiesUpAfterThem() {
        String all = first.itsConfiguration();
        long checks = first.keepalivedPart(all, "-C");
        long vrrp = first.keepalivedPart(all, "-P");
        awaitMaster(first, second, PATIENCE);
        first.awaitListed("192\\.168\\.229\\.1:80 +FullNat 100 ", true, PATIENCE);
        Await.until(
                PATIENCE,
                () -> first.dpvs().dpvsctl("health").output().contains("192.168.229.2:80"),
                () -> "a report of the checks:\n"
                        + first.dpvs().dpvsctl("health").output());
        assertThat(first.dpvs().dpvsctl("ha").succeeded()).contains("VI_1").contains("VI_2");
        first.dpvs().type("ipvsadm -A -t 10.0.96.201:99 -s rr");
        KeptBalancer.signal("KILL", checks);
        KeptBalancer.signal("KILL", vrrp);
        second.reload(without202(second.itsConfiguration()));
        first.keepalived(without202(all).replace("global_defs {\n", "global_defs {\n    lvs_flush\n"));
        first.awaitListed("10\\.0\\.96\\.202:80|10\\.0\\.96\\.201:99", false, PATIENCE);
        first.awaitState("VI_1", "MASTER", PATIENCE);
        Await.until(PATIENCE, () -> !first.hasAddress("10.0.96.202"), () -> "the address of the killed one gone");
        assertThat(first.hasAddress("10.0.96.201")).isTrue();
        assertBothFamiliesAnswer();
    }
}
