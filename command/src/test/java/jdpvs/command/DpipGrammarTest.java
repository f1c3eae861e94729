package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Wrong words, options, families, duplicates (facts: cli §2, §3). */
class DpipGrammarTest {
    private record Row(String line, int code, String error) {}

    private static final List<Row> WRONG = List.of(
            new Row("dpip foo show", 1, "dpip: invalid object, use `-h' for help.\n"),
            new Row("dpip gfwip show", 1, "dpip: invalid object, use `-h' for help.\n"),
            new Row("dpip route frob", 1, "invalid command frob\n"),
            new Row("dpip a s", 1, "dpip: invalid object, use `-h' for help.\n"),
            new Row("dpip -x addr show", 1, "dpip: Invalid option: -x\n"),
            new Row("dpip --frob addr show", 1, "dpip: Invalid option: --frob\n"),
            new Row("dpip --stats=3 addr show", 1, "dpip: Invalid option: --stats=3\n"),
            new Row("dpip addr show -f", 1, "dpip: Invalid option: -f needs a value\n"),
            new Row("dpip -f inet7 addr show", 1, "dpip: invalid family\n"),
            new Row("dpip -c 3 link show", 1, "missing option '-i'\n"),
            new Row("dpip -i x link show", 1, "dpip: Invalid option: -i x\n"),
            new Row("dpip addr add 10.0.0.1 dev", 1, "dpip: missing argument for `dev'\n"),
            new Row("dpip addr add 10.0.0.1", 1, "no device specified.\ndpip: check: invalid parameter\n"),
            new Row("dpip addr add dev dpdk0", 1, "missing IFADDR\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip addr add 10.0.0.1 10.0.0.2 dev dpdk0",
                    1,
                    "too many arguments: `10.0.0.2'\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip -4 addr add 300.1.1.1 dev dpdk0",
                    1,
                    "invalid ipaddress: inet 300.1.1.1\ndpip: invalid parameter\n"),
            new Row(
                    "dpip -6 addr add 10.0.0.1 dev dpdk0",
                    1,
                    "invalid ipaddress: inet6 10.0.0.1\ndpip: invalid parameter\n"),
            new Row(
                    "dpip addr add 10.0.0.1/33 dev dpdk0",
                    1,
                    "invalid ipaddress: unspec 10.0.0.1/33\ndpip: invalid parameter\n"),
            new Row(
                    "dpip addr add 10.0.0.1/ dev dpdk0",
                    1,
                    "invalid ipaddress: unspec 10.0.0.1/\ndpip: invalid parameter\n"),
            new Row(
                    "dpip addr add 10.0.0.1 dev dpdk0 scope world",
                    1,
                    "invalid scope: world\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip addr add 10.0.0.1 dev dpdk0 valid_lft soon",
                    1,
                    "invalid number for `valid_lft': soon\ndpip: parse: invalid parameter\n"),
            new Row("dpip addr replace 10.0.0.1 dev dpdk0", 1, "dpip: not support: addr replace\n"),
            new Row("dpip addr enable", 1, "dpip: not support: addr enable\n"),
            new Row("dpip addr add 10.0.0.9 dev dpdk9", 1, "dpip: not exist: device dpdk9\n"),
            new Row("dpip addr del 10.0.0.9 dev dpdk0", 1, "dpip: not exist: address 10.0.0.9 on dpdk0\n"),
            new Row("dpip addr flush", 1, "no device specified.\ndpip: check: invalid parameter\n"),
            new Row("dpip addr show dev dpdk9", 1, "dpip: not exist: device dpdk9\n"),
            new Row("dpip route show dev dpdk9", 1, "dpip: not exist: device dpdk9\n"),
            new Row("dpip neigh show dev dpdk9", 1, "dpip: not exist: device dpdk9\n"),
            new Row("dpip route add", 1, "missing prefix\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip route add 10.0.0.0/8 via 2001:db8::1 dev dpdk0",
                    1,
                    "invalid family.\ndpip: check: invalid parameter\n"),
            new Row("dpip route add 10.0.0.0/8", 1, "dpip: invalid parameter: route 10.0.0.0/8 without dev\n"),
            new Row(
                    "dpip route add 10.0.0.0/8 dev dpdk0 mtu many",
                    1,
                    "invalid number for `mtu': many\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip route add 10.0.0.0/8 dev dpdk0 scope x",
                    1,
                    "invalid scope: x\ndpip: parse: invalid parameter\n"),
            new Row("dpip route replace 10.0.0.0/8 dev dpdk0", 1, "dpip: not support: route replace\n"),
            new Row(
                    "dpip neigh add lladdr 02:00:00:00:00:01 dev dpdk0",
                    1,
                    "missing ip address\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip neigh add 10.0.0.1 dev dpdk0",
                    1,
                    "invalid link layer addr\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip neigh add 10.0.0.1 lladdr 02:00 dev dpdk0",
                    1,
                    "invalid link layer addr: 02:00\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip neigh add 10.0.0.1 lladdr 00:00:00:00:00:00 dev dpdk0",
                    1,
                    "invalid MAC address: 00:00:00:00:00:00\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip neigh add 10.0.0.1 lladdr 02:00:00:00:00:01",
                    1,
                    "no device specified.\ndpip: check: invalid parameter\n"),
            new Row("dpip neigh del 10.0.0.1 dev dpdk0", 1, "dpip: not exist: neighbour 10.0.0.1 on dpdk0\n"),
            new Row("dpip link show dpdk9", 1, "Fail to get information for dpdk9\n"),
            new Row("dpip link show cpu77", 1, "Fail to get information for cpu77\n"),
            new Row("dpip link set dpdk0 colour red", 1, "invalid parameter name 'colour'\n"),
            new Row("dpip link set dpdk0 promisc maybe", 0, "invalid arguement value for 'promisc'\n"),
            new Row("dpip link set dpdk9 promisc on", 0, "dpip: not exist: device dpdk9\n"),
            new Row("dpip link set dpdk0 promisc", 1, "dpip: missing argument for `promisc'\n"),
            new Row("dpip link add", 1, "no device specified.\ndpip: check: invalid parameter\n"),
            new Row("dpip link add dpdk0", 1, "missing bond-slave and DEV for dpdk0\ndpip: parse: invalid parameter\n"),
            new Row("dpip link del dpdk0 slave dpdk1", 1, "invalid parameter name 'slave'\n"),
            new Row("dpip link del dpdk0 bond-slave", 1, "dpip: missing argument for `bond-slave'\n"),
            new Row(
                    "dpip link add dpdk0 bond-slave dpdk1 dpdk2",
                    1,
                    "too many arguments: `dpdk2'\ndpip: parse: invalid parameter\n"),
            new Row("dpip link add bond0 bond-slave dpdk0", 1, "dpip: not exist: device bond0\n"),
            new Row("dpip link add dpdk0 bond-slave dpdk7", 1, "dpip: not exist: device dpdk7\n"),
            new Row("dpip link flush dpdk0", 1, "dpip: not support: link flush\n"),
            new Row(
                    "dpip link show dpdk0 status",
                    1,
                    "dpip: not support: link show dpdk0 status: device dpdk0 is no bond\n"),
            new Row("dpip link show bond7 status", 1, "Fail to get information for bond7\n"),
            new Row("dpip link set dpdk0 bond-mode 7", 0, "invalid arguement value for 'bond-mode'\n"),
            new Row("dpip link set dpdk0 bond-xmit-policy L4", 0, "invalid arguement value for 'bond-xmit-policy'\n"),
            new Row(
                    "dpip link set dpdk0 bond-monitor-interval 0",
                    0,
                    "invalid arguement value for 'bond-monitor-interval'\n"),
            new Row(
                    "dpip link set dpdk0 bond-link-up-prop soon",
                    0,
                    "invalid arguement value for 'bond-link-up-prop'\n"),
            new Row("dpip link set dpdk0 allmulticast maybe", 0, "invalid arguement value for 'allmulticast'\n"),
            new Row("dpip ipv6 frob", 1, "invalid command frob\n"),
            new Row("dpip ipv6 flush", 1, "dpip: not support: ipv6 flush\n"),
            new Row("dpip ipv6 show cpu", 1, "dpip: missing argument for `cpu'\n"),
            new Row("dpip ipv6 show cpu one", 1, "invalid number for `cpu': one\ndpip: parse: invalid parameter\n"),
            new Row(
                    "dpip ipv6 show cpu1",
                    1,
                    "`cpu1' is none of total, all and cpu N\ndpip: parse: invalid parameter\n"),
            new Row("dpip ipv6 show all cpu 1", 1, "too many arguments: `cpu'\ndpip: parse: invalid parameter\n"),
            new Row("dpip ipv6 show cpu 1 2", 1, "too many arguments: `2'\ndpip: parse: invalid parameter\n"),
            new Row("dpip ipv6 show cpu 77", 1, "dpip: not exist: no worker on cpu 77; workers are on cpu 0, 1\n"),
            new Row(
                    "dpip tunnel show",
                    1,
                    "dpip: not support: object tunnel is not part of jdpvs yet; it has link, vlan, addr, route, neigh, ipv6\n"),
            new Row("dpip vlan add", 1, "missing real device\ndpip: check: invalid parameter\n"),
            new Row("dpip vlan add v7 id 7", 1, "missing real device\ndpip: check: invalid parameter\n"),
            new Row("dpip vlan add link", 1, "dpip: missing argument for `link'\n"),
            new Row("dpip vlan add link dpdk0", 1, "missing or invalid VLAN ID\ndpip: check: invalid parameter\n"),
            new Row(
                    "dpip vlan add link dpdk0 id 0",
                    1,
                    "missing or invalid VLAN ID: 0\ndpip: check: invalid parameter\n"),
            new Row(
                    "dpip vlan add link dpdk0 id 4096",
                    1,
                    "missing or invalid VLAN ID: 4096\ndpip: check: invalid parameter\n"),
            new Row(
                    "dpip vlan add v7 v8 link dpdk0 id 7",
                    1,
                    "too many arguments: `v8'\ndpip: parse: invalid parameter\n"),
            new Row("dpip vlan add link dpdk9 id 7", 1, "dpip: not exist: device dpdk9\n"),
            new Row("dpip vlan add link dpdk0 proto QinQ id 7", 1, "dpip: not support: VLAN protocol QinQ\n"),
            new Row("dpip vlan del", 1, "missing both vlan and real device\ndpip: check: invalid parameter\n"),
            new Row("dpip vlan del link dpdk0", 1, "missing or invalid VLAN ID\ndpip: check: invalid parameter\n"),
            new Row("dpip vlan del link dpdk0 id 7", 1, "dpip: not exist: VLAN 7 on dpdk0\n"),
            new Row("dpip vlan del dpdk0", 1, "dpip: not exist: device dpdk0\n"),
            new Row("dpip vlan show dpdk0.7", 1, "dpip: not exist: VLAN device dpdk0.7\n"),
            new Row("dpip vlan show link dpdk9", 1, "dpip: not exist: device dpdk9\n"),
            new Row("dpip vlan show link dpdk0 id 7", 1, "dpip: not exist: VLAN 7 on dpdk0\n"),
            new Row(
                    "dpip vlan show link dpdk0 proto vxlan",
                    1,
                    "invalid protocol: `vxlan'\ndpip: parse: invalid parameter\n"),
            new Row("dpip vlan set dpdk0.7 id 8", 1, "dpip: not support: vlan set\n"));

