package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Traces;
import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Mark;
import jdpvs.control.Traces.Verdict;
import org.junit.jupiter.api.Test;

/** What {@code dpvsctl trace} and {@code dpvsctl explain} print. */
class TraceCommandTest {
    private final FakeControl control = new FakeControl("dpdk0");

    @Test
    void aTraceIsAListAndAVerdict() {
        control.trace = new Traces.Trace(
                control.trace.question(),
                List.of(
                        new Traces.Finding(
                                "vip", Mark.OK, "10.0.96.204 is an address of dpvs on dpdk2", "dpip addr show"),
                        new Traces.Finding("connection", Mark.NOTE, "none yet", "dpvsctl conns"),
                        new Traces.Finding("route", Mark.BAD, "none leads to the server", "dpip route show")),
                List.of("one thing more"),
                new Verdict(Fate.DROPPED, "no-route", "no route leads to the server", "add one"));
        assertThat(Run.command(control, "dpvsctl trace 172.16.0.1:40000 10.0.96.204:80"))
                .isEqualTo(new Run(1, """
                        trace TCP 172.16.0.1:40000 -> 10.0.96.204:80

                         1  vip         ok  dpip addr show   10.0.96.204 is an address of dpvs on dpdk2
                         2  connection  --  dpvsctl conns    none yet
                         3  route       !!  dpip route show  none leads to the server

                        warning: one thing more
                        verdict: dropped: no-route – no route leads to the server – add one
                        """, ""));
        assertThat(Run.command(control, "dpvsctl trace --json -u 172.16.0.1:40000 10.0.96.204:80")
                        .out())
                .contains("\"protocol\" : \"UDP\"", "\"reason\" : \"no-route\"");
    }

    @Test
    void forwardedIsExitCodeZero() {
        assertThat(Run.command(control, "dpvsctl trace 172.16.0.1:40000 10.0.96.204:80"))
                .isEqualTo(new Run(0, """
                        trace TCP 172.16.0.1:40000 -> 10.0.96.204:80

                        verdict: forwarded to nobody
                        """, ""));
    }

    @Test
    void wrongWords() {
        for (String words : List.of(
                "trace",
                "trace 10.0.0.1:1",
                "trace 10.0.0.1:1 10.0.0.2:x",
                "trace 10.0.0.1 10.0.0.2:80",
                "trace 10.0.0.1:70000 10.0.0.2:80",
                "trace --live --packet 10.0.0.1 10.0.0.2",
                "trace --live --count 0 10.0.0.1 10.0.0.2",
                "explain")) {
            Run run = Run.command(control, "dpvsctl " + words);
            assertThat(run.code()).as(words).isEqualTo(2);
            assertThat(run.error()).as(words).isNotEmpty();
        }
        assertThat(Run.command(control, "dpvsctl trace [2001:db8::1]:1 10.0.0.2:80"))
                .isEqualTo(new Run(1, "", "dpvsctl: not support: trace over IPv6\n"));
    }

    @Test
    void aFileIsExplainedPacketByPacket() {
        control.explained.add(new Traces.Explained(
                1,
                0,
                60,
                "10.0.0.1:1 > 10.0.0.2:80 TCP [S] 0 bytes",
                new Verdict(Fate.TO_SERVER, null, "forwarded to X", "")));
        control.explained.add(new Traces.Explained(
                2, 0, 60, "IPv6, 60 bytes", new Verdict(Fate.DROPPED, "not-local", "not ours", "")));
        assertThat(Run.command(control, "dpvsctl explain -")).isEqualTo(new Run(0, """
                            1  10.0.0.1:1 > 10.0.0.2:80 TCP [S] 0 bytes  =>  forwarded to X
                            2  IPv6, 60 bytes  =>  dropped: not-local – not ours

                        2 packets
                               1  dropped: not-local
                               1  forwarded to a server
                        """, ""));
        control.broken = new ControlException(ErrorCode.INVALID, "it is broken");
        assertThat(Run.command(control, "dpvsctl explain -s x.pcap"))
                .isEqualTo(new Run(1, """
                        2 packets
                               1  dropped: not-local
                               1  forwarded to a server
                        """, "dpvsctl: x.pcap: it is broken\n"));
    }
}
