package jdpvs.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers against their bytes in the specification, and what is no header. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** Kept: its memory goes with it. */
    private final Arena arena = Arena.ofAuto();

    private final long memory = arena.allocate(1024).address();
    private final ProxyHeader header = new ProxyHeader();
    private final ProxyHeaderReader reader = new ProxyHeaderReader();

    private void set(boolean datagram, String source, int sourcePort, String destination, int destinationPort) {
        Address from = Address.parse(source);
        Address to = Address.parse(destination);
        header.set(datagram, from.high(), from.low(), sourcePort, to.high(), to.low(), destinationPort);
    }

    private byte[] written(ProxyVersion version) {
        byte[] bytes = new byte[header.write(version, memory)];
        Memory.copyOut(memory, bytes, 0, bytes.length);
        return bytes;
    }

    private String line() {
        return new String(written(ProxyVersion.V1), StandardCharsets.US_ASCII);
    }

    private int read(byte[] bytes) {
        Memory.copyIn(bytes, 0, memory, bytes.length);
        return reader.read(memory, bytes.length);
    }

    private int read(String text) {
        return read(text.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void lines() {
        set(false, "172.16.0.1", 62844, "10.0.96.204", 80);
        assertThat(line()).isEqualTo("PROXY TCP4 172.16.0.1 10.0.96.204 62844 80\r\n");
        set(false, "0.0.0.0", 0, "255.255.255.255", 65535);
        assertThat(line()).isEqualTo("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n");
        set(false, "2408::1", 38383, "2001::201", 80);
        assertThat(line()).isEqualTo("PROXY TCP6 2408::1 2001::201 38383 80\r\n");
        header.setUnknown();
        assertThat(line()).isEqualTo("PROXY UNKNOWN\r\n");
        set(true, "172.16.0.1", 62844, "10.0.96.204", 80);
        assertThat(line()).isEqualTo("PROXY UNKNOWN\r\n");
    }

    @Test
    void theLongestLine() {
        String address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        set(false, address, 65535, address, 65535);
        assertThat(line()).hasSize(ProxyHeader.LONGEST);
    }

    @Test
    void binary() {
        set(false, "172.16.0.1", 62844, "10.0.96.204", 80);
        assertThat(HexFormat.of().formatHex(written(ProxyVersion.V2)))
                .isEqualTo(SIGNATURE + "2111000c" + "ac100001" + "0a0060cc" + "f57c" + "0050");
        set(true, "2408::1", 38383, "2001::201", 53);
        assertThat(HexFormat.of().formatHex(written(ProxyVersion.V2)))
                .isEqualTo(SIGNATURE + "21220024" + "24080000000000000000000000000001"
                        + "20010000000000000000000000000201" + "95ef" + "0035");
        header.setUnknown();
        assertThat(HexFormat.of().formatHex(written(ProxyVersion.V2))).isEqualTo(SIGNATURE + "20000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "1::",
                "1::1",
                "1:0:0:2::3",
                "1:2:3:4:5:6:7:8",
                "0:1:0:1:0:1:0:1",
                "1:0:0:2:0:0:0:3",
                "2001:db8::ff00:42:8329",
                "1:2:3:4:5:6:7:0",
                "fe80::a236:9fff:fef0:e4c0",
                "1:2:3:4:5:0:0:8"
            })
    void addressesAreWrittenAsRfc5952HasThemAndReadAgain(String text) {
        Address address = Address.parse(text);
        set(false, text, 1, "2001::201", 2);
        assertThat(line()).isEqualTo("PROXY TCP6 " + address + " 2001::201 1 2\r\n");
        assertThat(reader.read(memory, 107)).isEqualTo(line().length());
        assertThat(reader.header().source()).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "1:2:3:4:5:6:1.2.3.4,             1:2:3:4:5:6:102:304",
        "::1.2.3.4,                       ::102:304",
        "64:ff9b::192.0.2.33,             64:ff9b::c000:221",
        "ABCD::EF,                        abcd::ef",
        "1:2:3:4:5:6:7::,                 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8,                 0:2:3:4:5:6:7:8",
    })
    void otherWaysToWriteAnAddress(String text, String address) {
        assertThat(read("PROXY TCP6 " + text + " ::1 1 2\\r\\n")).isPositive();
        assertThat(reader.header().source()).isEqualTo(Address.parse(address));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAgain(ProxyVersion version) {
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            boolean ipv4 = random.nextBoolean();
            Address from =
                    ipv4 ? Address.ofIpv4(random.nextInt()) : new Address(sparse(random) | 1L << 60, sparse(random));
            Address to = ipv4 ? Address.ofIpv4(random.nextInt()) : new Address(sparse(random), sparse(random));
            boolean datagram = version == ProxyVersion.V2 && random.nextBoolean();
            int port = random.nextInt(65536);
            header.set(datagram, from.high(), from.low(), port, to.high(), to.low(), 80);
            int length = header.write(version, memory);
            assertThat(length).isLessThanOrEqualTo(ProxyHeader.LONGEST);
            int more = random.nextInt(100);
            assertThat(reader.read(memory, length + more)).isEqualTo(length);
            assertThat(reader.version()).isEqualTo(version);
            assertThat(reader.header().isKnown()).isTrue();
            assertThat(reader.header().source()).isEqualTo(from);
            assertThat(reader.header().destination()).isEqualTo(to);
            assertThat(reader.header().sourcePort()).isEqualTo(port);
            assertThat(reader.header().destinationPort()).isEqualTo(80);
            assertThat(reader.read(memory, random.nextInt(length))).isZero();
        }
    }

    /** With groups of zeros in it. */
    private static long sparse(Random random) {
        long mask = 0;
        for (int i = 0; i < 4; i++) {
            mask = mask << 16 | (random.nextBoolean() ? 0xffff : 0);
        }
        return random.nextLong() & mask;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "PROXY",
                "PROXY \\r\\n",
                "PROXY TCP5 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2",
                "PROXY TCP4 1.2.3 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.04 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.256 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 ::1 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.4  1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 \\r\\n",
                "PROXY TCP6 1.2.3.4 ::1 1 2\\r\\n",
                "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2\\r\\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\\r\\n",
                "PROXY TCP6 1::2::3 ::1 1 2\\r\\n",
                "PROXY TCP6 12345:: ::1 1 2\\r\\n",
                "PROXY TCP6 :1:2:3:4:5:6:7 ::1 1 2\\r\\n",
                "PROXY TCP6 1:2:3:4:5:6:7: ::1 1 2\\r\\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:: ::1 1 2\\r\\n",
                "PROXY TCP6 ::: ::1 1 2\\r\\n",
                "PROXY TCP6 1:2:3:4:5:6:7:1.2.3.4 ::1 1 2\\r\\n",
                "proxy TCP4 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "GET / HTTP/1.1\\r\\n\\r\\n"
            })
    void whatIsNoLine(String text) {
        assertThat(read(text)).isZero();
    }

    @Test
    void anUnknownLineMayHoldAnythingUpToItsLimit() {
        assertThat(read("PROXY UNKNOWN\\r\\n")).isEqualTo(15);
        assertThat(reader.header().isKnown()).isFalse();
        assertThat(read("PROXY UNKNOWN whatever\\r\\nGET /")).isEqualTo(24);
        assertThat(read("PROXY UNKNOWN" + "x".repeat(92) + "\\r\\n")).isEqualTo(107);
        assertThat(read("PROXY UNKNOWN" + "x".repeat(93) + "\\r\\n")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "a local command,             20000000,                                                16, false",
        "a local command with rest,   2011000c 0102030405060708090a0b0c,                       28, false",
        "unspecified,                 21000003 030001,                                         19, false",
        "a UNIX stream,               21310004 61626364,                                       20, false",
        "IPv4 with a TLV,             2111000f ac1000010a0060ccf57c0050 030000,                31, true",
        "a datagram,                  2112000c ac1000010a0060ccf57c0050,                       28, true",
        "addresses cut short,         2111000b ac1000010a0060ccf57c00,                         0,  true",
        "IPv6 in IPv4's length,       2121000c ac1000010a0060ccf57c0050,                       0,  true",
        "another version,             1111000c ac1000010a0060ccf57c0050,                       0,  true",
        "another command,             2211000c ac1000010a0060ccf57c0050,                       0,  true",
        "longer than the payload,     2111ffff ac1000010a0060ccf57c0050,                       0,  true",
    })
    void binaryHeaders(String what, String hex, int length, boolean known) {
        byte[] bytes = HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", ""));
        assertThat(read(bytes)).as(what).isEqualTo(length);
        if (length > 0) {
            assertThat(reader.header().isKnown()).as(what).isEqualTo(known);
        }
    }
}
