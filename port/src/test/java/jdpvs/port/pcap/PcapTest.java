package jdpvs.port.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.Port;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.port.memory.FrameRecorder;
import jdpvs.port.memory.FrameScript;
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PcapTest {
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;

    @TempDir
    Path directory;

    static Stream<Arguments> formats() {
        return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                .flatMap(order -> Stream.of(
                        Arguments.of(order, MICROSECONDS, 7_000_002_000L),
                        Arguments.of(order, NANOSECONDS, 7_000_000_002L)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void bothByteOrdersAndResolutionsAreRead(ByteOrder order, int magic, long timeNanos) throws Exception {
        ByteBuffer file = file(order, magic, 0x1000_0001);
        record(file, 7, 2, 60);
        record(file, 8, 0, 0);
        try (var reader = reader(file)) {
            assertThat(reader.next()).isEqualTo(60);
            assertThat(reader.timeNanos()).isEqualTo(timeNanos);
            assertThat(reader.frame()[59]).isEqualTo((byte) 59);
            assertThat(reader.next()).isZero();
            assertThat(reader.next()).isEqualTo(-1);
            assertThat(reader.next()).isEqualTo(-1);
        }
    }

    static Stream<Arguments> broken() {
        ByteBuffer longFrame = file(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        longFrame.putInt(0).putInt(0).putInt(1 << 20).putInt(1 << 20);
        ByteBuffer negative = file(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        negative.putInt(0).putInt(0).putInt(-1).putInt(60);
        ByteBuffer cut = file(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        record(cut, 0, 0, 60);
        cut.position(cut.position() - 1);
        ByteBuffer cutHeader = file(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        record(cutHeader, 0, 0, 60);
        cutHeader.putInt(1);
        return Stream.of(
                Arguments.of(ByteBuffer.allocate(0), "it is empty"),
                Arguments.of(ByteBuffer.allocate(100).putInt(1), "in the middle of a header"),
                Arguments.of(
                        file(ByteOrder.LITTLE_ENDIAN, 0x12345678, 1), "no capture file (it begins with 0x12345678)"),
                Arguments.of(file(ByteOrder.LITTLE_ENDIAN, 0x0a0d0d0a, 1), "editcap -F pcap"),
                Arguments.of(file(ByteOrder.BIG_ENDIAN, MICROSECONDS, 113), "link type is 113, not Ethernet (1)"),
                Arguments.of(longFrame, "frame 1 claims 1048576 bytes"),
                Arguments.of(negative, "frame 1 claims 4294967295 bytes"),
                Arguments.of(cut, "in the middle of frame 1"),
                Arguments.of(cutHeader, "in the middle of a header, after 1 frames"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenFileIsRefusedWithTheReason(ByteBuffer file, String reason) {
        assertThatThrownBy(() -> readAll(reader(file)))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("capture file test.pcap is not usable")
                .hasMessageContaining(reason);
    }

    @Test
    void aBrokenFileIsRefusedAtOnceAndNotInTheMiddle() throws Exception {
        ByteBuffer file = file(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        record(file, 0, 0, 60);
        file.putInt(1);
        Path in = write("in.pcap", file);
        assertThatThrownBy(() -> Ports.open("dpdk0", "pcap:" + in + ",", PortOptions.queues(1)))
                .hasMessageContaining("port dpdk0: capture file " + in + " is not usable");
        assertThatThrownBy(() -> Ports.open("dpdk0", "pcap:" + in + "," + in, PortOptions.queues(1)))
                .isInstanceOf(PortException.class);
    }

    @Test
    void framesGoInAndOut() throws Exception {
        ByteBuffer file = file(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, 1);
        for (int i = 0; i < 70; i++) {
            record(file, i, 0, 60 + i);
        }
        Path in = write("in.pcap", file);
        Path out = directory.resolve("out.pcap");
        try (Port port = Ports.open("dpdk0", "pcap:" + in + "," + out, PortOptions.queues(2))) {
            assertThat(port.macAddress()).as("that of the first frame").isEqualTo(0x000102030405L);
            assertThat(port.queue(1).receive(new Burst())).isZero();
            var burst = new Burst();
            assertThat(port.queue(0).receive(burst)).isEqualTo(64);
            assertThat(burst.length[63]).isEqualTo(123);
            port.queue(0).transmit(burst);
            port.queue(0).release();
            assertThat(burst.count).isZero();
            assertThat(port.queue(0).receive(burst)).isEqualTo(6);
            port.queue(1).transmit(burst);
            assertThat(port.queue(0).receive(burst)).isZero();
            assertThat(port.counters().receivedPackets()).isEqualTo(70);
            assertThat(port.counters().sentPackets()).isEqualTo(70);
            assertThat(port.counters().sentBytes()).isEqualTo(port.counters().receivedBytes());
        }
        List<Integer> lengths = readAll(PcapReader.open(out));
        assertThat(lengths).hasSize(70).startsWith(60, 61).endsWith(129);
        assertThatThrownBy(() -> Ports.open("dpdk0", "pcap:" + in + "," + in, PortOptions.queues(1)))
                .hasMessageContaining("cannot be read and written at once");
        assertThatThrownBy(() -> Ports.open("dpdk0", "pcap:" + in + ",/no/such/dir/x", PortOptions.queues(1)))
                .hasMessageContaining("/no/such/dir/x cannot be written");
    }

    @Test
    void aTracedPortRecordsBothDirections() throws Exception {
        var trace = new ByteArrayOutputStream();
        var sent = new FrameRecorder();
        try (var writer = new PcapWriter("trace", trace);
                Port port = new TracedPort(
                        new MemoryPort(
                                "dpdk0",
                                2,
                                1500,
                                List.of(new MemoryQueue(
                                        new FrameBuffers(64, 2048), new FrameScript().add(new byte[60]), sent))),
                        writer)) {
            var burst = new Burst();
            assertThat(port.queue(0).receive(burst)).isEqualTo(1);
            burst.length[0] = 50;
            port.queue(0).transmit(burst);
            assertThat(sent.drain()).extracting(Frame::bytes).containsExactly(new byte[50]);
        }
        var reader = new PcapReader("trace", new ByteArrayInputStream(trace.toByteArray()));
        assertThat(readAll(reader)).containsExactly(60, 50);
    }

    private static List<Integer> readAll(PcapReader reader) throws PortException {
        try (reader) {
            List<Integer> lengths = new ArrayList<>();
            for (int n = reader.next(); n >= 0; n = reader.next()) {
                lengths.add(n);
            }
            return lengths;
        }
    }

    private static PcapReader reader(ByteBuffer file) throws PortException {
        return new PcapReader("test.pcap", new ByteArrayInputStream(bytes(file)));
    }

    private Path write(String name, ByteBuffer file) throws Exception {
        Path path = directory.resolve(name);
        return Files.write(path, bytes(file));
    }

    /** What has been put so far. */
    private static byte[] bytes(ByteBuffer file) {
        byte[] result = new byte[file.position()];
        file.get(0, result);
        return result;
    }

    private static ByteBuffer file(ByteOrder order, int magic, int linkType) {
        return ByteBuffer.allocate(1 << 16)
                .order(order)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(65_535)
                .putInt(linkType);
    }

    private static void record(ByteBuffer file, int seconds, int fraction, int bytes) {
        file.putInt(seconds).putInt(fraction).putInt(bytes).putInt(bytes);
        for (int i = 0; i < bytes; i++) {
            file.put((byte) i);
        }
    }
}
