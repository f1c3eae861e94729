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
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;
import jdpvs.keepalived.configuration.VrrpInstance.Announcements;
import jdpvs.keepalived.configuration.VrrpInstance.Notices;
import org.junit.jupiter.api.Test;

/** The configurations that people have: as how-tos print them. */
class SampleTest {
    private static final Notices NOBODY = new Notices(null, null, null, null, null, null, false, false);

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static VrrpInstance instance(String name, int id, boolean ipv6, List<String> addresses) {
        return new VrrpInstance(
                name,
                "bond2.kni",
                "bond2",
                id,
                ipv6,
                ipv6 ? 3 : 2,
                true,
                100,
                Duration.ofSeconds(1),
                ipv6 ? null : "dpvstest",
                null,
                null,
                addresses.stream()
                        .map(each -> new VirtualAddress(ip(each), ipv6 ? 128 : 32, "global", ""))
                        .toList(),
                List.of(),
                List.of(),
                true,
                Duration.ZERO,
                List.of(),
                true,
                new Announcements(5, Duration.ofSeconds(5), Duration.ZERO, 1, 5, Duration.ofSeconds(5)),
                false,
                false,
                false,
                false,
                false,
                NOBODY);
    }

    private static RealServer server(String address) {
        return new RealServer(
                new Endpoint(ip(address), 80),
                new ServerOptions(Forwarding.FULLNAT, 100, 0, 0),
                true,
                List.of(new CheckSettings.Tcp(
                        new CheckSettings.Timing(
                                Duration.ofSeconds(3),
                                1,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(3),
                                false,
                                false),
                        new CheckSettings.Target(new Endpoint(ip(address), 80), null, 0, null, 0))),
                null,
                null,
                false);
    }

    private static VirtualServer service(String name, List<String> addresses) {
        return new VirtualServer(
                name,
                addresses.stream()
                        .map(each -> new ServiceKey(Protocol.TCP, ip(each), 80))
                        .toList(),
                ServiceOptions.of("rr"),
                List.of(new LocalAddress(ip("192.168.229.201"), "bond1")),
                List.of(server("192.168.229.1"), server("192.168.229.2")),
                List.of(),
                1,
                0,
                null,
                null,
                null,
                false,
                false,
                false);
    }

    @Test
    void theHowTosFile() {
        KeepalivedFile.Loaded loaded = KeepalivedFile.load(Conf.SAMPLE, "");
        assertThat(loaded.unusable()).isFalse();
        assertThat(Conf.errors(loaded)).isEmpty();
        KeepalivedConfiguration configuration = loaded.configuration();
        List<String> ipv4 = List.of("10.0.96.201", "10.0.96.202");
        List<String> ipv6 = List.of("2001::201", "2001::202");
        assertThat(configuration)
                .usingRecursiveComparison()
                .ignoringFields("global")
                .isEqualTo(new KeepalivedConfiguration(
                        configuration.global(),
                        List.of(instance("VI_1", 201, false, ipv4), instance("VI_2", 202, true, ipv6)),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(service("10.0.96.201-80", ipv4), service("10.0.96.201-80-6", ipv6)),
                        List.of(),
                        List.of()));
        assertThat(configuration.global())
                .isEqualTo(new GlobalSettings(
                        "DPVS_TEST",
                        ip("224.0.0.18"),
                        ip("ff02::12"),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        false,
                        null,
                        null,
                        null,
                        false,
                        false,
                        null));
    }

    @Test
    void whatIsSaidOfTheHowTosFile() {
        assertThat(Conf.complaints(KeepalivedFile.load(Conf.SAMPLE, "")))
                .containsExactly(
                        "WARNING 73: Unknown keyword 'nb_sock_retry', the line is ignored",
                        "WARNING 83: Unknown keyword 'nb_sock_retry', the line is ignored",
                        "WARNING 108: Unknown keyword 'nb_sock_retry', the line is ignored",
                        "WARNING 118: Unknown keyword 'nb_sock_retry', the line is ignored",
                        "WARNING 49: the first IPv6 address of virtual_ipaddress should be a link-local one (RFC 5798 §5.2.9),"
                                + " 2001::201 is used all the same",
                        "NOTICE 44: version 3 has no authentication; it is ignored");
    }

    /** As a director has it that answers one address: written by hand, with blanks at the ends of lines. */
    @Test
    void theSmallestFile() {
        KeepalivedFile.Loaded loaded = Conf.parse("""
                global_defs { router_id LB1 }
                local_address_group lips {\s
                    192.0.2.21 dpdk0\s
                    192.0.2.22 dpdk0
                }
                vrrp_instance VI_1 {
                    state MASTER
                    interface dpdk0.kni
                    dpdk_interface dpdk0
                    virtual_router_id 77
                    priority 100
                    advert_int 1
                    authentication {\s
                        auth_type PASS\s
                        auth_pass s3cret
                    }
                    virtual_ipaddress {\s
                        192.0.2.100\s
                    }
                }
                virtual_server_group web {\s
                    192.0.2.100 80\s
                }
                virtual_server group web {
                    delay_loop 3
                    lb_algo rr
                    lb_kind FNAT
                    protocol TCP
                    laddr_group_name lips
                    real_server 192.0.2.11 80 {
                        weight 100
                        inhibit_on_failure
                        TCP_CHECK {\s
                            connect_timeout 3
                            connect_port 80
                        }
                    }
                }
                """);
        assertThat(loaded.messages()).isEmpty();
        KeepalivedConfiguration configuration = loaded.configuration();
        assertThat(configuration.global().routerId()).isEqualTo("LB1");
        assertThat(configuration.instances()).singleElement().satisfies(instance -> {
            assertThat(instance.networkInterface()).isEqualTo("dpdk0.kni");
            assertThat(instance.device()).isEqualTo("dpdk0");
            assertThat(instance.virtualRouterId()).isEqualTo(77);
            assertThat(instance.password()).isEqualTo("s3cret");
            assertThat(instance.addresses()).containsExactly(new VirtualAddress(ip("192.0.2.100"), 32, "global", ""));
        });
        assertThat(configuration.virtualServers()).singleElement().satisfies(server -> {
            assertThat(server.name()).isEqualTo("web");
            assertThat(server.services()).containsExactly(new ServiceKey(Protocol.TCP, ip("192.0.2.100"), 80));
            assertThat(server.options()).isEqualTo(ServiceOptions.of("rr"));
            assertThat(server.localAddresses())
                    .containsExactly(
                            new LocalAddress(ip("192.0.2.21"), "dpdk0"), new LocalAddress(ip("192.0.2.22"), "dpdk0"));
            assertThat(server.servers()).containsExactly(server("192.0.2.11"));
        });
    }
}
