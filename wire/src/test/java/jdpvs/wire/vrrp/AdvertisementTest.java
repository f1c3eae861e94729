package jdpvs.wire.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import jdpvs.wire.Address;
import jdpvs.wire.GuardedMemory;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Advertisements against bytes written out by hand from RFC 3768 §5.1 and RFC 9568 §5.1. */
class AdvertisementTest {
    private static final Address SOURCE = Address.parse("192.0.2.28");
    private static final Address GROUP = Address.parse("224.0.0.18");
    private static final Address SOURCE6 = Address.parse("fe80::28");
    private static final Address GROUP6 = Address.parse("ff02::12");

    private static final Advertisement VERSION_2 =
            new Advertisement(2, 77, 100, 100, "s3cret", List.of(Address.parse("192.0.2.100")));
    // Words 214d 6401 0101 c000 0264 7333 6372 6574 sum up to 284cc, folded to 84ce: its complement is 7b31.
    private static final String BYTES_2 = "214d640101017b31" + "c0000264" + "7333637265740000";

    private static final Advertisement VERSION_3 =
            new Advertisement(3, 1, 254, 10, null, List.of(Address.parse("192.0.2.100"), Address.parse("192.0.2.101")));
    private static final Advertisement VERSION_3_IPV6 =
            new Advertisement(3, 1, 0, 4095, null, List.of(Address.parse("fe80::64"), Address.parse("2001:db8::64")));

    private final GuardedMemory memory = new GuardedMemory();

    @TempDir
    private Path directory = Path.of("");

    private String hex(Advertisement advertisement, Address source, Address destination) {
        byte[] bytes = new byte[advertisement.length()];
        long at = memory.atEnd(bytes);
        Memory.fill(at, bytes.length, 0x5a);
        advertisement.write(at, source, destination);
        Memory.copyOut(at, bytes, 0, bytes.length);
        return HexFormat.of().formatHex(bytes);
    }

    private Reading read(String hex, Address source, Address destination) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return Advertisement.read(memory.atEnd(bytes), bytes.length, source, destination);
    }

    @Test
    void anAdvertisementOfVersion2IsTheseBytes() {
        assertThat(hex(VERSION_2, SOURCE, GROUP)).isEqualTo(BYTES_2);
        assertThat(read(BYTES_2, SOURCE, GROUP)).isEqualTo(VERSION_2);
    }

    @Test
    void version3HasHundredthsAndAPseudoHeader() {
        String bytes = hex(VERSION_3, SOURCE, GROUP);
        assertThat(bytes).startsWith("3101fe02000a").endsWith("c0000264c0000265");
        assertThat(read(bytes, SOURCE, GROUP)).isEqualTo(VERSION_3);
        assertThat(read(bytes, Address.parse("192.0.2.29"), GROUP)).isEqualTo(Refusal.CHECKSUM);
        // 3101 + fe02 + 000a + c000 + 0264 + c000 + 0265 = 2b3d6, folded b3d8: without the pseudo header.
        assertThat(read("3101fe02000a4c27c0000264c0000265", SOURCE, GROUP)).isEqualTo(VERSION_3);
    }

    @Test
    void version3OverIpv6HasAPseudoHeaderAlways() {
        String bytes = hex(VERSION_3_IPV6, SOURCE6, GROUP6);
        assertThat(bytes)
                .startsWith("310100020fff")
                .endsWith("fe800000000000000000000000000064" + "20010db8000000000000000000000064");
        assertThat(read(bytes, SOURCE6, GROUP6)).isEqualTo(VERSION_3_IPV6);
        assertThat(read(bytes, Address.parse("fe80::29"), GROUP6)).isEqualTo(Refusal.CHECKSUM);
    }

    @ParameterizedTest
    @CsvSource({
        "'', TRUNCATED",
        "214d6401010100, TRUNCATED",
        "114d640101017b31c00002647333637265740000, VERSION",
        "414d640101017b31c00002647333637265740000, VERSION",
        "224d640101017b31c00002647333637265740000, TYPE",
        "214d640201017b31c00002647333637265740000, LENGTH",
        "214d640101017b31c000026473336372657400, LENGTH",
        "214d640101017b31c0000264733363726574000000, LENGTH",
        "214d640101017b32c00002647333637265740000, CHECKSUM",
        "214d650101017b31c00002647333637265740000, CHECKSUM",
        "2100640101017b7ec00002647333637265740000, VIRTUAL_ROUTER_ID",
        "214d6400000079b20100000000000000, ADDRESS_COUNT",
        "214d640102017a31c00002647333637265740000, AUTHENTICATION",
        "214d640101007b32c00002647333637265740000, INTERVAL",
    })
    void whatIsRefusedAndWhy(String hex, Refusal reason) {
        assertThat(read(hex, SOURCE, GROUP)).isEqualTo(reason);
        assertThat(reason.sentence()).isNotBlank();
    }

    @Test
    void version2IsOfIpv4() {
        assertThat(read(BYTES_2, SOURCE6, GROUP6)).isEqualTo(Refusal.VERSION);
    }

    @Test
    void aPasswordIsCutToEightBytes() {
        assertThat(Advertisement.password("0123456789")).isEqualTo("01234567");
        assertThat(Advertisement.password("é")).hasSize(2);
        var advertisement = new Advertisement(2, 1, 1, 100, Advertisement.password("éé3456789"), VERSION_2.addresses());
        assertThat(read(hex(advertisement, SOURCE, GROUP), SOURCE, GROUP)).isEqualTo(advertisement);
    }

    /** As another program reads them, checksums included. */
    @Test
    void tsharkReadsWhatWasWritten() throws Exception {
        var frames = new StringBuilder();
        frames.append(frame("45c0002800000000ff70" + "0000" + "c000021c" + "e0000012" + hex(VERSION_2, SOURCE, GROUP)));
        frames.append(frame("45c0002400000000ff70" + "0000" + "c000021c" + "e0000012" + hex(VERSION_3, SOURCE, GROUP)));
        frames.append(frame("60000000002870ff" + "fe800000000000000000000000000028" + "ff020000000000000000000000000012"
                + hex(VERSION_3_IPV6, SOURCE6, GROUP6)));
        Path text = Files.writeString(directory.resolve("frames"), frames);
        Path capture = directory.resolve("capture");
        run("text2pcap", "-l", "101", text.toString(), capture.toString());
        assertThat(run(
                                "tshark",
                                "-n",
                                "-r",
                                capture.toString(),
                                "-T",
                                "fields",
                                "-E",
                                "separator=;",
                                "-e",
                                "vrrp.version",
                                "-e",
                                "vrrp.virt_rtr_id",
                                "-e",
                                "vrrp.prio",
                                "-e",
                                "vrrp.adver_int",
                                "-e",
                                "vrrp.short_adver_int",
                                "-e",
                                "vrrp.auth_string",
                                "-e",
                                "vrrp.ip_addr",
                                "-e",
                                "vrrp.ipv6_addr",
                                "-e",
                                "vrrp.checksum.status")
                        .lines())
                .containsExactly(
                        "2;77;100;1;;s3cret;192.0.2.100;;1",
                        "3;1;254;;10;;192.0.2.100,192.0.2.101;;1",
                        "3;1;0;;4095;;;fe80::64,2001:db8::64;1");
    }

    private static String frame(String hex) {
        return "000000 " + hex.replaceAll("..", "$0 ") + "\n";
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command[0]).isZero();
        return output;
    }
}
