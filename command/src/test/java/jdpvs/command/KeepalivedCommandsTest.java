package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.Protocol;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;
import org.junit.jupiter.api.Test;

/** {@code dpvsctl ha} and {@code dpvsctl health}. */
class KeepalivedCommandsTest {
    private static final long NOON = 1_795_867_200_000L;

    private final FakeControl control = new FakeControl("dpdk0");

    private void reported(KeepalivedReport report, long ageMillis) {
        control.keepalived = List.of(new Views.Keepalived(report, NOON, ageMillis));
    }

    private static KeepalivedReport report(
            List<KeepalivedReport.Instance> instances,
            List<KeepalivedReport.VirtualServer> virtualServers,
            String... refused) {
        return report(KeepalivedReport.Part.EVERYTHING, instances, virtualServers, refused);
    }

    private static KeepalivedReport report(
            KeepalivedReport.Part part,
            List<KeepalivedReport.Instance> instances,
            List<KeepalivedReport.VirtualServer> virtualServers,
            String... refused) {
        return new KeepalivedReport(
                321,
                part,
                "/etc/keepalived/keepalived.conf",
                NOON,
                NOON,
                instances,
                virtualServers,
                KeepalivedReport.Made.NOTHING,
                List.of(refused));
    }

    private static final List<KeepalivedReport.Instance> INSTANCES = List.of(
            new KeepalivedReport.Instance(
                    "VI_1",
                    "dpdk0.kni",
                    "dpdk0",
                    51,
                    false,
                    2,
                    "MASTER",
                    NOON,
                    "no advertisement for 3.6 s",
                    100,
                    100,
                    null,
                    "G1",
                    List.of("10.0.96.204/32", "10.0.96.205/32"),
                    12,
                    3,
                    0,
                    List.of(
                            new KeepalivedReport.Transition(NOON - 4000, "INIT", "BACKUP", "started"),
                            new KeepalivedReport.Transition(
                                    NOON + 1, "BACKUP", "MASTER", "no advertisement for 3.6 s"))),
            new KeepalivedReport.Instance(
                    "VI_6",
                    "dpdk0.kni",
                    null,
                    52,
                    true,
                    3,
                    "BACKUP",
                    NOON,
                    "fe80::1 has priority 200",
                    80,
                    100,
                    IpAddress.parse("fe80::1"),
                    null,
                    List.of(),
                    0,
                    77,
                    1,
                    List.of()));

    @Test
    void instances() {
        reported(report(INSTANCES, List.of()), 3000);
        assertThat(Run.command(control, "dpvsctl ha")).isEqualTo(new Run(0, """
                        instance  state   since                 interface  vrid  family   priority     master  sent  received  refused
                        VI_1      MASTER  2026-11-28T12:00:00Z  dpdk0.kni    51    IPv4        100  this host    12         3        0
                        VI_6      BACKUP  2026-11-28T12:00:00Z  dpdk0.kni    52    IPv6  80 of 100    fe80::1     0        77        1

                        VI_1: MASTER, no advertisement for 3.6 s
                          VRRP version 2, sync group G1
                          addresses on dpdk0: 10.0.96.204/32, 10.0.96.205/32
                          2026-11-28T11:59:56.000Z  INIT -> BACKUP: started
                          2026-11-28T12:00:00.001Z  BACKUP -> MASTER: no advertisement for 3.6 s

                        VI_6: BACKUP, fe80::1 has priority 200
                          VRRP version 3
                          addresses on no device of dpvs: none
                        """, ""));
        assertThat(Run.command(control, "dpvsctl ha --json").out())
                .startsWith("{")
                .contains("\"ageMillis\" : 3000", "\"virtualRouterId\" : 51");
    }

