package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The how-to's first set-up, command by command, and what it says one will see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HowToTest {
    private Lab lab;
    private Dpvs dpvs;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        lab.startWebServers();
        dpvs = Dpvs.start(lab, Configuration.twoArm());
    }

    @AfterAll
    void stop() {
        dpvs.close();
        lab.close();
    }

    @Test
    @Order(1)
    void itsCommandsPrintNothingAndSucceed() {
        for (String line : new String[] {
            "addr add 10.0.96.204/32 dev dpdk2",
            "route add 10.0.96.0/24 dev dpdk2",
            "route add 192.168.229.0/24 dev dpdk0",
            "route add default via 10.0.96.254 dev dpdk2",
        }) {
            Outcome outcome = dpvs.dpip(line);
            assertThat(outcome.succeeded()).isEmpty();
            assertThat(outcome.errors()).isEmpty();
        }
        for (String line : new String[] {
            "-A -t 10.0.96.204:80 -s rr",
            "-a -t 10.0.96.204:80 -r 192.168.229.1 -b",
            "--add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0",
        }) {
            Outcome outcome = dpvs.ipvsadm(line);
            assertThat(outcome.succeeded()).isEmpty();
            assertThat(outcome.errors()).isEmpty();
        }
    }

    @Test
    @Order(2)
    void routesReadAsInTheHowTo() {
        assertThat(dpvs.dpip("route show").succeeded()).isEqualTo("""
                        inet 192.168.229.204/32 via 0.0.0.0 src 0.0.0.0 dev dpdk0 mtu 1500 tos 0 scope host metric 0 proto auto\s
                        inet 10.0.96.204/32 via 0.0.0.0 src 0.0.0.0 dev dpdk2 mtu 1500 tos 0 scope host metric 0 proto auto\s
                        inet 10.0.96.0/24 via 0.0.0.0 src 0.0.0.0 dev dpdk2 mtu 1500 tos 0 scope link metric 0 proto auto\s
                        inet 192.168.229.0/24 via 0.0.0.0 src 0.0.0.0 dev dpdk0 mtu 1500 tos 0 scope link metric 0 proto auto\s
                        inet 0.0.0.0/0 via 10.0.96.254 src 0.0.0.0 dev dpdk2 mtu 1500 tos 0 scope global metric 0 proto auto\s
                        """);
    }

    @Test
    @Order(3)
    void addressesReadAsInTheHowTo() {
        assertThat(dpvs.dpip("addr show").succeeded().split("(?<=forever)\n"))
                .containsExactlyInAnyOrder(
                        "inet 10.0.96.204/32 scope global dpdk2\n     valid_lft forever preferred_lft forever",
                        "inet 192.168.229.204/32 scope global dpdk0\n     valid_lft forever preferred_lft forever");
    }

    @Test
    @Order(4)
    void serviceAndLocalAddressReadAsInTheHowTo() {
        assertThat(dpvs.ipvsadm("-ln").succeeded()).isEqualTo("""
                        IP Virtual Server version 1.10.2 (size=0)
                        Prot LocalAddress:Port Scheduler Flags
                          -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
                        TCP  10.0.96.204:80 rr
                          -> 192.168.229.1:80             FullNat 1      0          0        \s
                        """);
        assertThat(dpvs.ipvsadm("-G").succeeded()).isEqualTo("""
                        VIP:VPORT            TOTAL    SNAT_IP              CONFLICTS  CONNS    \s
                        10.0.96.204:80       1       \s
                                                      192.168.229.204      0          0        \s
                        """);
    }

    @Test
    @Order(5)
    void theVipAndTheLocalAddressAnswerPing() {
        assertThat(lab.client().run("ping -c4 -i0.3 10.0.96.204").succeeded()).contains(" 4 received");
        assertThat(lab.server(1).run("ping -c4 -i0.3 192.168.229.204").succeeded())
                .contains(" 4 received");
    }

    @Test
    @Order(6)
    void curlReachesTheServer() {
        assertThat(lab.client().curl("10.0.96.204"))
                .matches("This is rs1\\.\nYour IP and port is 192\\.168\\.229\\.204:\\d+\n");
    }

    @Test
    @Order(7)
    void connectionsAndCountersAreListed() {
        String connection = dpvs.ipvsadm("-lnc").succeeded();
        assertThat(connection)
                .matches(
                        "\\[1\\]tcp 7s +TIME_WAIT +172\\.16\\.0\\.1:\\d+ +10\\.0\\.96\\.204:80 +192\\.168\\.229\\.204:\\d+ +192\\.168\\.229\\.1:80\n");
        String stats = dpvs.ipvsadm("-ln --stats").succeeded();
        assertThat(stats).startsWith("""
                        IP Virtual Server version 1.10.2 (size=0)
                        Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
                          -> RemoteAddress:Port
                        """);
        assertThat(stats)
                .containsPattern(Pattern.compile("TCP  10\\.0\\.96\\.204:80 +1( +[1-9]\\d*){4}\n"))
                .containsPattern(Pattern.compile("  -> 192\\.168\\.229\\.1:80 +1( +[1-9]\\d*){4}\n"));
        assertThat(dpvs.ipvsadm("-ln").succeeded()).containsPattern("192\\.168\\.229\\.1:80 +FullNat 1 +0 +1 ");
        assertThat(dpvs.ipvsadm("-G").succeeded()).containsPattern("192\\.168\\.229\\.204 +0 +1 ");
    }

    @Test
    @Order(8)
    void devicesAreListed() {
        assertThat(dpvs.dpip("link show").succeeded()).matches(Pattern.compile("""
                        1: dpdk0: socket 0 mtu 1500 rx-queue 1 tx-queue 1
                            UP \\d+ Mbps (full|half)-duplex (auto|fixed)-nego .*
                            addr ([0-9A-F]{2}:){5}[0-9A-F]{2} .*
                        2: dpdk2: socket 0 mtu 1500 rx-queue 1 tx-queue 1
                            UP \\d+ Mbps (full|half)-duplex (auto|fixed)-nego .*
                            addr ([0-9A-F]{2}:){5}[0-9A-F]{2} .*
                        """));
        assertThat(dpvs.dpip("neigh show").succeeded())
                .containsPattern("ip: 10\\.0\\.96\\.254 +mac: [0-9a-f:]{17} +state: [A-Z]+ +dev: dpdk2 +core: ")
                .containsPattern("ip: 192\\.168\\.229\\.1 +mac: [0-9a-f:]{17} +state: [A-Z]+ +dev: dpdk0 +core: ");
    }
}
