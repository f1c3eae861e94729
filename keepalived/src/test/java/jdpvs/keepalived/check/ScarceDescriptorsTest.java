package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.configuration.Script;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.linux.InternetSockets;
import jdpvs.linux.Sockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A process that can open nothing more. What is used then was used before: classes could not be loaded any more either. */
@Isolated("nothing in this JVM can open a file or start a program meanwhile")
class ScarceDescriptorsTest {
    private final ScriptRunner scripts = new ScriptRunner();

    private static Target ping(String networkInterface) {
        return new Target(new Endpoint(IpAddress.parse("127.0.0.1"), 0), null, 0, networkInterface, 0);
    }

    private MiscProbe misc(String program) {
        return new MiscProbe(
                new CheckSettings.Misc(
                        Settings.TIMING, new Script(List.of(program), null, null), Duration.ofSeconds(20), true),
                scripts);
    }

    /** Of servers that nobody is at, and a program that fails. */
    private Map<String, Probe> probes(Pinger pinger) throws Exception {
        int port = Settings.closedPort();
        Map<String, Probe> probes = new LinkedHashMap<>();
        probes.put("TCP_CHECK", new TcpProbe(Settings.tcp(port)));
        probes.put("HTTP_GET", new HttpProbe(Settings.http(port, "1.1", Settings.url("/1"), Settings.url("/2"))));
        probes.put("SMTP_CHECK", new SmtpProbe(new CheckSettings.Smtp(Settings.TIMING, Settings.target(port), "lb")));
        probes.put("DNS_CHECK", new DnsProbe(new CheckSettings.Dns(Settings.TIMING, Settings.target(port), 6, ".")));
        probes.put(
                "UDP_CHECK",
                new UdpProbe(
                        new CheckSettings.Udp(Settings.TIMING, Settings.target(port), "x", true, null, 0, 9, null)));
        probes.put("PING_CHECK", new PingProbe(new CheckSettings.Ping(Settings.TIMING, ping("lo")), pinger));
        probes.put("MISC_CHECK", misc("false"));
        return probes;
    }

    private static Map<String, Result> run(Map<String, Probe> probes) throws InterruptedException {
        Map<String, Result> results = new LinkedHashMap<>();
        for (Map.Entry<String, Probe> each : probes.entrySet()) {
            results.put(each.getKey(), each.getValue().run(true));
        }
        return results;
    }

    @Test
    void sayNothingOfServers() throws Exception {
        Map<String, Result> before;
        try (Pinger pinger = new Pinger()) {
            before = run(probes(pinger));
            new PingProbe(new CheckSettings.Ping(Settings.TIMING, ping("none0")), pinger).run(true);
            misc("/nowhere/program").run(true);
        }
        assertThat(before.values())
                .allSatisfy(result -> assertThat(result.decided()).isTrue());
        try (Pinger pinger = new Pinger()) {
            Map<String, Probe> probes = probes(pinger);
            Map<String, Result> without;
            try (NoDescriptors _ = new NoDescriptors()) {
                without = run(probes);
            }
            assertThat(without).allSatisfy((keyword, result) -> {
                assertThat(result.decided()).as(keyword + ": " + result).isFalse();
                assertThat(result.reason()).as(keyword).contains("oo many open files");
            });
            assertThat(run(probes)).as("afterwards").isEqualTo(before);
        }
    }

    @Test
    void aSocketIsFoundAllTheSame() throws Exception {
        InetSocketAddress any = new InetSocketAddress(Settings.LOOPBACK, 0);
        try (SocketChannel stream =
                        SocketChannel.open(StandardProtocolFamily.INET).bind(any);
                DatagramChannel datagrams =
                        DatagramChannel.open(StandardProtocolFamily.INET).bind(any)) {
            List<Integer> before = find(stream, datagrams);
            List<Integer> without;
            try (NoDescriptors _ = new NoDescriptors()) {
                without = find(stream, datagrams);
            }
            assertThat(without).isEqualTo(before).doesNotHaveDuplicates();
        }
    }

    private static List<Integer> find(SocketChannel stream, DatagramChannel datagrams) throws Exception {
        List<Integer> found = new ArrayList<>();
        found.add(InternetSockets.find(Sockets.SOCK_STREAM, (InetSocketAddress) stream.getLocalAddress(), 0));
        found.add(InternetSockets.find(Sockets.SOCK_DGRAM, (InetSocketAddress) datagrams.getLocalAddress(), 0));
        return found;
    }
}
