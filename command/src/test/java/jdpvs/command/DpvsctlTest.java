package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import jdpvs.control.ControlException;
import jdpvs.control.Endpoint;
import jdpvs.control.ErrorCode;
import jdpvs.control.IpAddress;
import jdpvs.control.PacketEvent;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import org.junit.jupiter.api.Test;

class DpvsctlTest {
    private final FakeControl control = new FakeControl("dpdk0");

    @Test
    void status() {
        assertThat(Run.command(control, "dpvsctl status")).isEqualTo(new Run(0, """
                        version         jdpvs 0.1.0
                        instance        instance-1
                        process         4711
                        uptime          1d 02:03:04
                        configuration   /etc/dpvs.conf
                        socket          /var/run/dpvs.ipc
                        connections     7 of 1048576 (0.0%)
                        half-open       3 of 524288, 90 evicted
                        neighbours      0 unresolved evicted
                        memory          256.0 MiB

                        worker  cpu   busy  packets  connections  cycles
                        cpu0      0   0.0%        0            0     100
                        cpu1      1  25.0%    12345            7    2000
                        """, ""));
        assertThat(Run.command(control, "dpvsctl status --json").out())
                .startsWith("{")
                .contains("\"pid\" : 4711");
    }

    @Test
    void statusInAFlood() {
        Views.Status calm = control.status;
        control.status = new Views.Status(
                calm.version(),
                calm.instance(),
                calm.pid(),
                calm.uptimeSeconds(),
                calm.configurationFile(),
                calm.socket(),
                calm.workers(),
                calm.connections(),
                calm.connectionCapacity(),
                new Views.Pressure(262144, 524288, 90, 0, true),
                calm.memoryBytes(),
                calm.notices());
        assertThat(Run.command(control, "dpvsctl status").out())
                .contains("half-open       262144 of 524288, 90 evicted; SYN flood: only repeated SYNs are taken\n");
    }

    @Test
    void statusWithKernelInterfaces() {
        Views.Status calm = control.status;
        control.status = new Views.Status(
                calm.version(),
                calm.instance(),
                calm.pid(),
                calm.uptimeSeconds(),
                calm.configurationFile(),
                calm.socket(),
                calm.workers(),
                calm.connections(),
                calm.connectionCapacity(),
                calm.pressure(),
                calm.memoryBytes(),
                calm.notices(),
                List.of(
                        new Views.KernelInterface("bond1.kni", "bond1", false, false, 0, 0, 0, 0, 0, 0),
                        new Views.KernelInterface("bond2.kni", "bond2", true, false, 12345, 6789, 1, 20, 3, 4)));
        assertThat(Run.command(control, "dpvsctl status").out()).endsWith("""

                        interface         device  to kernel  from kernel  down  limit  refused  missed
                        bond1.kni (gone)  bond1           0            0     0      0        0       0
                        bond2.kni         bond2       12345         6789     1     20        3       4
                        """);
        assertThat(Run.command(control, "dpvsctl status --json").out()).contains("\"droppedLimit\" : 20");
    }

    @Test
    void drops() {
        control.drops = List.of(
                new Views.Drop("NO_ROUTE", "no route leads to the destination", 42, List.of(40L, 2L)),
                new Views.Drop("NOT_SYN", "a TCP packet without a connection that is not a SYN", 0, List.of(0L, 0L)));
        assertThat(Run.command(control, "dpvsctl drops").out()).isEqualTo("""
                        reason    total  meaning
                        NO_ROUTE     42  no route leads to the destination
                        NOT_SYN       0  a TCP packet without a connection that is not a SYN
                        """);
        assertThat(Run.command(control, "dpvsctl drops -v --nonzero").out()).isEqualTo("""
                        reason    total  worker 1  worker 2  meaning
                        NO_ROUTE     42        40         2  no route leads to the destination
                        """);
        assertThat(Run.command(control, "dpvsctl drops --json").out()).contains("\"perWorker\" : [ 40, 2 ]");
    }

    @Test
    void connections() {
        connection("198.51.100.7", 40001, "10.0.0.1", "TCP_EST");
        connection("198.51.100.8", 40002, "10.0.0.2", "TIME_WAIT");
        assertThat(Run.command(control, "dpvsctl conns").out()).isEqualTo("""
                        worker  proto   timeout  state        client                 vip                    local                  server
                        1       tcp     90s      TCP_EST      198.51.100.7:40001     203.0.113.1:80         192.0.2.1:1025         10.0.0.1:80
                        1       tcp     90s      TIME_WAIT    198.51.100.8:40002     203.0.113.1:80         192.0.2.1:1025         10.0.0.2:80
                        """);
        for (String filter : List.of(
                "--client 198.51.100.7",
                "--client=198.51.100.0/29",
                "--client 198.51.100.7:40001",
                "--server 10.0.0.1",
                "--server 10.0.0.1/32:80",
                "--state tcp_est",
                "--vip 203.0.113.1:80 --local 192.0.2.0/24 --server 10.0.0.1")) {
            assertThat(Run.command(control, "dpvsctl conns --count " + filter))
                    .as(filter)
                    .isEqualTo(new Run(0, "1\n", ""));
        }
        assertThat(Run.command(control, "dpvsctl conns --count --client 0.0.0.0/0")
                        .out())
                .isEqualTo("2\n");
        assertThat(Run.command(control, "dpvsctl conns --count --client ::/0").out())
                .isEqualTo("0\n");
        assertThat(Run.command(control, "dpvsctl conns --json --state TIME_WAIT")
                        .out())
                .startsWith("{\"core\":1,\"protocol\":\"tcp\"")
                .hasLineCount(1);
    }

