package jdpvs.toa;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What applications see of hand-made connections while the programs are attached. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientAddressTest {
    private static final byte[] NONE = {};
    private static final String BALANCER = "10.78.0.1";
    private static final String BALANCER_6 = "2001:db8:78::1";

    private RealServer server;
    private int port = 2000;

    @BeforeAll
    void start() {
        server = new RealServer();
        server.load();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** What accept and getpeername say of a connection to an IPv4 socket, which must agree. */
    private String seen(String from, byte[] options) {
        return server.inside(() -> {
            try (var listener = NativeListener.ipv4(80, 0);
                    var wire = new Wire()) {
                wire.connect(from, ++port, 80, options);
                try (var accepted = listener.accept()) {
                    assertThat(accepted.peerName()).isEqualTo(accepted.peer());
                    return accepted.peer();
                }
            }
        });
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(40);
        Arrays.stream(parts).forEach(all::put);
        return Arrays.copyOf(all.array(), all.position() + 3 & ~3);
    }

    @Test
    void anIpv4ClientOfATrustedBalancer() {
        assertThat(seen(BALANCER, Wire.option("172.16.0.1", 62844))).isEqualTo("172.16.0.1 62844");
        assertThat(server.count("with-toa")).isPositive();
        assertThat(server.count("peername")).isPositive();
    }

    @Test
    void withoutTheOptionTheBalancerIsSeen() {
        long before = server.count("without-toa");
        assertThat(seen(BALANCER, NONE)).isEqualTo(BALANCER + " " + port);
        assertThat(server.count("without-toa")).isEqualTo(before + 1);
    }

    @Test
    void aPeerThatIsNotTrustedIsNotBelieved() {
        long before = server.count("untrusted");
        assertThat(seen("10.79.0.1", Wire.option("172.16.0.1", 62844))).isEqualTo("10.79.0.1 " + port);
        assertThat(server.count("untrusted")).isEqualTo(before + 1);
    }

    @Test
    void trustIsGivenAndTakenAtOnce() {
        server.toa("trust add 10.80.0.1").succeeded();
        assertThat(seen("10.80.0.1", Wire.option("172.16.0.2", 1))).isEqualTo("172.16.0.2 1");
        server.toa("trust del 10.80.0.1").succeeded();
        assertThat(seen("10.80.0.1", Wire.option("172.16.0.2", 1))).isEqualTo("10.80.0.1 " + port);
    }

    @Test
    void theFirstOptionCountsAndOthersExperimentsArePassedOver() {
        byte[] first = Wire.option("172.16.0.1", 1);
        byte[] second = Wire.option("172.16.0.2", 2);
        assertThat(seen(BALANCER, join(first, second))).isEqualTo("172.16.0.1 1");
        assertThat(seen(BALANCER, join(new byte[] {(byte) 254, 6, 1, 2, 3, 4, 1, 1}, second)))
                .isEqualTo("172.16.0.2 2");
        assertThat(seen(BALANCER, join(new byte[] {0, 0, 0, 0}, second))).isEqualTo(BALANCER + " " + port);
    }

    @Test
    void laterSegmentsChangeNothing() {
        assertThat(server.<String>inside(() -> {
                    try (var listener = NativeListener.ipv4(80, 0);
                            var wire = new Wire()) {
                        var client = wire.connect(BALANCER, ++port, 80, Wire.option("172.16.0.1", 1));
                        try (var accepted = listener.accept()) {
                            wire.say(client, Wire.option("172.16.0.66", 66), "GET /");
                            return accepted.peerName();
                        }
                    }
                }))
                .isEqualTo("172.16.0.1 1");
    }

    @Test
    void anIpv6ClientOnAnIpv6Server() {
        String seen = server.inside(() -> {
            try (var listener = NativeListener.ipv6(80);
                    var wire = new Wire()) {
                wire.connect(BALANCER_6, ++port, 80, Wire.option("2408::1", 38383));
                try (var accepted = listener.accept()) {
                    assertThat(accepted.peerName()).isEqualTo(accepted.peer());
                    assertThat(accepted.client()).isEmpty();
                    return accepted.peer();
                }
            }
        });
        assertThat(seen).isEqualTo("2408:0:0:0:0:0:0:1 38383");
    }

    @Test
    void anIpv6ClientOnAnIpv4SocketIsToldByItsOption() {
        server.inside(() -> {
            try (var listener = NativeListener.ipv4(80, 0);
                    var wire = new Wire()) {
                wire.connect(BALANCER, ++port, 80, Wire.option("2408::1", 38383));
                try (var accepted = listener.accept()) {
                    assertThat(accepted.peer()).isEqualTo(BALANCER + " " + port);
                    byte[] expected = ByteBuffer.allocate(20)
                            .put(InetAddress.getByName("2408::1").getAddress())
                            .putShort((short) 38383)
                            .array();
                    assertThat(accepted.client())
                            .hasValueSatisfying(client -> assertThat(client).isEqualTo(expected));
                }
                wire.connect(BALANCER, ++port, 80, Wire.option("172.16.0.1", 38383));
                try (var accepted = listener.accept()) {
                    assertThat(accepted.client()).isEmpty();
                }
            }
            return 0;
        });
        assertThat(server.count("sockopt")).isEqualTo(1);
    }

    @Test
    void aMappedSocketAnswersWithTheRealClientOfEitherFamily() {
        server.inside(() -> {
            try (var listener = NativeListener.ipv6(80);
                    var wire = new Wire()) {
                wire.connect(BALANCER, ++port, 80, Wire.option("2408::1", 38383));
                try (var accepted = listener.accept()) {
                    assertThat(accepted.peer()).isEqualTo("2408:0:0:0:0:0:0:1 38383");
                    assertThat(accepted.peerName()).isEqualTo(accepted.peer());
                }
                // Java prints ::ffff:172.16.0.1 so.
                wire.connect(BALANCER, ++port, 80, Wire.option("172.16.0.1", 38383));
                try (var accepted = listener.accept()) {
                    assertThat(accepted.peer()).isEqualTo("172.16.0.1 38383");
                }
            }
            return 0;
        });
    }

    @Test
    void javasSocketsSeeTheClient() {
        server.inside(() -> {
            try (var sockets = new ServerSocket(81);
                    var channels = ServerSocketChannel.open().bind(new InetSocketAddress(82));
                    var wire = new Wire()) {
                wire.connect(BALANCER, ++port, 81, Wire.option("172.16.0.1", 4711));
                try (var accepted = sockets.accept()) {
                    assertThat(accepted.getRemoteSocketAddress()).isEqualTo(new InetSocketAddress("172.16.0.1", 4711));
                }
                wire.connect(BALANCER, ++port, 82, Wire.option("172.16.0.1", 4712));
                try (var accepted = channels.accept()) {
                    assertThat(accepted.getRemoteAddress()).isEqualTo(new InetSocketAddress("172.16.0.1", 4712));
                }
            }
            return 0;
        });
    }

    @Test
    void withSynCookies() {
        server.sysctl("net.ipv4.tcp_syncookies=2");
        try {
            assertThat(seen(BALANCER, Wire.option("172.16.0.1", 62844))).isEqualTo("172.16.0.1 62844");
        } finally {
            server.sysctl("net.ipv4.tcp_syncookies=0");
        }
    }

    @Test
    void withDeferredAccept() {
        Callable<String> seen = () -> {
            try (var listener = NativeListener.ipv4(80, 0);
                    var wire = new Wire()) {
                listener.deferAccept();
                var client = wire.connect(BALANCER, ++port, 80, Wire.option("172.16.0.1", 62844));
                wire.say(client, Wire.option("172.16.0.1", 62844), "GET /");
                try (var accepted = listener.accept()) {
                    return accepted.peer();
                }
            }
        };
        assertThat(server.inside(seen)).isEqualTo("172.16.0.1 62844");
    }

    /** A client without MPTCP on a listener with it; MPTCP on both ends is shown end to end. */
    @Test
    void anMptcpListener() {
        String seen = server.inside(() -> {
            try (var listener = NativeListener.ipv4(80, NativeListener.IPPROTO_MPTCP);
                    var wire = new Wire()) {
                wire.connect(BALANCER, ++port, 80, Wire.option("172.16.0.1", 62844));
                try (var accepted = listener.accept()) {
                    return accepted.peer();
                }
            }
        });
        assertThat(seen).isEqualTo("172.16.0.1 62844");
    }

    @Test
    void anUpgradeKeepsTheClientsOfLiveConnections() {
        server.inside(() -> {
            try (var listener = NativeListener.ipv4(80, 0);
                    var wire = new Wire()) {
                wire.connect(BALANCER, ++port, 80, Wire.option("172.16.0.1", 62844));
                try (var accepted = listener.accept()) {
                    String upgraded = server.toa("load").succeeded();
                    assertThat(upgraded).startsWith("upgraded on " + server.controlGroup);
                    assertThat(accepted.peerName()).isEqualTo("172.16.0.1 62844");
                }
            }
            return 0;
        });
    }
}
