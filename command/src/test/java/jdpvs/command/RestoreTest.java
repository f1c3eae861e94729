package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code -S} keeps everything, {@code -R} gives it back, or nothing. */
class RestoreTest {
    private static final String EVERYTHING = """
            -A -t 10.0.0.1:80 -s wrr -p 300 -M 255.255.255.0 -j enable --expire-quiescent --conn-timeout 60 --proxy-protocol v2 --dest-check default --dest-check ping
            -a -t 10.0.0.1:80 -r 10.0.1.1:8080 -b -w 100 -x 2000 -y 1000
            -a -t 10.0.0.1:80 -r 10.0.1.2:8080 -b -w 0
            -P -t 10.0.0.1:80 -z 10.0.2.1 -F dpdk0
            -P -t 10.0.0.1:80 -z 10.0.2.2 -F dpdk1
            -A -u 10.0.0.1:443 -s conhash --ops --hash-target qid --quic
            -a -u 10.0.0.1:443 -r 10.0.1.1:443 -m -w 1
            -a -u 10.0.0.1:443 -r 10.0.1.2:443 -i -w 1
            -a -u 10.0.0.1:443 -r 10.0.1.3:443 -J -w 1
            -A --sctp-service 10.0.0.1:9 -s rr
            -A -t [2001:db8::1]:80 -s rr -p 60 -M 64
            -a -t [2001:db8::1]:80 -r [2001:db8::2]:80 -b -w 1
            -A -1 [2001:db8::1] -s rr
            """;

    private final FakeControl control = new FakeControl("dpdk0", "dpdk1");

    @BeforeEach
    void something() {
        Run.command(control, "ipvsadm -A -t 10.9.9.9:99 -s rr");
        control.accepted = 0;
    }

    @Test
    void whatIsSavedIsRestored() {
        assertThat(Run.command(control, "ipvsadm-restore", EVERYTHING)).isEqualTo(new Run(0, "", ""));
        assertThat(control.accepted).isEqualTo(1);
        assertThat(Run.command(control, "ipvsadm -Sn").out()).isEqualTo(EVERYTHING);
        assertThat(Run.command(control, "ipvsadm-save -n").out()).isEqualTo(EVERYTHING);
        // Again, over itself: local addresses are on their devices already.
        assertThat(Run.command(control, "ipvsadm-restore", EVERYTHING)).isEqualTo(new Run(0, "", ""));
        assertThat(Run.command(control, "ipvsadm -Sn").out()).isEqualTo(EVERYTHING);
    }

    @Test
    void restoreWithoutClearAdds() {
        String input =
                "# comment\n\n  ipvsadm -A -t 10.0.0.1:80 -s rr  \nipvsadm\n\tipvsadm\t-a -t 10.0.0.1:80 -r 10.0.1.1 -b\r\n";
        assertThat(Run.command(control, "ipvsadm -R", input)).isEqualTo(new Run(0, "", ""));
        assertThat(Run.command(control, "ipvsadm -Sn").out()).isEqualTo("""
                        -A -t 10.0.0.1:80 -s rr
                        -a -t 10.0.0.1:80 -r 10.0.1.1:80 -b -w 1
                        -A -t 10.9.9.9:99 -s rr
                        """);
    }

    @Test
    void theFirstBadLineIsNamedAndNothingChanges() {
        refused(
                "-A -t 10.0.0.1:80\n# x\n-A -t 10.0.0.1:\n",
                2,
                "line 3: illegal virtual server address[:port] specified");
        refused(
                "-A -t 10.0.0.1:80\n-A -t 10.0.0.2:80 -w 3\n",
                2,
                "line 2: Illegal 'weight' option with the 'add-service' command");
        refused("frob\n", 2, "line 1: the first option is not a command");
        refused("-A -t 10.0.0.1:80 --frob\n", 2, "line 1: --frob: unknown option");
        refused("-A -t 10.0.0.1:80\n-L\n", 2, "line 2: the 'list' command is nothing to restore");
        refused("-R\n", 2, "line 1: the 'restore' command is nothing to restore");
        refused("-A -t 10.0.0.1:80\n\n\n-A -t 10.0.0.1:80\n", 253, "line 4: already exist: service TCP 10.0.0.1:80");
        refused(
                "-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.7:80 -r 10.0.0.2\n",
                255,
                "line 2: invalid parameter: TCP 10.0.0.7:80 is no service");
        refused(
                "-A -f 1\n",
                242,
                "line 1: ipvsadm: not support: services by firewall mark (-f); not part of jdpvs yet");
        refused("-A " + "x".repeat(70_000) + "\n", 2, "line 1: longer than ipvsadm -R takes");
    }

    private void refused(String input, int code, String error) {
        for (String tool : new String[] {"ipvsadm -R", "ipvsadm-restore"}) {
            assertThat(Run.command(control, tool, input))
                    .isEqualTo(new Run(code, "", error + "; nothing was changed\n"));
            assertThat(control.accepted).isZero();
            assertThat(Run.command(control, "ipvsadm -Sn").out()).isEqualTo("-A -t 10.9.9.9:99 -s rr\n");
        }
    }

    @Test
    void tenThousandLines() {
        StringBuilder input = new StringBuilder();
        for (int service = 0; service < 500; service++) {
            String vip = "10.1." + service / 250 + "." + service % 250 + ":80";
            input.append("-A -t ").append(vip).append(" -s wrr\n");
            for (int server = 0; server < 19; server++) {
                input.append("-a -t ")
                        .append(vip)
                        .append(" -r 10.2.0.")
                        .append(server + 1)
                        .append(":80 -b -w 1\n");
            }
        }
        assertThat(Run.command(control, "ipvsadm-restore", input.toString())).isEqualTo(new Run(0, "", ""));
        assertThat(Run.command(control, "ipvsadm -Sn").out())
                .hasLineCount(10_000)
                .isEqualTo(input.toString());
    }

    @Test
    void wrongWords() {
        assertThat(Run.command(control, "ipvsadm-save -x").code()).isEqualTo(2);
        assertThat(Run.command(control, "ipvsadm-restore file").code()).isEqualTo(2);
    }
}
