package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Layouts that the recorded sessions do not show (facts: cli §3). */
class DpipListingTest {
    private final FakeControl control = new FakeControl("dpdk0", "dpdk1");

    @Test
    void neighbours() {
        neighbour("203.0.113.1", "02:00:5e:10:00:01", "REACHABLE", 1, false);
        neighbour("203.0.113.77", null, "SEND", 2, false);
        neighbour("2001:db8::1", "02:00:5e:10:00:02", "DELAY", 1, true);
        String ipv4 = """
                ip: 203.0.113.1                                      mac: 02:00:5e:10:00:01   state: REACHABLE     dev: dpdk1  core: 1 \s
                ip: 203.0.113.77                                     mac:incomplate                       state: SEND           dev: dpdk1  core: 2 \s
                """;
        String ipv6 = """
                ip: 2001:db8::1                                      mac: 02:00:5e:10:00:02   state: DELAY         dev: dpdk1  core: 1  static
                """;
        assertThat(Run.command(control, "dpip neigh show").out()).isEqualTo(ipv4 + ipv6);
        assertThat(Run.command(control, "dpip -4 neigh show dev dpdk1").out()).isEqualTo(ipv4);
        assertThat(Run.command(control, "dpip -6 neigh list").out()).isEqualTo(ipv6);
        assertThat(Run.command(control, "dpip neigh show dev dpdk0")).isEqualTo(new Run(0, "", ""));
    }

    private void neighbour(String address, @Nullable String mac, String state, int core, boolean fixed) {
        control.network()
                .neighbours
                .add(new Views.Neighbour(IpAddress.parse(address), mac, state, "dpdk1", core, fixed));
    }

    @Test
    void macAddressesComeInLowerCasePairs() {
        assertThat(Run.command(control, "dpip neigh add 10.0.0.1 lladdr 2:0:5E:10:0:AB dev dpdk0")
                        .code())
                .isZero();
        assertThat(control.neighbours().getFirst().macAddress()).isEqualTo("02:00:5e:10:00:ab");
    }

    @Test
    void rates() {
        assertThat(Run.command(control, "dpip -s -i 1 -c 1 -C link show dpdk0").out())
                .isEqualTo("""
                        \u001b[34m1: dpdk0: socket 0 mtu 1500 rx-queue 1 tx-queue 1
                            UP 10000 Mbps full-duplex fixed-nego lldp\s
                            addr 02:00:00:00:01:01 OF_TX_FAST_FREE\s
                            ipackets/pps    opackets/pps    ibytes/Bps      obytes/Bps     \s
                            0               0               0               0              \s
                            ierrors/pps     oerrors/pps     imissed/pps     rx_nombuf/pps  \s
                            0               0               0               0              \s
                        \u001b[0m""");
    }

    @Test
    void verboseLink() {
        List<String> lines = Run.command(control, "dpip link show dev dpdk0 -sv")
                .out()
                .lines()
                .toList();
        assertThat(lines)
                .contains(
                        "    xstats list:",
                        "        not supported",
                        "    pci_addr                        driver_name                     ",
                        "    -                               memory                          ",
                        "    if_index        min_rx_bufsize  max_rx_pktlen   max_mac_addrs   ",
                        "    Queue Configuration:",
                        "    rx0-tx0     cpu1-cpu1                ",
                        "    HW mcast list:");
    }

    @Test
    void cpus() {
        assertThat(Run.command(control, "dpip link show cpu").out()).isEqualTo("""
                        << Controll Plane >>
                        1: cpu0: socket 0
                            queues none
                        << Data Plane >>
                        2: cpu1: socket 0
                            queues dpdk0:rx0       dpdk0:tx0       dpdk1:rx0       dpdk1:tx0      \s
                        """);
        assertThat(Run.command(control, "dpip -s link show cpu1").out()).isEqualTo("""
                        << Data Plane >>
                        2: cpu1: socket 0
                            queues dpdk0:rx0       dpdk0:tx0       dpdk1:rx0       dpdk1:tx0      \s
                            lcore_loop          pktburst            zpktburst           fpktburst          \s
                            2000                500                 1500                0                  \s
                            z2hpktburst         h2fpktburst         dropped            \s
                            0                   0                   0                  \s
                            ipackets            ibytes              opackets            obytes             \s
                            12345               0                   0                   0                  \s
                        """);
    }
}
