package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import jdpvs.e2e.MailServer.Mail;
import jdpvs.e2e.MailServer.Mood;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A service of two real mail servers on two balancers: SMTP_CHECK, mails of what happens, and checks on the side alone that has the address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MailServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVICE = "10.0.96.201:25";
    private static final String ONE = "192.168.229.1:25";
    private static final String TWO = "192.168.229.2:25";
    private static final Map<String, Integer> BOTH = Map.of(ONE, 10, TWO, 10);

    /** The first balancer's mails of the first server. */
    private static final String ONE_IS = "[LB1] real server [192.168.229.1]:tcp:25 of [10.0.96.201]:tcp:25 is ";

    private static final String TWO_IS = "[LB1] real server [192.168.229.2]:tcp:25 of [10.0.96.201]:tcp:25 is ";

    private Lab lab;
    private KeptBalancer first;
    private KeptBalancer second;
    private MailServer one;
    /** Gets the balancers' mails too. */
    private MailServer two;

    @BeforeAll
    void start() {
        lab = Lab.ecmp();
        first = KeptBalancer.launch(lab, 1);
        one = MailServer.start(lab.server(1));
        two = MailServer.start(lab.server(2));
        first.typeNetwork();
        first.keepalived(configuration(1, "MASTER", 100));
        first.awaitState("VI_1", "MASTER", PATIENCE);
        second = KeptBalancer.launch(lab, 2);
        second.typeNetwork();
        second.keepalived(configuration(2, "BACKUP", 90));
        second.awaitState("VI_1", "BACKUP", PATIENCE);
    }

    @AfterAll
    void stop() {
        Closing.all(first, second, lab);
    }

    private static String configuration(int number, String state, int priority) {
        String server = """
                real_server 192.168.229.%d 25 {
                    weight 10
                    SMTP_CHECK {
                        helo_name checker.jdpvs.test
                        connect_timeout 2
                        retry 1
                        delay_before_retry 0.3
                    }
                }
            """;
        return """
                global_defs {
                    router_id LB%1$d
                    notification_email {
                        operator@jdpvs.test
                        %4$s
                    }
                    notification_email_from lb%1$d@jdpvs.test
                    smtp_server 192.168.229.2 25
                    smtp_helo_name lb%1$d.jdpvs.test
                    smtp_connect_timeout 3
                    smtp_alert
                }
                local_address_group lips {
                    192.168.229.20%1$d bond1
                }
                vrrp_instance VI_1 {
                    state %2$s
                    interface bond2.kni
                    dpdk_interface bond2
                    virtual_router_id 51
                    priority %3$d
                    version 3
                    advert_int 0.5
                    virtual_ipaddress {
                        10.0.96.201
                    }
                }
                virtual_server 10.0.96.201 25 {
                    delay_loop 0.5
                    warmup 0
                    lb_algo rr
                    lb_kind FNAT
                    protocol TCP
                    laddr_group_name lips
                    ha_suspend
                """.formatted(number, state, priority, MailServer.UNKNOWN)
                + server.formatted(1) + server.formatted(2) + "}\n";
    }

    /** Of both servers together. */
    private long asked(int balancer) {
        String address = "192.168.229." + (200 - balancer);
        return one.greetings("checker.jdpvs.test", address) + two.greetings("checker.jdpvs.test", address);
    }

    private void awaitAsked(int balancer, long times) {
        Await.until(
                PATIENCE,
                () -> asked(balancer) >= times,
                () -> times + " checks of balancer " + balancer + " in:\n" + one.log() + two.log());
    }

    private void mailThroughService(String subject) {
        lab.client()
                .shell(
                        PATIENCE,
                        "printf 'From: client@jdpvs.test\\nSubject: " + subject
                                + "\\n\\nhello\\n' | curl -sS --max-time 10 -T - smtp://10.0.96.201"
                                + " --mail-from client@jdpvs.test --mail-rcpt reader@jdpvs.test")
                .succeeded();
    }

    /** In the last error of a check, as the operator finds it. */
    private void awaitError(String text) {
        Await.until(
                PATIENCE,
                () -> first.dpvs().dpvsctl("health").output().contains(text),
                () -> text + " in:\n" + first.dpvs().dpvsctl("health").output());
    }

    @Test
    @Order(1)
    void theCheckTalksToTheServerAsItShould() {
        first.awaitLogged("SMTP_CHECK on service [192.168.229.1]:tcp:25 success.");
        first.awaitLogged("SMTP_CHECK on service [192.168.229.2]:tcp:25 success.");
        first.awaitServers(SERVICE, BOTH);
        awaitAsked(1, 6);
        mailThroughService("in turn");
        mailThroughService("in turn");
        one.await("in turn", 1);
        two.await("in turn", 1);
    }

    @Test
    @Order(2)
    void theBackupDoesNotAsk() {
        awaitAsked(1, 10);
        assertThat(asked(2)).isZero();
        second.awaitServers(SERVICE, BOTH);
    }

    @Test
    @Order(3)
    void aNewMasterIsToldByMail() {
        String subject = "[LB1] VRRP instance VI_1 is MASTER, priority 100";
        Mail mail = two.await(subject, 1);
        assertThat(mail.sender()).isEqualTo("lb1@jdpvs.test");
        assertThat(mail.header("From")).isEqualTo("lb1@jdpvs.test");
        assertThat(mail.header("To")).isEqualTo("operator@jdpvs.test, " + MailServer.UNKNOWN);
        assertThat(mail.header("Message-ID")).endsWith("@jdpvs.test>");
        assertThat(mail.header("Date")).isNotEmpty();
        assertThat(mail.body()).isEqualTo(subject);
        assertThat(two.log()).contains("<= lb1@jdpvs.test H=(lb1.jdpvs.test) [192.168.229.199]");
        // That one recipient is refused keeps the mail from nobody else, and the log says who it is.
        first.awaitLogged("the mail '" + subject + "' cannot be sent to " + MailServer.UNKNOWN
                + " by 192.168.229.2:25: 550 no such user");
    }

    @Test
    @Order(4)
    void aServerThatRefusesIsOut() {
        one.become(Mood.REFUSES);
        first.awaitServers(SERVICE, Map.of(TWO, 10));
        awaitError("reply to the greeting is '550 not today', not 220");
        two.await(ONE_IS + "DOWN", 1);
        one.become(Mood.WELL);
        first.awaitServers(SERVICE, BOTH);
        two.await(ONE_IS + "UP", 1);
    }

    @Test
    @Order(5)
    void aServerThatGreetsTooLateIsOut() {
        one.become(Mood.GREETS_LATE);
        first.awaitServers(SERVICE, Map.of(TWO, 10));
        awaitError("no greeting within 2 s");
        Mail mail = two.await(ONE_IS + "DOWN", 2);
        assertThat(mail.header("From")).isEqualTo("lb1@jdpvs.test");
        assertThat(mail.header("To")).startsWith("operator@jdpvs.test");
        one.become(Mood.WELL);
        first.awaitServers(SERVICE, BOTH);
        two.await(ONE_IS + "UP", 2);
    }

    /** The next one is sent all the same. */
    @Test
    @Order(6)
    void aMailThatNobodyTakesIsNamedInTheLog() {
        two.kill();
        first.awaitServers(SERVICE, Map.of(ONE, 10));
        first.awaitLogged("the mail '" + TWO_IS + "DOWN' cannot be sent by 192.168.229.2:25: ");
        two.startAgain();
        first.awaitServers(SERVICE, BOTH);
        two.await(TWO_IS + "UP", 1);
        assertThat(two.mails(TWO_IS + "DOWN")).isEmpty();
    }

    @Test
    @Order(7)
    void aKilledServerIsOut() {
        one.kill();
        first.awaitServers(SERVICE, Map.of(TWO, 10));
        awaitError("connection refused");
        two.await(ONE_IS + "DOWN", 3);
        for (int i = 0; i < 3; i++) {
            mailThroughService("one is dead");
        }
        two.await("one is dead", 3);
        try (Running closing = lab.server(1).start("socat TCP-LISTEN:25,fork,reuseaddr EXEC:/bin/true")) {
            awaitError("the connection was closed before the reply to the greeting");
            assertThat(closing.isAlive()).isTrue();
        }
        assertThat(first.servers(SERVICE)).isEqualTo(Map.of(TWO, 10));
        assertThat(two.mails(ONE_IS + "DOWN").count()).isEqualTo(3);
        assertThat(two.mails(ONE_IS + "UP").count()).isEqualTo(2);
        // The backup has not looked.
        assertThat(second.servers(SERVICE)).isEqualTo(BOTH);
    }

    @Test
    @Order(8)
    void theOtherBalancerAsksOnceItHasTheAddress() {
        first.host().run("ip link set bond2.kni down").succeeded();
        second.awaitState("VI_1", "MASTER", PATIENCE);
        second.awaitServers(SERVICE, Map.of(TWO, 10));
        two.await("[LB1] VRRP instance VI_1 is FAULT, priority 100", 1);
        two.await("[LB2] VRRP instance VI_1 is MASTER, priority 90", 1);
        Mail mail = two.await(ONE_IS.replace("LB1", "LB2") + "DOWN", 1);
        assertThat(mail.header("From")).isEqualTo("lb2@jdpvs.test");
        assertThat(first.isIn("VI_1", "FAULT")).isTrue();
        long before = asked(1);
        awaitAsked(2, asked(2) + 3);
        assertThat(asked(1)).isEqualTo(before);
        // What the first knew last stays.
        assertThat(first.servers(SERVICE)).isEqualTo(Map.of(TWO, 10));
        mailThroughService("by the other");
        two.await("by the other", 1);
    }

    @Test
    @Order(9)
    void theEndIsToldByMailToo() {
        second.end();
        two.await("[LB2] VRRP instance VI_1 is STOP, priority 90", 1);
        assertThat(second.servers(SERVICE)).isEmpty();
    }
}
