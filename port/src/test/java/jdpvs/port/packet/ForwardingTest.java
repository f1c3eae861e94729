package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import org.junit.jupiter.api.Test;

/** Two kernels talk through a minimal forwarder of ours. */
class ForwardingTest {
    private static final int MEGABYTES = 64;

    @Test
    void segmentsAndPartialChecksumsPassWhole() throws Exception {
        try (var lab = new Lab()) {
            String client = lab.host("client");
            String middle = lab.host("middle");
            String server = lab.host("server");
            Lab.link(client, "eth0", middle, "left");
            Lab.link(server, "eth0", middle, "right");
            Lab.ip(client, "addr add 10.88.0.1/24 dev eth0");
            Lab.ip(server, "addr add 10.88.0.2/24 dev eth0");
            Port[] ports = Lab.in(middle, () -> new Port[] {
                Ports.open("dpdk0", "packet:left,exclusive", PortOptions.queues(1)),
                Ports.open("dpdk1", "packet:right,exclusive", PortOptions.queues(1))
            });
            try (Port left = ports[0];
                    Port right = ports[1];
                    var forwarder = new Forwarder(left, right)) {
                ServerSocket listener =
                        Lab.in(server, () -> new ServerSocket(80, 1, InetAddress.getByName("10.88.0.2")));
                FutureTask<Long> received = Lab.start(server, () -> receive(listener));
                long sent = Lab.in(client, ForwardingTest::send);
                assertThat(received.get()).isEqualTo(sent);
                listener.close();
                assertThat(forwarder.segments.get()).isPositive();
                assertThat(forwarder.partialChecksums.get()).isPositive();
                assertThat(forwarder.misplaced.get())
                        .as("frames whose IP header begins no cache line")
                        .isZero();
                assertThat(left.counters().receivedBytes()).isGreaterThan((long) MEGABYTES << 20);
                assertThat(right.counters().sentBytes()).isGreaterThan((long) MEGABYTES << 20);
                assertThat(onTheirWay(left, right))
                        .as("packets received and not sent")
                        .isZero();
                assertThat(right.counters().transmitErrors()).isZero();
                assertThat(left.counters().receiveErrors()).isZero();
            }
        }
    }

    /** The receiver has all its bytes before the forwarder has counted the last burst. */
    private static long onTheirWay(Port from, Port to) throws InterruptedException {
        long left = difference(from, to);
        for (int i = 0; i < 300 && left != 0; i++) {
            Thread.sleep(10);
            left = difference(from, to);
        }
        return left;
    }

    private static long difference(Port from, Port to) {
        return from.counters().receivedPackets() - to.counters().sentPackets();
    }

    private static long send() throws Exception {
        var crc = new CRC32();
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("10.88.0.2", 80), 5000);
            OutputStream out = socket.getOutputStream();
            byte[] block = new byte[1 << 20];
            var random = new Random(1);
            for (int i = 0; i < MEGABYTES; i++) {
                random.nextBytes(block);
                crc.update(block);
                out.write(block);
            }
        }
        return crc.getValue();
    }

    private static long receive(ServerSocket listener) throws Exception {
        var crc = new CRC32();
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            byte[] block = new byte[1 << 16];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                crc.update(block, 0, n);
            }
        }
        return crc.getValue();
    }
}
