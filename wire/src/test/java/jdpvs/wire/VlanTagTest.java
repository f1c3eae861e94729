package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VlanTagTest {
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void free() {
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        // flags, type of segmentation, header length, place of the checksum; the last two with a tag
        "0, 0, 0, 0, 0, 0",
        "0, 0, 0, 34, 0, 34",
        "1, 0, 0, 34, 0, 38",
        "1, 1, 54, 34, 58, 38",
        "1, 129, 66, 34, 70, 38",
        "1, 4, 74, 54, 78, 58",
        "2, 1, 54, 0, 58, 0",
        "1, 5, 42, 34, 46, 38",
    })
    void theHeaderFollowsTheTagBothWays(int flags, int type, int header, int start, int taggedHeader, int taggedStart) {
        PacketBuilder builder = PacketBuilder.tcp(1, 2, 3, 4).payload(1000);
        long frame = builder.allocate(arena);
        byte[] plain = bytes(frame, builder.length());
        VirtioNetHeader.set(frame, flags, type, header, 400, start, 16);

        long tagged = VlanTag.putOn(frame, Ethernet.TYPE_VLAN, 0xe066);
        assertThat(tagged).isEqualTo(frame - 4);
        assertThat(VlanTag.isOn(tagged, builder.length() + 4)).isTrue();
        assertThat(VlanTag.id(tagged)).as("without the priority").isEqualTo(102);
        assertThat(bytes(tagged, 18)).startsWith(bytes(plain, 0, 12)).endsWith(0x81, 0x00, 0xe0, 0x66, 0x08, 0x00);
        assertThat(bytes(tagged + 18, builder.length() - 14)).isEqualTo(bytes(plain, 14, builder.length()));
        assertHeader(tagged, flags, type, taggedHeader, taggedStart);

        long again = VlanTag.takeOff(tagged);
        assertThat(again).isEqualTo(frame);
        assertThat(bytes(again, builder.length())).isEqualTo(plain);
        assertHeader(again, flags, type, header, start);
    }

    @Test
    void whatIsWrittenBeforeAFrameIsHeaderAndTag() {
        long frame = PacketBuilder.udp(1, 2, 3, 4).allocate(arena);
        Memory.fill(frame - PacketBuilder.HEADROOM, PacketBuilder.HEADROOM - VirtioNetHeader.LENGTH, 0x5a);
        VlanTag.putOn(frame, Ethernet.TYPE_VLAN, 1);
        int untouched = PacketBuilder.HEADROOM - VirtioNetHeader.LENGTH - VlanTag.LENGTH;
        assertThat(bytes(frame - PacketBuilder.HEADROOM, untouched)).containsOnly(0x5a);
    }

    @ParameterizedTest
    @CsvSource({"0x8100, 18, true", "0x8100, 17, false", "0x8100, 14, false", "0x88a8, 60, false", "0x0800, 60, false"})
    void isOnFramesThatHoldAWholeTag(String type, int length, boolean tagged) {
        long frame = PacketBuilder.udp(1, 2, 3, 4).payload(100).allocate(arena);
        Memory.putShortNet(frame + 12, Integer.decode(type));
        assertThat(VlanTag.isOn(frame, length)).isEqualTo(tagged);
    }

    @ParameterizedTest
    @CsvSource({
        "0x8100, 0xe000, true",
        "0x8100, 0x0000, true",
        "0x8100, 0x2001, false",
        "0x8100, 0x0800, false",
        "0x88a8, 0xe000, false"
    })
    void aTagWithoutAVlanIsPriorityOnly(String type, String control, boolean priorityOnly) {
        assertThat(VlanTag.isPriorityOnly(Integer.decode(type), Integer.decode(control)))
                .isEqualTo(priorityOnly);
    }

    /** What packets a frame is on the wire does not depend on its tag. */
    @Test
    void segmentsAreCountedBehindTheTag() {
        PacketBuilder builder = PacketBuilder.tcp(1, 2, 3, 4).payload(64_000).segmentSize(1448);
        long frame = builder.allocate(arena);
        int packets = Segmentation.packets(frame, builder.length());
        int bytes = Segmentation.wireBytes(frame, builder.length());
        long tagged = VlanTag.putOn(frame, Ethernet.TYPE_VLAN, 7);
        assertThat(Segmentation.packets(tagged, builder.length() + 4)).isEqualTo(packets);
        assertThat(Segmentation.wireBytes(tagged, builder.length() + 4)).isEqualTo(bytes + 4 * packets);
    }

    private static void assertHeader(long frame, int flags, int type, int header, int start) {
        assertThat(VirtioNetHeader.flags(frame)).isEqualTo(flags);
        assertThat(VirtioNetHeader.gsoType(frame)).isEqualTo(type);
        assertThat(VirtioNetHeader.headerLength(frame)).isEqualTo(header);
        assertThat(VirtioNetHeader.segmentSize(frame)).isEqualTo(400);
        assertThat(VirtioNetHeader.checksumStart(frame)).isEqualTo(start);
        assertThat(VirtioNetHeader.checksumOffset(frame)).isEqualTo(16);
    }

    private static byte[] bytes(long address, int count) {
        byte[] bytes = new byte[count];
        Memory.copyOut(address, bytes, 0, count);
        return bytes;
    }

    private static byte[] bytes(byte[] all, int from, int to) {
        return Arrays.copyOfRange(all, from, to);
    }
}
