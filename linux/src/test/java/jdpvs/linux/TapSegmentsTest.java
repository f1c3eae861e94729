package jdpvs.linux;

import static jdpvs.linux.TapDeviceTest.open;
import static jdpvs.linux.TapDeviceTest.up;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import jdpvs.linux.lab.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two kernels with a TAP interface each, and we are the wire between them. */
class TapSegmentsTest {
    private Lab lab;
    private String here;
    private String there;

    @BeforeEach
    void make() {
        lab = new Lab();
        here = lab.namespace("here");
        there = lab.namespace("there");
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    /** What a pair of interfaces carried, as a wire between them. */
    private record Carried(long longest, long partialChecksums, long refused) {}

    @ParameterizedTest
    @ValueSource(strings = {"10.9.0.2", "2001:db8::2"})
    void segmentsOfARealConnectionPassWhole(String address) throws Exception {
        byte[] sent = new byte[24 << 20];
        new Random(1).nextBytes(sent);
        try (TapDevice one = open(here, "tap0", false);
                TapDevice other = open(there, "tap0", false)) {
            up(here, "10.9.0.1/24");
            up(there, "10.9.0.2/24");
            Lab.ip(here, "address add 2001:db8::1/64 dev tap0 nodad");
            Lab.ip(there, "address add 2001:db8::2/64 dev tap0 nodad");
            try (var stop = new EventDescriptor();
                    ServerSocket server = Lab.in(there, () -> new ServerSocket(80))) {
                FutureTask<Carried> wire = Lab.start(here, () -> carry(one, other, stop));
                FutureTask<byte[]> received = Lab.start(there, () -> {
                    try (Socket socket = server.accept()) {
                        return new DataInputStream(socket.getInputStream()).readNBytes(sent.length);
                    }
                });
                try {
                    Lab.in(here, () -> {
                        try (var socket = new Socket()) {
                            socket.connect(new InetSocketAddress(address, 80), 5000);
                            socket.getOutputStream().write(sent);
                            return received.get(30, TimeUnit.SECONDS);
                        }
                    });
                } finally {
                    // Nothing may read the descriptors when they are closed.
                    stop.signal();
                    wire.get(5, TimeUnit.SECONDS);
                }
                Carried carried = wire.get();
                assertThat(received.get()).isEqualTo(sent);
                assertThat(carried.longest).isGreaterThan(60_000);
                assertThat(carried.partialChecksums).isGreaterThan(100);
                assertThat(carried.refused).isZero();
            }
        }
    }

    private static Carried carry(TapDevice one, TapDevice other, EventDescriptor stop) {
        var state = new CallState();
        var poll = new PollSet(one.descriptor(), other.descriptor(), stop.descriptor());
        long longest = 0;
        long partial = 0;
        long refused = 0;
        try (var memory = Mapping.anonymous(TapDevice.LONGEST, true)) {
            while (true) {
                poll.await(-1);
                if (poll.readable(2)) {
                    return new Carried(longest, partial, refused);
                }
                for (TapDevice from : new TapDevice[] {one, other}) {
                    long bytes = from.read(state, memory.address(), memory.bytes());
                    if (bytes > 0) {
                        longest = Math.max(longest, bytes);
                        partial += NativeMemory.getByte(memory.address()) & 1;
                        refused += (from == one ? other : one).write(state, memory.address(), bytes) ? 0 : 1;
                    }
                }
            }
        }
    }
}