    @Test
    void health() {
        KeepalivedReport.Check tcp = new KeepalivedReport.Check(
                "TCP_CHECK", "10.0.0.1:80", true, NOON, NOON + 5000, "connection refused", NOON - 1000, 9, 2);
        KeepalivedReport.Check misc = new KeepalivedReport.Check(
                "MISC_CHECK", "/bin/check 10.0.0.1", false, NOON, NOON, "exited with status 2", NOON, 3, 3);
        KeepalivedReport.Check young =
                new KeepalivedReport.Check("TCP_CHECK", "10.0.0.2:80", true, NOON, 0, "", 0, 0, 0);
        reported(
                report(
                        List.of(),
                        List.of(
                                new KeepalivedReport.VirtualServer(
                                        "virtual_server [10.0.96.204]:tcp:80",
                                        List.of(new ServiceKey(Protocol.TCP, IpAddress.parse("10.0.96.204"), 80)),
                                        true,
                                        NOON,
                                        3,
                                        1,
                                        false,
                                        List.of(
                                                server("10.0.0.1", false, 0, List.of(tcp, misc)),
                                                server("10.0.0.2", true, 3, List.of(young)),
                                                server("10.0.0.3", true, 1, List.of()))),
                                new KeepalivedReport.VirtualServer(
                                        "virtual_server group G",
                                        List.of(
                                                new ServiceKey(Protocol.UDP, IpAddress.parse("10.0.96.205"), 53),
                                                new ServiceKey(Protocol.UDP, IpAddress.parse("10.0.96.206"), 53)),
                                        false,
                                        NOON,
                                        0,
                                        2,
                                        true,
                                        List.of())),
                        "virtual_server x: dpvs says not exist: scheduler frob"),
                0);
        assertThat(Run.command(control, "dpvsctl health")).isEqualTo(new Run(0, """
                        virtual_server [10.0.96.204]:tcp:80: up since 2026-11-28T12:00:00Z, weight 3, quorum 1
                          services: TCP 10.0.96.204:80
                          server       weight  check       target               state    since                 failed  last error
                          10.0.0.1:80  0       all         -                    DOWN     2026-11-28T12:00:00Z  -       -
                                               TCP_CHECK   10.0.0.1:80          up       2026-11-28T12:00:00Z  2 of 9  2026-11-28T11:59:59Z connection refused
                                               MISC_CHECK  /bin/check 10.0.0.1  DOWN     2026-11-28T12:00:00Z  3 of 3  2026-11-28T12:00:00Z exited with status 2
                          10.0.0.2:80  3       TCP_CHECK   10.0.0.2:80          not yet  2026-11-28T12:00:00Z  0 of 0  -
                          10.0.0.3:80  1       none        -                    up       2026-11-28T12:00:00Z  -       -

                        virtual_server group G: DOWN since 2026-11-28T12:00:00Z, weight 0, quorum 2, the sorry server serves
                          services: UDP 10.0.96.205:53, UDP 10.0.96.206:53

                        not on dpvs: virtual_server x: dpvs says not exist: scheduler frob
                        """, ""));
        assertThat(Run.command(control, "dpvsctl health --json").out()).contains("\"keyword\" : \"MISC_CHECK\"");
    }

    private static KeepalivedReport.Server server(
            String address, boolean up, int weight, List<KeepalivedReport.Check> checks) {
        return new KeepalivedReport.Server(new Endpoint(IpAddress.parse(address), 80), up, NOON, weight, checks);
    }

    @Test
    void nothingConfigured() {
        reported(report(List.of(), List.of()), 0);
        assertThat(Run.command(control, "dpvsctl ha")).isEqualTo(new Run(0, "no VRRP instances\n", ""));
        assertThat(Run.command(control, "dpvsctl health")).isEqualTo(new Run(0, "no virtual servers\n", ""));
    }

    @Test
    void nobodyHasReported() {
        for (String command : List.of("ha", "health", "ha --json")) {
            assertThat(Run.command(control, "dpvsctl " + command))
                    .isEqualTo(new Run(1, "", "dpvsctl: no keepalived has reported to dpvs since it was started\n"));
        }
    }

    @Test
    void eachPartOfTheWorkIsAskedFromWhoDoesIt() {
        Views.Keepalived vrrp = new Views.Keepalived(report(KeepalivedReport.Part.VRRP, INSTANCES, List.of()), NOON, 0);
        Views.Keepalived checks =
                new Views.Keepalived(report(KeepalivedReport.Part.CHECKS, List.of(), List.of()), NOON, 0);
        control.keepalived = List.of(vrrp);
        assertThat(Run.command(control, "dpvsctl health"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "dpvsctl: no keepalived that checks servers has reported to dpvs since it was started\n"));
        control.keepalived = List.of(checks);
        assertThat(Run.command(control, "dpvsctl ha"))
                .isEqualTo(new Run(
                        1, "", "dpvsctl: no keepalived that runs VRRP has reported to dpvs since it was started\n"));
        control.keepalived = List.of(checks, vrrp);
        assertThat(Run.command(control, "dpvsctl ha").out()).startsWith("instance");
        assertThat(Run.command(control, "dpvsctl health").out()).isEqualTo("no virtual servers\n");
    }

    @Test
    void aKeepalivedThatIsSilent() {
        reported(report(List.of(), List.of()), 15_000);
        assertThat(Run.command(control, "dpvsctl ha").code()).isZero();
        reported(report(INSTANCES, List.of()), 20_500);
        Run run = Run.command(control, "dpvsctl ha");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).startsWith("instance");
        assertThat(run.error()).isEqualTo("dpvsctl: keepalived (process 321) has not been heard of for 20 s\n");
    }
}
