package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Callable;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.vrrp.Lab;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What this host lacks, and what looks like that and is not. Probes run on platform threads in the namespace. */
@Tag("namespace")
class OwnTroubleTest {
    private Lab lab;

    @BeforeEach
    void make() {
        lab = new Lab();
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    private <T> T here(Callable<T> what) {
        return Lab.in(lab.one, what);
    }

    private void ip(String arguments) {
        Lab.run("ip -n " + lab.one + " " + arguments);
    }

    private static Target target(String destination, int port, @Nullable String source, @Nullable String device) {
        return new Target(
                new Endpoint(IpAddress.parse(destination), port),
                source == null ? null : IpAddress.parse(source),
                0,
                device,
                0);
    }

    private static Result tcp(Target target) throws InterruptedException {
        return new TcpProbe(new CheckSettings.Tcp(Settings.TIMING, target)).run(true);
    }

    private static Result dns(Target target) throws InterruptedException {
        return new DnsProbe(new CheckSettings.Dns(Settings.TIMING, target, 6, ".")).run(true);
    }

    private static Result ping(Pinger pinger, Target target) throws InterruptedException {
        return new PingProbe(new CheckSettings.Ping(Settings.TIMING, target), pinger).run(true);
    }

    @Test
    void aSourceAddressOrInterfaceThatIsNotHere() {
        Target address = target("10.88.0.1", 1, "203.0.113.9", null);
        Target device = target("10.88.0.1", 1, null, "none0");
        Result noAddress = Result.undecided("cannot bind to the source: cannot assign requested address");
        Result noDevice = Result.undecided("setsockopt SO_BINDTODEVICE none0: No such device (ENODEV)");
        assertThat(here(() -> tcp(address))).isEqualTo(noAddress);
        assertThat(here(() -> dns(address))).isEqualTo(noAddress);
        assertThat(here(() -> tcp(device))).isEqualTo(noDevice);
        assertThat(here(() -> dns(device))).isEqualTo(noDevice);
        try (Pinger pinger = new Pinger()) {
            assertThat(here(() -> ping(pinger, address)))
                    .isEqualTo(
                            Result.undecided("bind to 203.0.113.9: Cannot assign requested address (EADDRNOTAVAIL)"));
            assertThat(here(() -> ping(pinger, device))).isEqualTo(noDevice);
        }
        assertThat(here(() -> new HttpProbe(new CheckSettings.Http(
                                Settings.TIMING,
                                address,
                                false,
                                List.of(Settings.url("/1"), Settings.url("/2")),
                                "1.1",
                                false,
                                false,
                                null))
                        .run(true)))
                .as("no URL is to blame")
                .isEqualTo(noAddress);
    }

    @Test
    void aPingsSourceThatGoesAndComes() {
        ip("address add 10.88.7.7/32 dev lo");
        Target target = target("10.88.0.1", 0, "10.88.7.7", null);
        try (Pinger pinger = new Pinger()) {
            assertThat(here(() -> ping(pinger, target))).isEqualTo(Result.success());
            ip("address del 10.88.7.7/32 dev lo");
            for (int i = 0; i < 2; i++) {
                Result result = here(() -> ping(pinger, target));
                assertThat(result.decided()).as(result.toString()).isFalse();
            }
            ip("address add 10.88.7.7/32 dev lo");
            assertThat(here(() -> ping(pinger, target))).isEqualTo(Result.success());
        }
    }

    @Test
    void noPortIsFree() {
        Lab.run("ip netns exec " + lab.one + " sysctl -qw net.ipv4.ip_local_port_range=40000\t40000");
        Result result = here(() -> {
            try (ServerSocket listener = new ServerSocket(8080, 5, InetAddress.ofLiteral("10.88.0.1"));
                    Socket _ = new Socket(listener.getInetAddress(), 8080)) {
                return tcp(target("10.88.0.1", 8080, null, null));
            }
        });
        assertThat(result).isEqualTo(Result.undecided("cannot bind to the source: cannot assign requested address"));
        result = here(() -> {
            try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress("0.0.0.0", 40000))) {
                return dns(target("10.88.0.1", 53, null, null));
            }
        });
        assertThat(result.decided()).as(result.toString()).isFalse();
    }

    /** A firewall's answer for a port that is not open; the kernel has the same word for it as for a source port that a user must not have. */
    @Test
    void prohibitedOnTheWayIsAFailure() {
        ip("address add 2001:db8:1::1/64 dev eth0 nodad");
        ip("route add 2001:db8:9::/64 via 2001:db8:1::2");
        Lab.run("ip -n " + lab.two + " address add 2001:db8:1::2/64 dev eth0 nodad");
        Lab.run("ip netns exec " + lab.two + " sysctl -qw net.ipv6.conf.all.forwarding=1");
        Lab.run("ip -n " + lab.two + " route add prohibit 2001:db8:9::/64");
        assertThat(here(() -> tcp(target("2001:db8:9::1", 80, null, null))))
                .isEqualTo(Result.failure("permission denied"));
        assertThat(here(() -> dns(target("2001:db8:9::1", 53, null, null))))
                .isEqualTo(Result.failure("permission denied"));
    }
}
