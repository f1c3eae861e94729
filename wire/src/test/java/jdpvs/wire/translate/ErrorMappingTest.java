package jdpvs.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Random;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Classifier;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.IcmpError;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorMappingTest {
    private static final Address ROUTER = Address.parse("192.0.2.9");
    private static final Address FROM = Address.parse("198.51.100.1");
    private static final Address TO = Address.parse("198.51.100.2");
    private static final Address ROUTER_6 = Address.parse("2001:db8::9");
    private static final Address FROM_6 = Address.parse("2001:db8:1::1");
    private static final Address TO_6 = Address.parse("2001:db8:2::2");

    private final Arena arena = Arena.ofAuto();
    private final IcmpError error = new IcmpError();

    /** An error of {@code router} to {@code from} about a UDP packet from it to {@code to}. */
    private long error(boolean ipv6, int type, int code, int word, int payload) {
        Address from = ipv6 ? FROM_6 : FROM;
        byte[] quoted = PacketBuilder.udp(from, 4000, ipv6 ? TO_6 : TO, 53)
                .ttl(9)
                .tos(0x20)
                .payload(payload)
                .toBytes();
        byte[] body = java.util.Arrays.copyOfRange(quoted, 14, quoted.length);
        PacketBuilder builder = PacketBuilder.echo(ipv6 ? ROUTER_6 : ROUTER, from, word >>> 16, word & 0xffff)
                .icmp(type, code)
                .payload(body);
        long frame = builder.allocate(arena);
        error.take(frame, 14 + (ipv6 ? 40 : 20));
        return frame;
    }

    private void good(boolean ipv6, int type, int code, int word, int payload) {
        long frame = error(ipv6, type, code, word, payload);
        assertThat(frame).isNotZero();
        assertThat(error.isChecksumRight()).isTrue();
        assertThat(error.read()).isTrue();
    }

    private static String text(long message) {
        return message == ErrorMapping.NONE
                ? "none"
                : ErrorMapping.type(message) + "/" + ErrorMapping.code(message) + " "
                        + Integer.toUnsignedString(ErrorMapping.word(message));
    }

    @ParameterizedTest(name = "RFC 7915 section 4.2: {0}/{1} {2} becomes {3}")
    @CsvSource({
        "3, 0, 0, 1/0 0",
        "3, 1, 0, 1/0 0",
        "3, 2, 0, 4/1 6",
        "3, 3, 0, 1/4 0",
        "3, 5, 0, 1/0 0",
        "3, 6, 0, 1/0 0",
        "3, 7, 0, 1/0 0",
        "3, 8, 0, 1/0 0",
        "3, 9, 0, 1/1 0",
        "3, 10, 0, 1/1 0",
        "3, 11, 0, 1/0 0",
        "3, 12, 0, 1/0 0",
        "3, 13, 0, 1/1 0",
        "3, 14, 0, none",
        "3, 15, 0, 1/1 0",
        "3, 16, 0, none",
        "3, 4, 1400, 2/0 1420",
        "3, 4, 1260, 2/0 1280",
        "3, 4, 576, 2/0 1280",
        "3, 4, 0, 2/0 1280",
        "4, 0, 0, none",
        "11, 0, 0, 3/0 0",
        "11, 1, 0, 3/1 0",
        "12, 0, 0, 4/0 0",
        "12, 0, 16777216, 4/0 1",
        "12, 0, 33554432, 4/0 4",
        "12, 0, 50331648, 4/0 4",
        "12, 0, 67108864, none",
        "12, 0, 134217728, 4/0 7",
        "12, 0, 150994944, 4/0 6",
        "12, 0, 167772160, none",
        "12, 0, 201326592, 4/0 8",
        "12, 0, 268435456, 4/0 24",
        "12, 0, 335544320, none",
        "12, 2, 0, 4/0 0",
        "12, 1, 0, none"
    })
    void toIpv6(int type, int code, int word, String expected) {
        good(false, type, code, word, 100);
        assertThat(text(ErrorMapping.of(error, 0))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "RFC 7915 section 5.2: {0}/{1} {2} becomes {3}")
    @CsvSource({
        "1, 0, 0, 3/1 0",
        "1, 1, 0, 3/10 0",
        "1, 2, 0, 3/1 0",
        "1, 3, 0, 3/1 0",
        "1, 4, 0, 3/3 0",
        "1, 5, 0, none",
        "2, 0, 1500, 3/4 1480",
        "2, 0, 1280, 3/4 1260",
        "2, 0, 60, 3/4 68",
        "2, 0, -1, 3/4 65535",
        "3, 0, 0, 11/0 0",
        "3, 1, 0, 11/1 0",
        "4, 0, 0, 12/0 0",
        "4, 0, 1, 12/0 16777216",
        "4, 0, 2, none",
        "4, 0, 4, 12/0 33554432",
        "4, 0, 6, 12/0 150994944",
        "4, 0, 7, 12/0 134217728",
        "4, 0, 8, 12/0 201326592",
        "4, 0, 23, 12/0 201326592",
        "4, 0, 24, 12/0 268435456",
        "4, 0, 39, 12/0 268435456",
        "4, 0, 40, none",
        "4, 1, 6, 3/2 0",
        "4, 2, 0, none"
    })
    void toIpv4(int type, int code, int word, String expected) {
        good(true, type, code, word, 100);
        assertThat(text(ErrorMapping.of(error, 0))).isEqualTo(expected);
    }

    /** RFC 1191 section 7: a router that tells nothing, and a packet of a known size. */
    @Test
    void plateaus() {
        good(false, 3, 4, 0, 1472);
        assertThat(text(ErrorMapping.of(error, 0))).isEqualTo("2/0 1512");
        assertThat(text(ErrorMapping.of(error, 20))).isEqualTo("2/0 1492");
    }

    /** RFC 7915 section 4.3 and 5.3: what is quoted is the packet as its sender wrote it. */
    @ParameterizedTest
    @CsvSource({"false, 8", "false, 400", "false, 1400", "true, 8", "true, 400", "true, 1100"})
    void wholeMessages(boolean ipv6, int payload) {
        good(ipv6, ipv6 ? Icmp6.TIME_EXCEEDED : Icmp.TIME_EXCEEDED, 0, 0, payload);
        long message = ErrorMapping.of(error, 0);
        long memory = arena.allocate(4096, 64).address();
        Memory.fill(memory, 4096, 0x5a);
        long frame = memory + 128;
        int length;
        if (ipv6) {
            long addresses = Integer.toUnsignedLong(Integer.reverseBytes(0x0a000001))
                    | (long) Integer.reverseBytes(0x0a000002) << 32;
            length = ErrorTranslation.toIpv4(error, message, frame, addresses);
        } else {
            long pair = arena.allocate(32, 8).address();
            Ipv6.setAddress(pair, 1, 2);
            Ipv6.setAddress(pair + 16, 3, 4);
            length = ErrorTranslation.toIpv6(error, message, frame, pair);
        }
        long ip = frame + 14;
        assertThat(FrameKind.kind(Classifier.classify(frame, length)))
                .isEqualTo(ipv6 ? FrameKind.ICMP4 : FrameKind.ICMP6);
        assertThat(length).isEqualTo(14 + Ip.totalLength(ip)).isLessThanOrEqualTo(ErrorTranslation.LONGEST);
        for (long at = frame + length; at < memory + 4096; at++) {
            assertThat(Memory.getByte(at)).isEqualTo(0x5a);
        }
        IcmpError written = new IcmpError();
        written.take(frame, 14 + (ipv6 ? 20 : 40));
        assertThat(written.isChecksumRight()).isTrue();
        assertThat(written.read()).isTrue();
        assertThat(written.isAddressedToSender()).isTrue();
        assertThat(written.protocol()).isEqualTo(Ipv4.UDP);
        assertThat(Memory.getLong(written.transport())).isEqualTo(Memory.getLong(error.transport()));
        long quoted = written.quotedIp();
        assertThat(Ip.totalLength(quoted)).isEqualTo((ipv6 ? 20 : 40) + 8 + payload);
        assertThat(ipv6 ? Ipv4.ttl(quoted) : Ipv6.hopLimit(quoted)).isEqualTo(9);
        assertThat(ipv6 ? Ipv4.tos(quoted) : Ipv6.trafficClass(quoted)).isEqualTo(0x20);
        if (ipv6) {
            assertThat(Checksum.isIpv4HeaderValid(ip)).isTrue();
            assertThat(Checksum.isIpv4HeaderValid(quoted)).isTrue();
        }
    }

    /** Whatever is quoted: nothing is thrown, nothing is written beyond the longest error. */
    @Test
    void anyQuoteIsWrittenWithinItsBounds() {
        Random random = new Random(7915);
        long memory = arena.allocate(8192, 64).address();
        long pair = arena.allocate(32, 8).address();
        int written = 0;
        for (int i = 0; i < 100_000; i++) {
            boolean ipv6 = random.nextBoolean();
            long frame = error(
                    ipv6,
                    ipv6 ? 1 + random.nextInt(4) : random.nextInt(13),
                    random.nextInt(3),
                    random.nextInt(),
                    60 + random.nextInt(300));
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                Memory.putByte(frame + 42 + random.nextInt(60), random.nextInt(256));
            }
            error.take(frame, 14 + (ipv6 ? 40 : 20));
            if (!error.read()) {
                continue;
            }
            long message = ErrorMapping.of(error, random.nextInt(21));
            if (message == ErrorMapping.NONE) {
                continue;
            }
            written++;
            long to = memory + 64;
            int length = ipv6
                    ? ErrorTranslation.toIpv4(error, message, to, random.nextLong())
                    : ErrorTranslation.toIpv6(error, message, to, pair);
            assertThat(length).isLessThanOrEqualTo(ErrorTranslation.LONGEST);
        }
        assertThat(written).isGreaterThan(10_000);
    }
}
