package jdpvs.wire.slow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import jdpvs.wire.GuardedMemory;
import jdpvs.wire.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LACPDUs and markers against bytes written out by hand from IEEE 802.1AX-2014 §6.4.2.3 and §6.5.3. */
class LacpduTest {
    private static final long SOURCE = 0x0200_0000_0001L;
    private static final LacpParty ACTOR =
            new LacpParty(0xfffe, 0x0011_2233_4455L, 0x1234, 0x8001, 7, LacpState.ACTIVITY | LacpState.EXPIRED);
    private static final LacpParty PARTNER = new LacpParty(1, 0xaabb_ccdd_eeffL, 0x4321, 0x7fff, 0x0102, 0x3e);
    private static final LacpMessage MESSAGE = new LacpMessage(ACTOR, PARTNER, 0x0506);
    private static final String LACP_BYTES = "0180c2000002" + "020000000001" + "8809" + "0101"
            + "0114" + "fffe" + "001122334455" + "1234" + "8001" + "0007" + "81" + "000000"
            + "0214" + "0001" + "aabbccddeeff" + "4321" + "7fff" + "0102" + "3e" + "000000"
            + "0310" + "0506" + "00".repeat(12)
            + "0000" + "00".repeat(50);

    private static final MarkerMessage MARKER = new MarkerMessage(false, 0x0203, 0x0011_2233_4455L, 0xdead_beef);
    private static final String MARKER_BYTES = "0180c2000002" + "020000000001" + "8809" + "0201" + "0110" + "0203"
            + "001122334455" + "deadbeef" + "0000" + "0000" + "00".repeat(90);

    private final GuardedMemory memory = new GuardedMemory();

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** Memory that is not zero where nothing is written. */
    private long dirty() {
        byte[] dirt = new byte[SlowProtocol.FRAME_LENGTH];
        Arrays.fill(dirt, (byte) 0x5a);
        return memory.atEnd(dirt);
    }

    private static String hex(long frame) {
        byte[] bytes = new byte[SlowProtocol.FRAME_LENGTH];
        Memory.copyOut(frame, bytes, 0, bytes.length);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aLacpduIsTheseBytes() {
        long frame = dirty();
        MESSAGE.write(frame, SOURCE);
        assertThat(hex(frame)).isEqualTo(LACP_BYTES);
        assertThat(SlowProtocol.FRAME_LENGTH).isEqualTo(124);
        assertThat(SlowProtocol.is(frame, 124)).isTrue();
        assertThat(Lacpdu.isValid(frame, 124)).isTrue();
        assertThat(MarkerPdu.isValid(frame, 124)).isFalse();
    }

    @Test
    void theseBytesAreALacpdu() {
        assertThat(LacpMessage.read(memory.atEnd(bytes(LACP_BYTES)))).isEqualTo(MESSAGE);
    }

    @Test
    void aMarkerIsTheseBytesAndItsAnswerDiffersInTheType() {
        long frame = dirty();
        MARKER.write(frame, SOURCE);
        assertThat(hex(frame)).isEqualTo(MARKER_BYTES);
        assertThat(MarkerPdu.isValid(frame, 124)).isTrue();
        assertThat(Lacpdu.isValid(frame, 124)).isFalse();
        assertThat(MarkerPdu.read(frame)).isEqualTo(MARKER);
        MarkerPdu.read(frame).answer().write(frame, SOURCE);
        assertThat(hex(frame)).isEqualTo(MARKER_BYTES.replace("02010110", "02010210"));
        assertThat(MarkerPdu.isValid(frame, 124)).isTrue();
        assertThat(MarkerPdu.read(frame).response()).isTrue();
    }

    /** A receiver looks at neither version, nor types, nor reserved octets, nor what stands behind the collector's part (§6.4.12). */
    @ParameterizedTest
    @ValueSource(ints = {15, 16, 33, 35, 36, 53, 55, 56, 60, 71, 72, 73, 123})
    void whatIsReservedDoesNotMatter(int offset) {
        byte[] bytes = bytes(LACP_BYTES);
        bytes[offset] ^= 0x55;
        long frame = memory.atEnd(bytes);
        assertThat(Lacpdu.isValid(frame, bytes.length)).isTrue();
        assertThat(LacpMessage.read(frame)).isEqualTo(MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({"14, subtype", "17, actor length", "37, partner length", "57, collector length"})
    void whatIsCheckedDoes(int offset, String what) {
        byte[] bytes = bytes(LACP_BYTES);
        bytes[offset] ^= 0x10;
        assertThat(Lacpdu.isValid(memory.atEnd(bytes), bytes.length)).as(what).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"14, subtype", "16, type", "17, length"})
    void theSameOfAMarker(int offset, String what) {
        byte[] bytes = bytes(MARKER_BYTES);
        bytes[offset] ^= 0x40;
        assertThat(MarkerPdu.isValid(memory.atEnd(bytes), bytes.length))
                .as(what)
                .isFalse();
    }

    @Test
    void shortAndForeignFrames() {
        byte[] whole = bytes(LACP_BYTES);
        for (int length = 0; length < whole.length; length++) {
            long frame = memory.atEnd(Arrays.copyOf(whole, length));
            assertThat(SlowProtocol.is(frame, length)).isEqualTo(length > 14);
            assertThat(length > 14 && Lacpdu.isValid(frame, length)).isFalse();
        }
        byte[] longer = Arrays.copyOf(whole, 200);
        assertThat(Lacpdu.isValid(memory.atEnd(longer), 200)).isTrue();
        for (int offset : new int[] {0, 5, 12, 13}) {
            byte[] foreign = whole.clone();
            foreign[offset] ^= 1;
            assertThat(SlowProtocol.is(memory.atEnd(foreign), foreign.length)).isFalse();
        }
    }

    @Test
    void statesAndPartiesReadWell() {
        assertThat(LacpState.format(0)).isEmpty();
        assertThat(LacpState.format(0xff))
                .isEqualTo("activity,timeout,aggregation,synchronization,collecting,distributing,defaulted,expired");
        assertThat(ACTOR).hasToString("system 65534,00:11:22:33:44:55 key 4660 port 32769,7 activity,expired");
        assertThat(ACTOR.with(LacpState.EXPIRED, false).state()).isEqualTo(LacpState.ACTIVITY);
    }

    @ParameterizedTest
    @CsvSource({
        "65536,1,1,1,1,1",
        "-1,1,1,1,1,1",
        "1,281474976710656,1,1,1,1",
        "1,1,65536,1,1,1",
        "1,1,1,65536,1,1",
        "1,1,1,1,65536,1",
        "1,1,1,1,1,256"
    })
    void whatDoesNotFitIsRefused(int systemPriority, long system, int key, int portPriority, int port, int state) {
        assertThatThrownBy(() -> new LacpParty(systemPriority, system, key, portPriority, port, state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16-bit");
    }
}
