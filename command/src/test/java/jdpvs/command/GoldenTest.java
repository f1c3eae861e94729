package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Sessions typed into the tools, compared to the byte with what DPVS 1.10.2 printed. In the files {@code $} is a command, {@code |} standard output, {@code !} standard
 * error, {@code =} the exit code. Standard error is our own: DPVS's phrase, and what and which. Other differences from the recording stand there as comments.
 */
class GoldenTest {
    @Test
    void dpvsSession() throws IOException {
        replay("session.txt", new FakeControl("dpdk0", "dpdk1"));
    }

    @Test
    void howTo() throws IOException {
        replay("how-to.txt", new FakeControl("dpdk0", "dpdk1", "dpdk2"));
    }

    @Test
    void howToIpv6() throws IOException {
        replay("how-to-ipv6.txt", new FakeControl("bond1", "bond2"));
    }

    /** The how-to's section 2, then what else there is to ask of bonds. The sentences of LACP are invented. */
    @Test
    void howToBonding() throws IOException {
        FakeControl control = new FakeControl("dpdk0", "dpdk1", "dpdk2", "dpdk3");
        Views.Slave first = new Views.Slave(
                "dpdk0", "AA:BB:CC:11:22:33", true, true, true, true, 0, "lacp negotiated with 02:00:00:00:00:99");
        Views.Slave second = new Views.Slave(
                "dpdk1", "AA:BB:CC:11:22:34", true, true, true, false, 3, "lacp negotiated with 02:00:00:00:00:99");
        control.network()
                .links
                .add(FakeNetwork.bond(
                        5,
                        "bond1",
                        "AA:BB:CC:11:22:33",
                        new Views.Bond(4, "LAYER34", 50, 0, 0, 2, List.of(first, second))));
        Views.Slave third = new Views.Slave("dpdk2", "AA:BB:CC:12:34:56", false, false, false, true, 1, "");
        Views.Slave fourth = new Views.Slave("dpdk3", "AA:BB:CC:12:34:57", true, true, true, false, 0, "");
        control.network()
                .links
                .add(FakeNetwork.bond(
                        6,
                        "bond2",
                        "AA:BB:CC:12:34:56",
                        new Views.Bond(1, "LAYER2", 100, 200, 300, 1, List.of(third, fourth))));
        replay("how-to-bonding.txt", control);
    }

    /** The layout is of the facts (cli §3.5). */
    @Test
    void vlans() throws IOException {
        replay("vlan.txt", new FakeControl("dpdk0", "bond0"));
    }

    @Test
    void connections() throws IOException {
        FakeControl control = new FakeControl("dpdk0", "dpdk1");
        Endpoint vip = endpoint("10.10.1.100", 80);
        Endpoint server = endpoint("10.10.2.2", 80);
        control.connections.add(connection(7, "TIME_WAIT", 42190, vip, 1025, server));
        control.connections.add(connection(90, "TCP_EST", 42200, vip, 1026, server));
        Views.Counters counters = new Views.Counters(2, 8, 5, 435, 500);
        control.counters.put(vip, counters);
        control.counters.put(server, counters);
        control.network().poolUsed = 2;
        control.network().count(0, new Views.LinkCounters(9, 6, 589, 612, 0, 0, 0, 0, 131071, 0));
        replay("connections.txt", control);
    }

    /** The layout is of the facts (cli §3.8); the numbers are invented. */
    @Test
    void ipv6Counters() throws IOException {
        FakeControl control = new FakeControl("dpdk0", "dpdk1");
        control.ipv6Counters = List.of(
                new Views.Ipv6Counter("InReceives", "", 1822, List.of(0L, 1822L)),
                new Views.Ipv6Counter(
                        "OutForwDatagrams", "", 12_000_000_000L, List.of(2_000_000_000L, 10_000_000_000L)),
                new Views.Ipv6Counter("OutRequests", "", 1790, List.of(0L, 1790L)),
                new Views.Ipv6Counter("InCEPkts", "", 0, List.of(0L, 0L)));
        replay("ipv6.txt", control);
    }

    private static Views.Connection connection(
            int timeout, String state, int clientPort, Endpoint vip, int localPort, Endpoint server) {
        return new Views.Connection(
                1,
                "tcp",
                timeout,
                state,
                endpoint("10.10.1.2", clientPort),
                vip,
                endpoint("10.10.2.200", localPort),
                server);
    }

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(IpAddress.parse(address), port);
    }

    private static void replay(String file, FakeControl control) throws IOException {
        StringBuilder played = new StringBuilder();
        String golden = read(file);
        for (String line : golden.lines().toList()) {
            if (line.startsWith("$ ")) {
                Run run = Run.command(control, line.substring(2));
                played.append(line).append('\n');
                append(played, "| ", run.out());
                append(played, "! ", run.error());
                played.append("= ").append(run.code()).append('\n');
            } else if (line.isEmpty() || line.startsWith("#")) {
                played.append(line).append('\n');
            }
        }
        // Left behind for whoever has to compare.
        Path copy = Files.createDirectories(Path.of("target/golden")).resolve(file);
        Files.writeString(copy, played);
        assertThat(played.toString()).isEqualTo(golden);
    }

    private static void append(StringBuilder played, String mark, String text) {
        for (String line : text.isEmpty() ? List.<String>of() : List.of(text.split("\n", -1))) {
            played.append(mark).append(line).append('\n');
        }
        if (text.endsWith("\n")) {
            played.setLength(played.length() - mark.length() - 1);
        }
    }

    private static String read(String file) throws IOException {
        try (@Nullable InputStream in = GoldenTest.class.getResourceAsStream("/golden/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