    private void connection(String client, int port, String server, String state) {
        control.connections.add(new Views.Connection(
                1,
                "tcp",
                90,
                state,
                new Endpoint(IpAddress.parse(client), port),
                new Endpoint(IpAddress.parse("203.0.113.1"), 80),
                new Endpoint(IpAddress.parse("192.0.2.1"), 1025),
                new Endpoint(IpAddress.parse(server), 80)));
    }

    private static PacketEvent packet(PacketEvent.Kind kind, String device, String reason, String sentence) {
        String frame = "020000000201 020000000001 0800"
                + "4500 0028 0001 4000 4006 0000 ac100001 0a0060cc 9c40 0050 00000001 00000000 5002 ffff 0000 0000";
        byte[] bytes = HexFormat.of().parseHex(frame.replace(" ", ""));
        return new PacketEvent(
                kind,
                1_234_567_890L,
                1,
                7,
                device,
                bytes.length,
                ByteBuffer.wrap(bytes),
                0,
                reason,
                sentence,
                0,
                0,
                0,
                3);
    }

    @Test
    void captureAsLines() {
        control.events.add(packet(PacketEvent.Kind.RECEIVED, "dpdk0", "", ""));
        control.events.add(packet(PacketEvent.Kind.DROPPED, "dpdk0", "not-syn", "it is none"));
        Run run = Run.command(control, "dpvsctl capture dpdk0 -s 100 tcp or port 80");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines().map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsExactly(
                        "dpdk0 in   IP 172.16.0.1.40000 > 10.0.96.204.80: Flags [S], seq 1, win 65535, length 0",
                        "dpdk0 drop IP 172.16.0.1.40000 > 10.0.96.204.80: Flags [S], seq 1, win 65535, length 0"
                                + "  => not-syn: it is none");
        assertThat(run.error()).isEqualTo("2 packets captured: 1 in, 0 out, 1 dropped; 3 not shown\n");
        assertThat(control.watched).containsExactly(new WatchRequest("dpdk0", "tcp or port 80", 100, false));
    }

    @Test
    void captureEndsAfterTheCount() {
        control.events.add(packet(PacketEvent.Kind.SENT, "dpdk0", "", ""));
        control.events.add(packet(PacketEvent.Kind.SENT, "dpdk0", "", ""));
        Run run = Run.command(control, "dpvsctl capture any -c 1");
        assertThat(run.out()).hasLineCount(1);
        assertThat(run.error()).startsWith("1 packet captured: 0 in, 1 out, 0 dropped");
        assertThat(control.watched.getFirst().device()).isNull();
    }

    /** Blocks of the format, each with its length at both ends: section, interface, packet, statistics. */
    @Test
    void captureAsFile() {
        control.events.add(packet(PacketEvent.Kind.DROPPED, "dpdk0", "not-syn", "it is none"));
        byte[] file =
                Run.command(control, "dpvsctl capture any -w x.pcapng").out().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> types = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            types.add(bytes.getInt());
            int length = bytes.getInt();
            assertThat(length % 4).isZero();
            assertThat(bytes.getInt(start + length - 4)).isEqualTo(length);
            bytes.position(start + length);
        }
        assertThat(types).containsExactly(0x0a0d0d0a, 1, 6, 5);
        assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains("dropped: not-syn: it is none");
    }

    @Test
    void aRefusedCaptureSaysWhy() {
        control.refusal = new ControlException(ErrorCode.INVALID, "filter: there is no condition 'frob'");
        assertThat(Run.command(control, "dpvsctl capture any -w x frob"))
                .isEqualTo(new Run(1, "", "dpvsctl: invalid parameter: filter: there is no condition 'frob'\n"));
    }

    @Test
    void wrongWords() {
        for (String line : List.of(
                "dpvsctl",
                "dpvsctl frob",
                "dpvsctl status --frob",
                "dpvsctl conns --client 1.2.3",
                "dpvsctl conns --client 1.2.3.4/40",
                "dpvsctl conns --client 1.2.3.4:x",
                "dpvsctl conns @/etc/hostname")) {
            Run run = Run.words(
                    control, "dpvsctl", List.of(line.split(" ", -1)).subList(1, line.split(" ", -1).length), "");
            assertThat(run.code()).as(line).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.error()).isNotEmpty();
        }
        assertThat(Run.command(control, "dpvsctl --help").code()).isZero();
        assertThat(Run.command(control, "dpvsctl help conns").out()).contains("--client");
        assertThat(Run.command(control, "dpvsctl --version").out()).startsWith("dpvsctl of jdpvs ");
        assertThat(Run.command(new UnreachableControl("Connection refused"), "dpvsctl status"))
                .isEqualTo(
                        new Run(
                                1,
                                "",
                                "dpvsctl: Connection refused: no running dpvs answers; start it, or set DPVS_IPC_FILE to its socket\n"));
    }
}
