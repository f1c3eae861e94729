package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.bpf.AttachType;
import jdpvs.linux.bpf.Link;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Burst;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One interface, two users. The kernel has both addresses, so that it would answer for the owned one too if it saw the frames.
 */
class ShareTest {
    private static final String KERNELS = "10.77.0.1";
    private static final String OURS = "10.77.0.9";
    private static final String KERNELS6 = "2001:db8:77::1";
    private static final String OURS6 = "2001:db8:77::9";
    private static final OwnedAddresses OWNED = Packets.owned(Set.of(Packets.ip(OURS)), Set.of(), 0);
    private static final OwnedAddresses NOTHING = Packets.owned(Set.of(), Set.of(), 0);

    private Lab lab;
    private String host;
    private String client;
    private ServerSocket listener;

    @BeforeEach
    void connect() {
        lab = new Lab();
        host = lab.host("host");
        client = lab.host("client");
        Lab.link(host, "eth0", client, "eth0");
        Lab.ip(host, "addr add " + KERNELS + "/24 dev eth0");
        Lab.ip(host, "addr add " + OURS + "/24 dev eth0");
        Lab.ip(client, "addr add 10.77.0.2/24 dev eth0");
        Lab.ip(host, "addr add " + KERNELS6 + "/64 dev eth0 nodad");
        Lab.ip(host, "addr add " + OURS6 + "/64 dev eth0 nodad");
        Lab.ip(client, "addr add 2001:db8:77::2/64 dev eth0 nodad");
        listener = Lab.in(host, () -> new ServerSocket(80));
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofPlatform().daemon().start(() -> echo(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void disconnect() throws Exception {
        listener.close();
        lab.close();
    }

    @Test
    void theKernelLosesOwnedAddressesOnlyAndOnlyWhileTheyAreOwned() throws Exception {
        try (Socket session = dial(KERNELS)) {
            talk(session);
            try (Port port = open("packet:eth0")) {
                assertThat(port.sharedWithKernel()).isTrue();
                talk(session);
                talkAndHangUp(OURS);
                port.own(OWNED);
                assertSilence(OURS);
                assertThat(framesTo(port)).as("SYNs that we saw").isPositive();
                talk(session);
                talkAndHangUp(KERNELS);
                assertThat(framesTo(port))
                        .as("the kernel's own traffic costs us nothing")
                        .isZero();
                port.own(NOTHING);
                talkAndHangUp(OURS);
                port.own(OWNED);
                assertSilence(OURS);
            }
            talk(session);
            talkAndHangUp(OURS);
            assertThat(attached()).isZero();
        }
    }

    /** The client asks for the MAC address again and again: a question to a group is for both, so the kernel's answers reach it too. */
    @Test
    void theKernelLosesOwnedIpv6AddressesLikewise() throws Exception {
        try (Port port = open("packet:eth0")) {
            talkAndHangUp(OURS6);
            port.own(new OwnedAddresses(Set.of(Address.parse(OURS6)), Set.of(), 0));
            assertSilence(OURS6);
            assertThat(framesTo(port, Ethernet.TYPE_IPV6))
                    .as("SYNs that we saw")
                    .isPositive();
            Lab.ip(client, "neigh flush dev eth0");
            talkAndHangUp(KERNELS6);
            assertThat(framesTo(port, Ethernet.TYPE_IPV6))
                    .as("of the kernel's own traffic we see who asks for MAC addresses")
                    .isBetween(1, 2);
            port.own(NOTHING);
            talkAndHangUp(OURS6);
        }
    }

    @Test
    void twoProcessesMayShareAnInterface() throws Exception {
        try (Port one = open("packet:eth0,share");
                Port other = open("packet:eth0,share")) {
            one.own(OWNED);
            other.own(Packets.owned(Set.of(Packets.ip("10.77.0.10")), Set.of(), 0));
            assertThat(attached()).isEqualTo(2);
            assertSilence(OURS);
            assertThat(framesTo(one)).isPositive();
            talkAndHangUp(KERNELS);
        }
    }

    @Test
    void exclusiveLeavesTheKernelNothingUntilItIsClosed() throws Exception {
        try (Port port = open("packet:eth0,exclusive")) {
            assertThat(port.sharedWithKernel()).isFalse();
            assertSilence(KERNELS);
            assertThat(framesTo(port)).as("nobody answered the ARP request").isZero();
            assertThat(port.counters().receivedPackets()).isPositive();
        }
        talkAndHangUp(KERNELS);
        assertThat(attached()).isZero();
    }

    @Test
    void aKilledProcessLeavesNothingBehind() throws Exception {
        Process process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        host,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeldPort.class.getName(),
                        "packet:eth0",
                        OURS)
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(new String(process.getInputStream().readNBytes(5), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("held\n");
            assertThat(attached()).isEqualTo(1);
            assertSilence(OURS);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        talkAndHangUp(OURS);
        assertThat(attached()).isZero();
        assertThat(Lab.run("ip -n " + host + " -d link show eth0")).contains("promiscuity 0 ");
    }

    @Test
    void promiscuityComesAndGoes() throws Exception {
        try (Port port = open("packet:eth0")) {
            port.setPromiscuous(true);
            port.setPromiscuous(true);
            assertThat(Lab.run("ip -n " + host + " -d link show eth0")).contains("promiscuity 1 ");
            port.setPromiscuous(false);
            assertThat(Lab.run("ip -n " + host + " -d link show eth0")).contains("promiscuity 0 ");
            port.setPromiscuous(true);
        }
        assertThat(Lab.run("ip -n " + host + " -d link show eth0")).contains("promiscuity 0 ");
    }

    private Port open(String specification) {
        return Lab.in(host, () -> Ports.open("dpdk0", specification, PortOptions.queues(1)));
    }

    private int attached() {
        return Lab.in(host, () -> {
            try (var device = NetworkDevice.find("eth0").orElseThrow()) {
                return Link.countAttached(device.index(), AttachType.TCX_INGRESS);
            }
        });
    }

    private static int framesTo(Port port) {
        return framesTo(port, Ethernet.TYPE_IPV4);
    }

    /** How many frames of a type wait at the port's queue. */
    private static int framesTo(Port port, int type) {
        var burst = new Burst();
        int frames = 0;
        while (port.queue(0).receive(burst) > 0) {
            for (int i = 0; i < burst.count; i++) {
                if (Ethernet.type(burst.address[i]) == type) {
                    frames++;
                }
            }
            port.queue(0).release();
        }
        return frames;
    }

    /** A time-out, not "connection refused": the kernel does not even send a RST. */
    private void assertSilence(String address) {
        assertThatThrownBy(() -> dial(address, 300)).hasRootCauseInstanceOf(SocketTimeoutException.class);
    }

    private Socket dial(String address) {
        // Long enough for a second ARP request, which the kernel sends after a second.
        return dial(address, 5000);
    }

    private Socket dial(String address, int timeoutMillis) {
        Callable<Socket> connect = () -> {
            var socket = new Socket();
            socket.setSoTimeout(2000);
            socket.connect(new InetSocketAddress(address, 80), timeoutMillis);
            return socket;
        };
        return Lab.in(client, connect);
    }

    private void talkAndHangUp(String address) throws IOException {
        try (Socket socket = dial(address)) {
            talk(socket);
        }
    }

    private static void talk(Socket socket) throws IOException {
        socket.getOutputStream().write(42);
        assertThat(socket.getInputStream().read()).isEqualTo(42);
    }

    private static void echo(Socket socket) {
        try (socket) {
            for (int c = socket.getInputStream().read();
                    c >= 0;
                    c = socket.getInputStream().read()) {
                socket.getOutputStream().write(c);
            }
        } catch (IOException hungUp) {
            // The test goes on without this one.
            return;
        }
    }
}
