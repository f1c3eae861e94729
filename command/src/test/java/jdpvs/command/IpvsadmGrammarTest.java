package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The legality table, popt's rules, and the messages of the local checks (facts: cli §4.1 to §4.5). */
class IpvsadmGrammarTest {
    private static final String TRY = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";

    private record Row(String line, int code, String error) {}

    private static final List<Row> WRONG = List.of(
            new Row("ipvsadm -t 10.0.0.1:80", 255, TRY),
            new Row("ipvsadm -n -L", 255, TRY),
            new Row("ipvsadm --frob", 255, "--frob: unknown option\n" + TRY),
            new Row("ipvsadm frob", 255, TRY),
            new Row("ipvsadm -", 255, TRY),
            new Row("ipvsadm -L --frob", 255, "--frob: unknown option\n" + TRY),
            new Row("ipvsadm -LK", 255, "-K: unknown option\n" + TRY),
            new Row("ipvsadm -A -t", 255, "-t: missing argument\n"),
            new Row("ipvsadm -L --numeric=1", 2, "--numeric: option does not take an argument\n"),
            new Row("ipvsadm -AD -t 10.0.0.1:80", 2, "multiple commands specified\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 -s rr -s rr", 2, "multiple 'scheduler' options specified\n"),
            new Row("ipvsadm -D -t 10.0.0.1:80 -u 10.0.0.1:80", 2, "multiple 'service-address' options specified\n"),
            new Row(
                    "ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -b -m",
                    2,
                    "multiple 'forwarding-method' options specified\n"),
            new Row("ipvsadm -D -t 10.0.0.1:80 surplus", 2, "unexpected argument surplus\n"),
            new Row(
                    "ipvsadm -D",
                    2,
                    "You need to supply the 'service-address' option for the 'delete-service' command\n"),
            new Row(
                    "ipvsadm -a -r 192.0.2.9:80",
                    2,
                    "You need to supply the 'service-address' option for the 'add-server' command\n"),
            new Row(
                    "ipvsadm -a -t 10.0.0.1:80",
                    2,
                    "You need to supply the 'real-server' option for the 'add-server' command\n"),
            new Row(
                    "ipvsadm -P -t 10.0.0.1:80 -F dpdk0",
                    2,
                    "You need to supply the 'local-address' option for the 'add-laddr' command\n"),
            new Row(
                    "ipvsadm -P -t 10.0.0.1:80 -z 10.0.0.2",
                    2,
                    "You need to supply the 'ifname' option for the 'add-laddr' command\n"),
            new Row("ipvsadm -C -n", 2, "Illegal 'numeric' option with the 'flush' command\n"),
            new Row(
                    "ipvsadm -D -t 10.0.0.1:80 -s rr",
                    2,
                    "Illegal 'scheduler' option with the 'delete-service' command\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 -w 5", 2, "Illegal 'weight' option with the 'add-service' command\n"),
            new Row(
                    "ipvsadm -lnc -t 10.0.0.1:80",
                    2,
                    "The option 'service-address' conflicts with the 'connection' option in the 'list' command\n"),
            new Row(
                    "ipvsadm -lc --timeout",
                    2,
                    "The option 'timeout' conflicts with the 'connection' option in the 'list' command\n"),
            new Row("ipvsadm -lc --stats", 2, "options conflicts in the list command\n"),
            new Row("ipvsadm -A -t 10.10.1.400:80", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t 80", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t 10.0.0.1:99999", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t 10.0.0.1:nosuchservice", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t 2001:db8::1", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t [2001:db8::1]80", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t [2001:db8::1", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -q 10.0.0.1:80", 2, "illegal virtual server address[:port] specified\n"),
            new Row("ipvsadm -A -t 10.0.0.1", 2, "Zero port specified for no-match and non-persistent service\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 --ops", 2, "One-Packet Scheduling is only for UDP virtual services\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 -p 0", 2, "illegal timeout specified\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 -p 60 -M 255.0.255.0", 2, "illegal netmask specified\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 -j maybe", 2, "synproxy switch must be enable or disable\n"),
            new Row(
                    "ipvsadm -A -t 10.0.0.1:80 -s rr --hash-target sip",
                    2,
                    "hash target can only be set when schedule is conhash\n"),
            new Row(
                    "ipvsadm -A -t 10.0.0.1:80 -s conhash --hash-target qid",
                    2,
                    "qid hash can only be set in udp service\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 -s conhash --hash-target x", 2, "hash target not support\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 --dest-check frob", 2, "invalid dest_check config\n"),
            new Row("ipvsadm -A -t 10.0.0.1:80 --conn-timeout x", 2, "illegal conn-timeout specified\n"),
            new Row("ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.400", 2, "illegal real server address[:port] specified\n"),
            new Row("ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -w 65536", 2, "illegal weight specified\n"),
            new Row("ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -w -1", 2, "illegal weight specified\n"),
            new Row("ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -x many", 2, "illegal u_threshold specified\n"),
            new Row("ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -y many", 2, "illegal l_threshold specified\n"),
            new Row("ipvsadm -P -t 10.0.0.1:80 -z nowhere.invalid -F dpdk0", 2, "illegal local address\n"),
            new Row("ipvsadm -A -H proto=tcp", 2, "illegal match specified\n"),
            new Row("ipvsadm -A -f x", 2, "invalid fwmark value `x' specified\n"),
            new Row("ipvsadm -A -f 1 -6", 2, "-6 used before -f\n"),
            new Row("ipvsadm --set 1 2", 2, "--set option requires 3 timeout values\n"),
            new Row("ipvsadm --set 1 2 x", 2, "invalid timeout value `x' specified\n"),
            new Row(
                    "ipvsadm -U -t 10.0.0.1:80 -k nowhere.invalid",
                    2,
                    "illegal blacklist entry format, require [ IP | ipset:NAME ]\n"),
            new Row("ipvsadm -lc --sockpair tcp:1.2.3.4:5", 2, "illegal sockpair<af:sip:sport:tip:tport> specified\n"),
            new Row("ipvsadm -L --cpu x", 2, "illegal cpu specified\n"));

    private static final List<Row> NOT_SUPPORTED = List.of(
            new Row("ipvsadm -A -H proto=tcp,src-range=192.0.2.0-192.0.2.255,oif=dpdk1", 242, "match"),
            new Row("ipvsadm -A -f 7", 242, "firewall mark"),
            new Row("ipvsadm -U -t 10.0.0.1:80 -k ipset:bad", 242, "add-blklst"),
            new Row("ipvsadm -B", 242, "get-blklst"),
            new Row("ipvsadm --set 1 2 3", 242, "--set"),
            new Row("ipvsadm --start-daemon master", 242, "start-daemon"),
            new Row("ipvsadm -ln --cpu 2", 242, "--cpu 2"),
            new Row("ipvsadm -l --timeout", 1, "time-outs"),
            new Row("ipvsadm -l --daemon", 1, "daemons"));

    private static final List<Row> REFUSED = List.of(
            new Row("ipvsadm -A -t 10.0.0.1:80 -s rr", 253, "already exist: service TCP 10.0.0.1:80"),
            new Row("ipvsadm -A -t 10.0.0.1:81 -s nosuch", 252, "not exist: scheduler nosuch"),
            new Row("ipvsadm -E -t 10.0.0.1:81 -s rr", 255, "invalid parameter: TCP 10.0.0.1:81"),
            new Row("ipvsadm -D -t 10.0.0.1:81", 255, "invalid parameter: TCP 10.0.0.1:81"),
            new Row("ipvsadm -a -t 10.0.0.1:81 -r 10.0.0.2", 255, "invalid parameter: TCP 10.0.0.1:81"),
            new Row("ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -b", 253, "already exist: server 10.0.0.2:80"),
            new Row("ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.3 -b", 252, "not exist: server 10.0.0.3:80"),
            new Row("ipvsadm -d -t 10.0.0.1:80 -r 10.0.0.2:81", 252, "not exist: server 10.0.0.2:81"),
            new Row("ipvsadm -P -t 10.0.0.1:81 -z 10.0.0.9 -F dpdk0", 239, "no service: TCP 10.0.0.1:81"),
            new Row("ipvsadm -P -t 10.0.0.1:80 -z 10.0.0.9 -F dpdk7", 252, "not exist: device dpdk7"),
            new Row("ipvsadm -ln -t 10.0.0.1:81", 1, "no service: TCP 10.0.0.1:81"),
            new Row("ipvsadm -G -t 10.0.0.1:81", 1, "no service: TCP 10.0.0.1:81"),
            new Row("ipvsadm -lnc --sockpair tcp:1.2.3.4:5:10.0.0.1:80", 1, "connection specified not found"));

    @TestFactory
    List<DynamicTest> wrong() {
        return WRONG.stream()
                .map(row -> DynamicTest.dynamicTest(row.line, () -> {
                    FakeControl control = new FakeControl("dpdk0");
                    assertThat(Run.command(control, row.line)).isEqualTo(new Run(row.code, "", row.error));
                    assertThat(control.accepted).isZero();
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> refused() {
        return Stream.concat(NOT_SUPPORTED.stream(), REFUSED.stream())
                .map(row -> DynamicTest.dynamicTest(row.line, () -> {
                    FakeControl control = new FakeControl("dpdk0");
                    Run.command(control, "ipvsadm -A -t 10.0.0.1:80 -s rr");
                    Run.command(control, "ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -b");
                    Run run = Run.command(control, row.line);
                    assertThat(run.code()).isEqualTo(row.code);
                    assertThat(run.out()).isEmpty();
                    assertThat(run.error()).contains(row.error).endsWith("\n");
                    assertThat(control.accepted).isEqualTo(2);
                }))
                .toList();
    }

    @Test
    void poptTakesTheseAlike() {
        for (String line : List.of(
                "ipvsadm -A -t 10.0.0.1:80 -s rr -p 60",
                "ipvsadm -At 10.0.0.1:80 -s rr -p 60",
                "ipvsadm -At10.0.0.1:80 -srr -p60",
                "ipvsadm -At=10.0.0.1:80 -s=rr -p=60",
                "ipvsadm --add-service --tcp-service 10.0.0.1:80 --scheduler=rr --persistent=60",
                "ipvsadm -A -p 60 -s rr -t 10.0.0.1:80")) {
            FakeControl control = new FakeControl("dpdk0");
            assertThat(Run.command(control, line)).as(line).isEqualTo(new Run(0, "", ""));
            assertThat(Run.command(control, "ipvsadm -Sn").out()).as(line).isEqualTo("-A -t 10.0.0.1:80 -s rr -p 60\n");
        }
    }

    @Test
    void defaults() {
        FakeControl control = new FakeControl("dpdk0");
        Run.command(control, "ipvsadm -A -t 10.0.0.1:80 -p -s wrr");
        Run.command(control, "ipvsadm -A -u 10.0.0.1:53");
        Run.command(control, "ipvsadm -a -u 10.0.0.1:53 -r 10.0.0.2");
        assertThat(Run.command(control, "ipvsadm --save --numeric").out()).isEqualTo("""
                        -A -t 10.0.0.1:80 -s wrr -p 360
                        -A -u 10.0.0.1:53 -s wlc
                        -a -u 10.0.0.1:53 -r 10.0.0.2:53 -g -w 1
                        """);
        // What an edit does not repeat returns to its default.
        Run.command(control, "ipvsadm -E -t 10.0.0.1:80");
        assertThat(Run.command(control, "ipvsadm -Sn").out()).startsWith("-A -t 10.0.0.1:80 -s wlc\n");
    }

    @Test
    void withoutDaemon() {
        UnreachableControl nobody = new UnreachableControl("No such file or directory");
        Run failed = new Run(
                2, "", "Can't initialize ipvs: No such file or directory\nAre you sure that dpvs is running?\n");
        for (String line : List.of(
                "ipvsadm -ln", "ipvsadm -C", "ipvsadm -lnc", "ipvsadm -G", "ipvsadm -S", "ipvsadm -R", "ipvsadm -Z")) {
            assertThat(Run.command(nobody, line)).as(line).isEqualTo(failed);
        }
        assertThat(Run.words(nobody, "ipvsadm", List.of(), "")).isEqualTo(failed);
        assertThat(Run.command(nobody, "ipvsadm -v"))
                .isEqualTo(new Run(0, "ipvsadm v1.27 2008/5/15 (compiled with popt and IPVS v1.10.2)\n", ""));
        Run help = Run.command(nobody, "ipvsadm --help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("add-laddr", "--rate");
    }

    @Test
    void zeroNeedsNoService() {
        FakeControl control = new FakeControl("dpdk0");
        assertThat(Run.command(control, "ipvsadm -Z")).isEqualTo(new Run(0, "", ""));
        assertThat(control.accepted).isEqualTo(1);
    }
}
