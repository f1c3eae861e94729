package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VrrpInstance.Announcements;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the keys of instances, groups and what they track. */
class VrrpRulesTest {
    @ParameterizedTest
    @CsvSource({
        "2, 1, 1000",
        "2, 255, 255000",
        "2, 0.5, 1000",
        "2, 1.5, 2000",
        "2, 2.2, 2000",
        "3, 0.01, 10",
        "3, 40.95, 40950",
        "3, 41, 1000",
        "3, 0.255, 250",
        "3, 0.019, 10",
        "2, 0, 1000",
        "2, 256, 1000",
        "3, x, 1000",
    })
    void advertisementIntervals(int version, String written, long millis) {
        VrrpInstance instance = Conf.instance("version " + version, "advert_int " + written);
        assertThat(instance.version()).isEqualTo(version);
        assertThat(instance.advertisementInterval()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void ipv6IsVersion3() {
        assertThat(Conf.complaints(Conf.instanceOf("", "fe80::1", "version 2")))
                .containsExactly("WARNING 6: version 2 has no IPv6; 3 is used");
        assertThat(Conf.instanceOf("", "fe80::1", "version 2").configuration().instances())
                .extracting(VrrpInstance::version)
                .containsExactly(3);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "auth_type PASS, auth_pass secret, secret",
                "auth_type pass, auth_pass 12345678, 12345678",
                "auth_type PASS, auth_pass 123456789, 12345678",
                "auth_type PASS, auth_pass \"a b\", a b",
                "auth_type AH, auth_pass secret, -",
                "auth_type PASS, '', -",
                "'', auth_pass secret, -",
            })
    void passwords(String type, String password, @Nullable String read) {
        assertThat(Conf.instance("authentication {", type, password, "}").password())
                .isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "'', true, ''",
        "'unicast_peer {\n10.0.0.2\n}', false, VRRP has no unicast peers",
        "'authentication {\nauth_type PASS\nauth_pass x\n}', true, VRRP has no authentication",
        "'preempt_delay 5', true, VRRP has no preempt_delay",
        "'version 3\nlower_prio_no_advert', true, a master answers an advertisement of lower priority",
        "'higher_prio_send_advert', true, who hears an advertisement of higher priority is silent",
    })
    void strictMode(String lines, boolean works, String complaint) {
        for (String mode : List.of("strict_mode", "strict_mode off")) {
            boolean strict = mode.equals("strict_mode");
            KeepalivedFile.Loaded loaded = Conf.instanceOf("", "10.0.0.1", mode + "\n" + lines);
            List<VrrpInstance> instances = loaded.configuration().instances();
            assertThat(instances).hasSize(works || !strict ? 1 : 0);
            if (strict && !complaint.isEmpty()) {
                assertThat(Conf.complaints(loaded)).singleElement().asString().contains("strict_mode: " + complaint);
                assertThat(instances).allSatisfy(instance -> {
                    assertThat(instance.password()).isNull();
                    assertThat(instance.preemptDelay()).isZero();
                    assertThat(instance.lowerPriorityNoAdvertisement()).isEqualTo(instance.version() == 2);
                    assertThat(instance.higherPrioritySendAdvertisement()).isFalse();
                });
            } else {
                assertThat(Conf.complaints(loaded)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', true, 0, ''",
        "preempt_delay 5, true, 5, ''",
        "nopreempt, false, 0, ''",
        "preempt off, false, 0, ''",
        "'nopreempt\npreempt_delay 5', false, 0, preempt_delay means nothing with nopreempt; it is ignored",
        "'state MASTER\nnopreempt', true, 0, nopreempt needs state BACKUP; it is ignored",
        "'state MASTER\npreempt_delay 5', true, 0, preempt_delay needs state BACKUP; it is ignored",
    })
    void preemption(String lines, boolean preempt, int delay, String complaint) {
        KeepalivedFile.Loaded loaded = Conf.instanceOf("", "10.0.0.1", lines);
        VrrpInstance instance = loaded.configuration().instances().getFirst();
        assertThat(instance.preempt()).isEqualTo(preempt);
        assertThat(instance.preemptDelay()).isEqualTo(Duration.ofSeconds(delay));
        assertThat(loaded.messages())
                .extracting(message -> message.text())
                .isEqualTo(complaint.isEmpty() ? List.of() : List.of(complaint));
    }

    @Test
    void theOwnerStartsAsMaster() {
        assertThat(Conf.instance("priority 255").startsAsMaster()).isTrue();
        assertThat(Conf.instance("priority 254").startsAsMaster()).isFalse();
        assertThat(Conf.instance("priority 255", "nopreempt").preempt()).isTrue();
    }

    @Test
    void announcementsComeFromTheGlobalOnes() {
        assertThat(Conf.instance().announcements())
                .isEqualTo(new Announcements(5, Duration.ofSeconds(5), Duration.ZERO, 1, 5, Duration.ofSeconds(5)));
        assertThat(Conf.instance("garp_master_repeat 2", "garp_master_delay 0.5")
                        .announcements())
                .as("those of lower priority are as the others")
                .isEqualTo(new Announcements(2, Duration.ofMillis(500), Duration.ZERO, 1, 2, Duration.ofMillis(500)));
        assertThat(Conf.instanceOf("global_defs { vrrp_min_garp }\n", "10.0.0.1")
                        .configuration()
                        .instances()
                        .getFirst()
                        .announcements())
                .isEqualTo(new Announcements(1, Duration.ZERO, Duration.ZERO, 1, 1, Duration.ZERO));
        assertThat(Conf.instanceOf("global_defs { vrrp_min_garp vrrp_garp_master_repeat 3 }\n", "10.0.0.1")
                        .configuration()
                        .instances()
                        .getFirst()
                        .announcements()
                        .repeat())
                .isEqualTo(3);
    }

    @Test
    void addressesOfTwoFamilies() {
        KeepalivedFile.Loaded loaded =
                Conf.instanceOf("", "10.0.0.1\n2001:db8::1", "virtual_ipaddress_excluded { 2001:db8::2 }");
        assertThat(Conf.complaints(loaded))
                .containsExactly(
                        "ERROR 6: vrrp_instance V: virtual_ipaddress 2001:db8::1 is not of the first one's family, it is"
                                + " left out: give it an instance of its own, or put it into virtual_ipaddress_excluded");
        VrrpInstance instance = loaded.configuration().instances().getFirst();
        assertThat(instance.addresses())
                .extracting(VirtualAddress::address)
                .containsExactly(IpAddress.parse("10.0.0.1"));
        assertThat(instance.excluded())
                .extracting(VirtualAddress::address)
                .containsExactly(IpAddress.parse("2001:db8::2"));
    }

    @Test
    void moreAddressesThanAnAdvertisementHolds() {
        StringBuilder many = new StringBuilder("fe80::1\n");
        for (int i = 1; i < 100; i++) {
            many.append("2001:db8::").append(i).append('\n');
        }
        VrrpInstance instance =
                Conf.instanceOf("", many.toString()).configuration().instances().getFirst();
        assertThat(instance.addresses()).hasSize(90);
        assertThat(instance.excluded()).hasSize(10);
    }

    @Test
    void whatIsTracked() {
        KeepalivedFile.Loaded loaded = Conf.instanceOf(
                """
                vrrp_script s { script "/bin/true" weight 7 reverse }
                track_file f { file /run/f }
                """,
                "10.0.0.1",
                "track_script { s\n none\n s weight 3 }",
                "track_file { f weight 4 reverse }",
                "track_interface { e0\n e1 weight -254 }",
                "track_process { p }");
        assertThat(loaded.configuration().instances().getFirst().track())
                .containsExactly(
                        new Track(Track.Kind.INTERFACE, "e0", 0, false),
                        new Track(Track.Kind.SCRIPT, "s", 7, true),
                        new Track(Track.Kind.FILE, "f", 4, true));
        assertThat(Conf.complaints(loaded))
                .containsExactly(
                        "ERROR 13: track_interface: 'e1 weight -254': its weight must be -253 … 253; it is left out",
                        "ERROR 9: track_script: there is no vrrp_script 'none', it is not tracked",
                        "WARNING 10: track_script: 's' is tracked already, the first one counts",
                        "ERROR 14: track_process: there is no vrrp_track_process 'p', it is not tracked");
    }

    @Test
    void groups() {
        String instances = """
                vrrp_instance A { interface k0 dpdk_interface d0 virtual_router_id 1 virtual_ipaddress { 10.0.0.1 } }
                vrrp_instance B { interface k0 dpdk_interface d0 virtual_router_id 2 virtual_ipaddress { 10.0.0.2 } }
                """;
        KeepalivedFile.Loaded loaded = Conf.parse(instances + """
                vrrp_sync_group G {
                    group { A C }
                    smtp_alert
                }
                vrrp_sync_group H {
                    group {
                        A
                        B
                    }
                }
                vrrp_sync_group I {
                    group { C }
                }
                """);
        assertThat(loaded.configuration().syncGroups())
                .extracting(SyncGroup::name)
                .containsExactly("G", "H");
        assertThat(loaded.configuration().syncGroups())
                .extracting(SyncGroup::instances)
                .containsExactly(List.of("A"), List.of("B"));
        assertThat(loaded.configuration().syncGroups().getFirst().notices().mail())
                .isTrue();
        assertThat(Conf.complaints(loaded))
                .containsExactly(
                        "ERROR 4: vrrp_sync_group G: there is no vrrp_instance 'C', it is not in the group",
                        "ERROR 9: vrrp_sync_group H: 'A' is in vrrp_sync_group G already",
                        "ERROR 14: vrrp_sync_group I: there is no vrrp_instance 'C', it is not in the group",
                        "ERROR 13: vrrp_sync_group I: group has no instances, the group is left out");
    }

    @Test
    void oneRouterIdForAnInterfaceAndFamily() {
        KeepalivedFile.Loaded loaded = Conf.parse("""
                vrrp_instance A { interface k0 dpdk_interface d0 virtual_router_id 1 virtual_ipaddress { 10.0.0.1 } }
                vrrp_instance B { interface k0 dpdk_interface d0 virtual_router_id 1 virtual_ipaddress { fe80::1 } }
                vrrp_instance C { interface k1 dpdk_interface d0 virtual_router_id 1 virtual_ipaddress { 10.0.0.1 } }
                vrrp_instance D { interface k0 dpdk_interface d0 virtual_router_id 1 virtual_ipaddress { 10.0.0.4 } }
                """);
        assertThat(loaded.configuration().instances())
                .extracting(VrrpInstance::name)
                .containsExactly("A", "B", "C");
        assertThat(Conf.complaints(loaded))
                .containsExactly(
                        "ERROR 4: vrrp_instance D: vrrp_instance A has virtual_router_id 1 on k0 already; the instance is left out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"/bin/n a b\" | /bin/n,a,b | - | -",
                "\"/bin/n 'a b' \\\"c d\\\" e\\\\ f\" | /bin/n,a b,c d,e f | - | -",
                "'/bin/n \"a  b\"' nobody | /bin/n,a  b | nobody | -",
                "/bin/n root nogroup | /bin/n | root | nogroup",
                "\"/bin/n ''\" | /bin/n, | - | -",
            })
    void commands(String written, String words, String user, String group) {
        Script script = Conf.instance("notify " + written).notices().any();
        assertThat(script)
                .isEqualTo(new Script(
                        List.of(words.split(",", -1)),
                        user.equals("-") ? null : user,
                        group.equals("-") ? null : group));
    }

    @Test
    void commandsThatMustNotRun() {
        String security = "global_defs {\nenable_script_security\n}\n";
        assertThat(Conf.complaints(Conf.instanceOf(security, "10.0.0.1", "notify /tmp/n")))
                .containsExactly(
                        "ERROR 9: notify '/tmp/n': others than root can change '/tmp', and enable_script_security is set; the"
                                + " program is left out: take write permission from them, or name a user that runs it");
        assertThat(Conf.complaints(Conf.instanceOf(security, "10.0.0.1", "notify /tmp/n nobody")))
                .isEmpty();
        assertThat(Conf.complaints(Conf.instanceOf("", "10.0.0.1", "notify /tmp/n")))
                .isEmpty();
        assertThat(Conf.complaints(Conf.instanceOf("", "10.0.0.1", "notify /bin/n ghost")))
                .containsExactly("ERROR 6: notify: there is no user 'ghost'; the program is left out");
        assertThat(Conf.complaints(Conf.instanceOf("", "10.0.0.1", "notify /missing/n")))
                .containsExactly("WARNING 6: notify: there is no program '/missing/n'; starting it will fail");
        assertThat(Conf.complaints(Conf.instanceOf(security, "10.0.0.1", "notify /missing/n root")))
                .containsExactly(
                        "ERROR 9: notify: there is no program '/missing/n', and enable_script_security is set; the program"
                                + " is left out: install it, or name a user that runs it");
        assertThat(Conf.complaints(Conf.instanceOf(security, "10.0.0.1", "notify /missing/n nobody")))
                .containsExactly("WARNING 9: notify: there is no program '/missing/n'; starting it will fail");
    }

    /** Which program that is depends on where it is looked for. */
    @ParameterizedTest
    @CsvSource({"n, '', false", "./n, '', false", "n, ' root', false", "n, ' 0', false", "n, ' nobody', true"})
    void aSecureProgramOfRootHasAWholePath(String program, String user, boolean runs) {
        KeepalivedFile.Loaded loaded =
                Conf.instanceOf("global_defs {\nenable_script_security\n}\n", "10.0.0.1", "notify " + program + user);
        assertThat(loaded.configuration().instances().getFirst().notices().any() != null)
                .isEqualTo(runs);
        assertThat(Conf.complaints(loaded))
                .isEqualTo(
                        runs
                                ? List.of()
                                : List.of("ERROR 9: notify '" + program
                                        + "' is found by PATH or from here, and enable_script_security is set; the program is"
                                        + " left out: write its whole path, or name a user that runs it"));
        assertThat(Conf.complaints(Conf.instanceOf("", "10.0.0.1", "notify " + program + user)))
                .isEmpty();
    }

    @Test
    void rootByItsNumberIsGuarded() {
        String security = "global_defs {\nenable_script_security\n}\n";
        for (String user : List.of("root", "0")) {
            assertThat(Conf.errors(Conf.instanceOf(security, "10.0.0.1", "notify /tmp/n " + user)))
                    .as(user)
                    .hasSize(1);
        }
    }
}
