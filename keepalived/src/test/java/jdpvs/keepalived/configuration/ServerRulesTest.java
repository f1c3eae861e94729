package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the keys of virtual servers, real servers and checks. */
class ServerRulesTest {
    private static final String LOCAL = """
            local_address_group lips {
                192.0.2.21 d1
                192.0.2.30-32 d1
                2001:db8::21 d1
            }
            """;

    @Test
    void defaults() {
        VirtualServer server = Conf.virtualServer("", "");
        assertThat(server.name()).isEqualTo("[10.0.0.1]:tcp:80");
        assertThat(server.services()).containsExactly(new ServiceKey(Protocol.TCP, IpAddress.parse("10.0.0.1"), 80));
        assertThat(server.options()).isEqualTo(ServiceOptions.of("wlc"));
        assertThat(server.servers())
                .containsExactly(new RealServer(
                        new Endpoint(IpAddress.parse("192.0.2.1"), 8080),
                        new ServerOptions(Forwarding.MASQUERADE, 1, 0, 0),
                        false,
                        List.of(),
                        null,
                        null,
                        false));
        assertThat(server.quorum()).isEqualTo(1);
        assertThat(Conf.service("", "").messages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "lb_kind NAT, MASQUERADE, 8080, -",
                "lvs_method FNAT, FULLNAT, 8080, laddr_group_name is missing",
                "lb_kind dr, ROUTE, 80, its port must be the service's",
                "lb_kind TUN, TUNNEL, 80, its port must be the service's",
            })
    void forwardingAndPorts(String line, Forwarding forwarding, int port, @Nullable String complaint) {
        KeepalivedFile.Loaded loaded = Conf.service(line, "");
        RealServer server =
                loaded.configuration().virtualServers().getFirst().servers().getFirst();
        assertThat(server.options().forwarding()).isEqualTo(forwarding);
        assertThat(server.endpoint().port()).isEqualTo(port);
        if (complaint == null) {
            assertThat(loaded.messages()).isEmpty();
        } else {
            assertThat(loaded.messages())
                    .singleElement()
                    .satisfies(m -> assertThat(m.text()).contains(complaint));
        }
    }