    @TestFactory
    List<DynamicTest> wrong() {
        return WRONG.stream()
                .map(row -> DynamicTest.dynamicTest(row.line, () -> {
                    FakeControl control = new FakeControl("dpdk0", "dpdk1");
                    Run run = Run.command(control, row.line);
                    assertThat(run).isEqualTo(new Run(row.code, "", row.error));
                    assertThat(control.accepted).isZero();
                }))
                .toList();
    }

    @Test
    void everyObjectOfDpvsIsKnown() {
        for (String object : List.of("cls", "eal-mem", "flow", "iftraf", "ipset", "lldp", "maddr", "qsch", "tunnel")) {
            Run run = Run.command(new FakeControl(), "dpip " + object + " show");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.error()).startsWith("dpip: not support: object " + object);
        }
    }

    @Test
    void usage() {
        FakeControl control = new FakeControl();
        assertThat(Run.words(control, "dpip", List.of(), "").code()).isZero();
        assertThat(Run.words(control, "dpip", List.of(), "").error()).startsWith("Usage:");
        assertThat(Run.command(control, "dpip -s").code()).isEqualTo(1);
        assertThat(Run.command(control, "dpip -h").code()).isEqualTo(1);
        for (String object : List.of("link", "vlan", "addr", "route", "neigh", "ipv6")) {
            assertThat(Run.command(control, "dpip " + object).code()).isEqualTo(1);
            assertThat(Run.command(control, "dpip -h " + object + " show").code())
                    .isEqualTo(1);
            assertThat(Run.command(control, "dpip " + object + " help").code()).isZero();
            assertThat(Run.command(control, "dpip " + object + " help").error())
                    .startsWith("Usage:")
                    .contains("dpip", object);
        }
        assertThat(Run.command(control, "dpip -V")).isEqualTo(new Run(0, "dpip-1.10-2\n", ""));
        assertThat(Run.command(control, "dpip --version")).isEqualTo(new Run(0, "dpip-1.10-2\n", ""));
    }

    @Test
    void optionsStandAnywhereAndWordsInAnyOrder() {
        FakeControl control = new FakeControl("dpdk0", "dpdk1");
        String[] same = {
            "dpip -6 route add default via 2001:db8::1 dev dpdk0 src 2001:db8::2",
            "dpip route -6 add dev dpdk0 src 2001:db8::2 default via 2001:db8::1",
            "dpip --family inet6 route add default dev dpdk0 src 2001:db8::2 via 2001:db8::1",
            "dpip route add --fam=inet6 default dev dpdk0 src 2001:db8::2 via 2001:db8::1",
        };
        for (String line : same) {
            assertThat(Run.command(control, line)).isEqualTo(new Run(0, "", ""));
            assertThat(Run.command(control, "dpip route list -6").out())
                    .isEqualTo("inet6 default via 2001:db8::1 src 2001:db8::2 dev dpdk0 mtu 1500 scope global\n");
            assertThat(Run.command(control, "dpip -6 route flush").code()).isZero();
            assertThat(Run.command(control, "dpip -6 route show").out()).isEmpty();
        }
        assertThat(Run.command(control, "dpip route add 10.9.0.0/16 via 10.1.0.1 dev dpdk1 -v")
                        .out())
                .isEqualTo(
                        "inet 10.9.0.0/16 via 10.1.0.1 src 0.0.0.0 dev dpdk1 mtu 0 tos 0 scope global metric 0 proto auto \n");
    }

    @Test
    void addresses() {
        FakeControl control = new FakeControl("dpdk0", "dpdk1");
        // A prefix length of 0 means a lone address.
        Run.command(control, "dpip addr add 203.0.113.9/0 dev dpdk0 valid_lft 100 prefered_lft 50 scope link");
        Run.command(control, "dpip addr add 203.0.113.4/24 dev dpdk1 broadcast 203.0.113.255 sapool");
        assertThat(Run.command(control, "dpip addr show").out()).isEqualTo("""
                        inet 203.0.113.4/24 scope global dpdk1
                            broadcast 203.0.113.255 valid_lft forever preferred_lft forever
                        inet 203.0.113.9/32 scope link dpdk0
                             valid_lft 100 preferred_lft 50
                        """);
        assertThat(Run.command(control, "dpip -v addr show dev dpdk1").out()).isEqualTo("""
                        [00] inet 203.0.113.4/24 scope global dpdk1
                            broadcast 203.0.113.255 valid_lft forever preferred_lft forever sa_used 0 sa_free 1032176 sa_miss 0
                        [01] inet 203.0.113.4/24 scope global dpdk1
                            broadcast 203.0.113.255 valid_lft forever preferred_lft forever sa_used 0 sa_free 1032176 sa_miss 0
                        """);
        assertThat(Run.command(control, "dpip addr change 203.0.113.9 dev dpdk0"))
                .isEqualTo(new Run(0, "", ""));
        assertThat(Run.command(control, "dpip addr show dev dpdk0").out()).contains("scope global dpdk0");
    }

    @Test
    void silentSuccesses() {
        FakeControl control = new FakeControl("dpdk0");
        for (String line : List.of(
                "dpip route add 10.0.0.0/8 dev dpdk0",
                "dpip route add 10.0.0.0/8 dev dpdk0",
                "dpip route del 10.0.0.0/8 dev dpdk0",
                "dpip route del 10.0.0.0/8 dev dpdk0",
                "dpip link set dpdk0 promisc on")) {
            assertThat(Run.command(control, line)).isEqualTo(new Run(0, "", ""));
        }
    }

    @Test
    void unreachable() {
        UnreachableControl nobody = new UnreachableControl("No such file or directory");
        Run shown = Run.command(nobody, "dpip addr show");
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.error())
                .startsWith("[dpvs_getsockopt] scoket msg connection error: No such file or directory\ndpip: ");
        assertThat(Run.command(nobody, "dpip addr add 10.0.0.1 dev dpdk0").error())
                .startsWith("[dpvs_setsockopt] scoket msg connection error: No such file or directory\ndpip: ");
        assertThat(Run.command(new UnreachableControl("Permission denied"), "dpip addr show")
                        .error())
                .isEqualTo("""
                        [dpvs_getsockopt] scoket msg connection error: Permission denied
                        dpip: I/O error: dpvs answers root only; run it as root
                        """);
        // What is wrong by itself is said without a daemon.
        assertThat(Run.command(nobody, "dpip addr frob").error()).isEqualTo("invalid command frob\n");
    }
}
