package jdpvs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InternetSocketsTest {
    private static final int SO_DOMAIN = 39;

    @ParameterizedTest
    @CsvSource({"INET, 127.0.0.1, 2", "INET, 0.0.0.0, 2", "INET6, ::1, 10", "INET6, ::, 10"})
    void findsWhatTheJdkHides(StandardProtocolFamily family, String address, int domain) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(address), 0);
        try (SocketChannel stream = SocketChannel.open(family);
                DatagramChannel datagrams = DatagramChannel.open(family)) {
            stream.bind(any);
            InetSocketAddress bound = (InetSocketAddress) stream.getLocalAddress();
            datagrams.bind(bound);
            int first = InternetSockets.find(Sockets.SOCK_STREAM, bound, 0);
            int second = InternetSockets.find(Sockets.SOCK_DGRAM, bound, 0);
            assertThat(first).isNotEqualTo(second);
            for (int near : new int[] {1, first, first + 1, 10_000}) {
                assertThat(InternetSockets.find(Sockets.SOCK_STREAM, bound, near))
                        .isEqualTo(first);
            }
            assertThat(Sockets.option(first, Sockets.SOL_SOCKET, SO_DOMAIN, "SO_DOMAIN"))
                    .isEqualTo(domain);
            Sockets.setMark(second, 7);
            Sockets.bindToDevice(second, "lo");
            InetSocketAddress nobodys = new InetSocketAddress(bound.getAddress(), 1);
            assertThatThrownBy(() -> InternetSockets.find(Sockets.SOCK_STREAM, nobodys, first))
                    .hasMessageContaining("no socket of this process is bound to");
        }
    }

    @Test
    void theNextSocketIsWhereItIsSaidToBe() throws IOException {
        int next = InternetSockets.next();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.INET)) {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            assertThat(InternetSockets.find(Sockets.SOCK_STREAM, (InetSocketAddress) channel.getLocalAddress(), next))
                    .as("nobody else opens anything here")
                    .isBetween(next - 2, next + 2);
        }
    }

    @Test
    void echoesAreAnsweredByTheKernel() throws IOException {
        for (String address : new String[] {"127.0.0.1", "::1"}) {
            InetAddress destination = InetAddress.ofLiteral(address);
            byte[] data = ("data for " + address).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            try (EchoSocket socket = EchoSocket.open(address.contains(":"), destination, "lo", 0)) {
                socket.send(destination, 1, 2, data);
                byte[] reply = null;
                for (int i = 0; i < 20 && !java.util.Arrays.equals(reply, data); i++) {
                    reply = socket.receive();
                }
                assertThat(reply).isEqualTo(data);
            }
        }
    }
}