    /** Service family, server family, lb_kind: whether the server is there. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 192.0.2.1, NAT, true", "10.0.0.1, 2001:db8::1, FNAT, false", "10.0.0.1, 2001:db8::1, NAT, false",
        "2001:db8::9, 192.0.2.1, FNAT, true", "2001:db8::9, 192.0.2.1, NAT, false", "2001:db8::9, 192.0.2.1, DR, false",
        "2001:db8::9, 2001:db8::1, DR, true",
    })
    void families(String service, String server, String kind, boolean there) {
        KeepalivedFile.Loaded loaded = Conf.parse(LOCAL + "virtual_server " + service + " 80 {\nprotocol TCP\nlb_kind "
                + kind + "\nladdr_group_name lips\nreal_server " + server + " 80 { }\n}\n");
        assertThat(loaded.configuration().virtualServers()).hasSize(there ? 1 : 0);
        assertThat(Conf.errors(loaded)).hasSize(there ? 0 : 2);
        if (there && kind.equals("FNAT")) {
            assertThat(loaded.configuration().virtualServers().getFirst().localAddresses())
                    .as("of the server's family only")
                    .extracting(LocalAddress::address)
                    .extracting(IpAddress::toString)
                    .containsExactly("192.0.2.21", "192.0.2.30", "192.0.2.31", "192.0.2.32");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "match X, dpvs has no SNAT services yet",
                "fwmark 7, dpvs has no services by mark",
                "group none, there is no virtual_server_group 'none'",
                "group empty, virtual_server_group 'empty' is empty",
                "group, the group's name is missing",
                "10.0.0 80, ADDRESS PORT or group NAME must follow virtual_server",
                "10.0.0.1 x, ADDRESS PORT or group NAME must follow virtual_server",
                "10.0.0.2 80, TCP 10.0.0.2:80 is of virtual_server 10.0.0.2 80 already",
            })
    void servicesThatCannotBe(String words, String why) {
        KeepalivedFile.Loaded loaded = Conf.parse("virtual_server_group empty { }\n"
                + "virtual_server 10.0.0.2 80 {\nprotocol TCP\nreal_server 192.0.2.1 80 { }\n}\n" + "virtual_server "
                + words + " {\nprotocol TCP\nreal_server 192.0.2.1 80 { }\n}\n");
        assertThat(loaded.configuration().virtualServers()).hasSize(1);
        assertThat(Conf.complaints(loaded))
                .containsExactly("ERROR 6: virtual_server " + words + ": " + why + "; the service is left out");
    }

    @Test
    void groupsOfServices() {
        KeepalivedFile.Loaded loaded = Conf.parse("""
                virtual_server_group g {
                    10.0.0.1 80
                    10.0.0.8-10 443
                    10.0.0.1 80
                    fwmark 3
                    2001:db8::1 80
                }
                virtual_server group g {
                    protocol TCP
                    real_server 192.0.2.1 { }
                }
                """);
        assertThat(loaded.configuration().virtualServers().getFirst().services())
                .extracting(ServiceKey::toString)
                .containsExactly("TCP 10.0.0.1:80", "TCP 10.0.0.8:443", "TCP 10.0.0.9:443", "TCP 10.0.0.10:443");
        assertThat(Conf.complaints(loaded))
                .containsExactly(
                        "ERROR 5: virtual_server_group g: dpvs has no services by mark, fwmark is left out",
                        "ERROR 6: virtual_server_group g: 2001:db8::1 is not of the first one's family, it is left out: a group has"
                                + " one family");
    }

    /** DNS for example: the same addresses by both protocols. */
    @Test
    void aGroupHasAServiceForEachProtocol() {
        String service = "virtual_server group g {\nprotocol %s\nreal_server 192.0.2.1 53 {\nweight %d\n}\n}\n";
        KeepalivedFile.Loaded loaded = Conf.parse("virtual_server_group g {\n10.0.0.1 53\n10.0.0.2 53\n}\n"
                + service.formatted("TCP", 1)
                + service.formatted("UDP", 2)
                + service.formatted("SCTP", 3)
                + service.formatted("UDP", 4));
        assertThat(loaded.configuration().virtualServers())
                .extracting(VirtualServer::name)
                .containsExactly("g", "g:udp", "g:sctp");
        assertThat(loaded.configuration().virtualServers())
                .extracting(server -> server.services() + " "
                        + server.servers().getFirst().options().weight())
                .containsExactly(
                        "[TCP 10.0.0.1:53, TCP 10.0.0.2:53] 1",
                        "[UDP 10.0.0.1:53, UDP 10.0.0.2:53] 2",
                        "[SCTP 10.0.0.1:53, SCTP 10.0.0.2:53] 3");
        assertThat(Conf.complaints(loaded))
                .containsExactly(
                        "ERROR 23: virtual_server group g: UDP 10.0.0.1:53 is of virtual_server group g already;"
                                + " the service is left out");
    }

    @Test
    void groupsThatAreNotThere() {
        for (String key : List.of("laddr_group_name", "daddr_group_name", "waddr_group_name")) {
            KeepalivedFile.Loaded loaded = Conf.service("lb_kind FNAT\n" + key + " none", "");
            assertThat(loaded.configuration().virtualServers()).as(key).isEmpty();
            assertThat(Conf.errors(loaded)).hasSize(1);
        }
    }

    @Test
    void listsThatDpvsHasNoRecordFor() {
        KeepalivedFile.Loaded loaded = Conf.parse("""
                deny_address_group d { 10.9.9.9 }
                allow_address_group a { 10.9.9.0-9 ipset:x }
                allow_address_group e { }
                virtual_server 10.0.0.1 80 { protocol TCP daddr_group_name d waddr_group_name a real_server 192.0.2.1 80 { } }
                virtual_server 10.0.0.2 80 { protocol TCP waddr_group_name e real_server 192.0.2.1 80 { } }
                """);
        assertThat(loaded.configuration().virtualServers())
                .extracting(VirtualServer::unsupported)
                .containsExactly(List.of("deny list", "allow list"), List.of());
        assertThat(loaded.messages()).isEmpty();
    }

    /** Lines, the quorum, the hysteresis; two servers of weight 3. */
    @ParameterizedTest
    @CsvSource({
        "'', 1, 0",
        "quorum 6, 6, 0",
        "quorum 7, 6, 0",
        "'quorum 4\nhysteresis 3', 4, 3",
        "'quorum 4\nhysteresis 4', 4, 3",
        "hysteresis 1, 1, 0"
    })
    void quorums(String lines, long quorum, long hysteresis) {
        VirtualServer server = Conf.virtualServer("weight 3\n" + lines + "\nreal_server 192.0.2.2 80 { }", "");
        assertThat(server.quorum()).isEqualTo(quorum);
        assertThat(server.hysteresis()).isEqualTo(hysteresis);
    }

    @Test
    void persistence() {
        assertThat(Conf.virtualServer("persistence_timeout", "").options().persistentSeconds())
                .isEqualTo(360);
        assertThat(Conf.virtualServer("persistence_timeout 50", "").options().persistentSeconds())
                .isEqualTo(50);
        assertThat(Conf.virtualServer("persistence_granularity 255.255.0.0", "")
                        .options()
                        .persistenceMask())
                .isEqualTo("255.255.0.0");
        assertThat(Conf.virtualServer("persistence_granularity 16", "")
                        .options()
                        .persistenceMask())
                .isEqualTo("255.255.0.0");
        assertThat(Conf.virtualServer("persistence_granularity 32", "")
                        .options()
                        .persistenceMask())
                .isNull();
        assertThat(Conf.virtualServer("persistence_granularity 255.0.255.0", "")
                        .options()
                        .persistenceMask())
                .isNull();
        assertThat(Conf.parse("virtual_server 10.0.0.1 0 {\nprotocol TCP\nreal_server 192.0.2.1 0 { }\n}")
                        .configuration()
                        .virtualServers()
                        .getFirst()
                        .options()
                        .persistentSeconds())
                .as("any port")
                .isEqualTo(360);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "lb_algo conhash, sip", "'lb_algo conhash\nhash_target sip', sip",
                        "'lb_algo conhash\nhash_target qid', sip",
                "'lb_algo conhash\nhash_target cid', sip", "hash_target sip, -", "lb_algo rr, -",
            })
    void hashTargets(String lines, @Nullable String target) {
        assertThat(Conf.virtualServer(lines, "").options().hashTarget()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "establish_timeout 0, 1",
        "establish_timeout 90, 90",
        "establish_timeout 7200, 3600",
        "establish_timeout x, 0",
        "'', 0"
    })
    void establishedTimeouts(String line, int seconds) {
        assertThat(Conf.virtualServer(line, "").options().connectionTimeoutSeconds())
                .isEqualTo(seconds);
    }

    @Test
    void aSorryServerAlone() {
        VirtualServer server = Conf.parse("virtual_server 10.0.0.1 80 {\nprotocol TCP\nsorry_server 192.0.2.9\n}")
                .configuration()
                .virtualServers()
                .getFirst();
        assertThat(server.servers()).isEmpty();
        assertThat(server.sorryServer())
                .isEqualTo(new VirtualServer.SorryServer(
                        new Endpoint(IpAddress.parse("192.0.2.9"), 80),
                        new ServerOptions(Forwarding.MASQUERADE, 1, 0, 0),
                        false));
    }

    @Test
    void noServers() {
        assertThat(Conf.complaints("virtual_server 10.0.0.1 80 {\nprotocol TCP\n}"))
                .containsExactly("ERROR 1: Virtual server [10.0.0.1]:tcp:80 has no real servers - ignoring");
    }

    private static Timing timing(String interval, int retries, String delay, String warmup, String connect) {
        return new Timing(time(interval), retries, time(delay), time(warmup), time(connect), false, false);
    }

    private static Duration time(String seconds) {
        return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
    }

    @Test
    void timesComeFromTheInnermost() {
        assertThat(Conf.check("TCP_CHECK { }").timing()).isEqualTo(timing("60", 1, "1", "60", "5"));
        assertThat(Conf.check("HTTP_GET { url { path / } }").timing()).isEqualTo(timing("60", 1, "3", "60", "5"));
        assertThat(Conf.check("DNS_CHECK { }").timing()).isEqualTo(timing("60", 3, "60", "60", "5"));
        assertThat(Conf.check("MISC_CHECK { misc_path /bin/true }").timing())
                .isEqualTo(timing("60", 0, "1", "60", "5"));
        assertThat(Conf.check("delay_loop 6\nretry 2\nDNS_CHECK { }").timing())
                .isEqualTo(timing("6", 2, "6", "6", "5"));
        assertThat(Conf.check(
                                "delay_loop 6\nwarmup 1\nTCP_CHECK {\ndelay_loop 0.25\nconnect_timeout 1.5\ndelay_before_retry 0\n}")
                        .timing())
                .isEqualTo(timing("0.25", 1, "0", "1", "1.5"));
        assertThat(Conf.virtualServer("delay_loop 6\nretry 9\nalpha", "retry 8\nTCP_CHECK { }")
                        .servers()
                        .getFirst()
                        .checks()
                        .getFirst()
                        .timing())
                .isEqualTo(new Timing(time("6"), 8, time("1"), time("6"), time("5"), true, false));
    }

    @Test
    void proxyPreambles() {
        String checks = "HTTP_GET { url { path / } }\nUDP_CHECK { }";
        for (String version : List.of("v1", "v2", "v1-insecure", "v2-insecure")) {
            List<CheckSettings> all = Conf.virtualServer("proxy_protocol " + version, checks)
                    .servers()
                    .getFirst()
                    .checks();
            assertThat(((CheckSettings.Http) all.getFirst()).proxyProtocol()).isEqualTo(version.substring(0, 2));
            assertThat(((CheckSettings.Udp) all.getLast()).proxyProtocol())
                    .isEqualTo(version.startsWith("v2") ? "v2" : null);
        }
        VirtualServer none = Conf.virtualServer("proxy_protocol v3", checks);
        assertThat(none.options().proxyProtocol()).isNull();
        assertThat(((CheckSettings.Http) none.servers().getFirst().checks().getFirst()).proxyProtocol())
                .isNull();
    }

    @Test
    void checksThatCannotBe() {
        for (String check : List.of(
                "HTTP_GET { }",
                "HTTP_GET { url { } }",
                "MISC_CHECK { }",
                "MISC_CHECK { misc_path \" \" }",
                "MISC_CHECK {\nmisc_path /bin/true\nuser ghost\n}")) {
            KeepalivedFile.Loaded loaded = Conf.service("", check);
            assertThat(loaded.configuration()
                            .virtualServers()
                            .getFirst()
                            .servers()
                            .getFirst()
                            .checks())
                    .as(check)
                    .isEmpty();
            assertThat(Conf.errors(loaded)).as(check).isNotEmpty();
        }
    }

    @Test
    void mailsFollowTheGlobalSwitches() {
        String service = "virtual_server 10.0.0.1 80 {\nprotocol TCP\nreal_server 192.0.2.1 80 { }\n}\n";
        assertThat(mail(service)).isFalse();
        assertThat(mail("global_defs { smtp_alert }\n" + service)).isTrue();
        assertThat(mail("global_defs { smtp_alert no_checker_emails }\n" + service))
                .isFalse();
        assertThat(mail("global_defs { smtp_alert smtp_alert_checker off }\n" + service))
                .isFalse();
        assertThat(mail("global_defs { smtp_alert_checker }\n" + service)).isTrue();
        assertThat(mail(service.replace("protocol", "smtp_alert\nprotocol"))).isTrue();
    }

    private static boolean mail(String text) {
        return Conf.parse(text)
                .configuration()
                .virtualServers()
                .getFirst()
                .servers()
                .getFirst()
                .mail();
    }
}
