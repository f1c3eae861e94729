package jdpvs.stack.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdpvs.port.DropReason;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Ipv6Counts;
import jdpvs.wire.Checksum;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FragmenterTest {
    private final Bench bench = new Bench();

    @Test
    void everyFragmentButTheLastIsAsLongAsFits() {
        List<byte[]> pieces = bench.fragments(udp(4000).toBytes(), 1500);
        assertThat(pieces).extracting(FragmenterTest::describe).containsExactly("0+ 1500", "1480+ 1500", "2960 1068");
        assertThat(bench.fragments(udp(4000).toBytes(), 1499))
                .extracting(FragmenterTest::describe)
                .containsExactly("0+ 1492", "1472+ 1492", "2944 1084");
    }

    @Test
    void whatFitsLeavesAsItIs() {
        byte[] frame = udp(1472).toBytes();
        assertThat(bench.fragments(frame, 1500)).singleElement().isEqualTo(frame);
    }

    @Test
    void aFragmentIsCutLikeAnyPacket() {
        List<byte[]> pieces =
                bench.fragments(udp(1472).fragment(Ipv4.MORE_FRAGMENTS | 100).toBytes(), 800);
        assertThat(pieces).extracting(FragmenterTest::describe).containsExactly("800+ 796", "1576+ 724");
        pieces = bench.fragments(udp(1472).fragment(100).toBytes(), 800);
        assertThat(pieces).extracting(FragmenterTest::describe).containsExactly("800+ 796", "1576 724");
    }

    @Test
    void optionsAreCopiedWhenTheySaySo() {
        byte[] options = {(byte) 0x83, 7, 4, 1, 2, 3, 4, 1, 7, 7, 4, 9, 9, 9, 9, (byte) 0x94, 4, 0, 0, 0};
        List<byte[]> pieces = bench.fragments(udp(3000).ipOptions(options).toBytes(), 1500);
        assertThat(pieces.get(0)).startsWith(Arrays.copyOf(pieces.get(0), 34)).contains(options);
        assertThat(Arrays.copyOfRange(pieces.get(1), 34, 46)).containsExactly(0x83, 7, 4, 1, 2, 3, 4, 0x94, 4, 0, 0, 0);
        assertThat(pieces.get(1)[14]).isEqualTo((byte) 0x48);
        List<byte[]> whole = new ArrayList<>();
        pieces.forEach(piece -> whole.addAll(bench.add(piece)));
        assertThat(whole).singleElement().isEqualTo(udp(3000).ipOptions(options).toBytes());
    }

    @Test
    void malformedOptionsEndTheList() {
        byte[] options = {(byte) 0x94, 4, 0, 0, (byte) 0x83, 1, 0, 0, (byte) 0x94, 4, 0, 0};
        byte[] second =
                bench.fragments(udp(3000).ipOptions(options).toBytes(), 1500).get(1);
        assertThat(second[14]).isEqualTo((byte) 0x46);
        byte[] beyond = {(byte) 0x94, 4, 0, 0, (byte) 0x83, 9, 0, 0};
        assertThat(bench.fragments(udp(3000).ipOptions(beyond).toBytes(), 1500).get(1)[14])
                .isEqualTo((byte) 0x46);
    }

    @Test
    void aPartialChecksumIsCompletedBefore() {
        byte[] complete = udp(3000).toBytes();
        int length = udp(3000).partialChecksum().writeWithHeader(bench.buffer);
        List<byte[]> whole = new ArrayList<>();
        bench.send(length, 1500).forEach(piece -> whole.addAll(bench.add(piece)));
        assertThat(whole).singleElement().isEqualTo(complete);
    }

    /** The header in front of a frame may lie; ours is not written to whatever it says. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.2, 14, 0",
        "2407::1, 2407::2, 14, 0",
        "2407::1, 2407::2, 54, 0",
        "2407::1, 2407::2, 0, 6"
    })
    void aPartialChecksumBeforeTheTransportHeaderIsALie(String from, String to, int start, int offset) {
        PacketBuilder packet = PacketBuilder.udp(from, 1, to, 2).payload(3000).fragment(0);
        if (from.contains(":")) {
            packet.extensions(Ipv6.DESTINATION_OPTIONS, new byte[] {Ipv4.UDP, 0, 1, 4, 0, 0, 0, 0});
        }
        byte[] sound = packet.toBytes();
        int length = packet.writeWithHeader(bench.buffer);
        VirtioNetHeader.set(
                bench.buffer, VirtioNetHeader.NEEDS_CHECKSUM, VirtioNetHeader.GSO_UDP, 0, 1232, start, offset);
        List<byte[]> whole = new ArrayList<>();
        bench.send(length, 1500).forEach(piece -> whole.addAll(bench.add(piece)));
        assertThat(whole).singleElement().isEqualTo(sound);
    }

    @Test
    void segmentsThatFitAreTheDevicesBusiness() {
        PacketBuilder segments = PacketBuilder.tcp("10.0.0.1", 1, "10.0.0.2", 2)
                .payload(20_000)
                .fragment(0)
                .segmentSize(1448);
        int length = segments.writeWithHeader(bench.buffer);
        assertThat(bench.send(length, 1500)).hasSize(1);
        length = segments.writeWithHeader(bench.buffer);
        assertThat(bench.send(length, 1400)).hasSize(15);
    }

    @Test
    void tellsWhatCannotPass() {
        record Case(PacketBuilder packet, int mtu, boolean passes) {}
        PacketBuilder segments =
                PacketBuilder.tcp("10.0.0.1", 1, "10.0.0.2", 2).payload(20_000).segmentSize(1448);
        List<Case> cases = List.of(
                new Case(udp(1473), 1500, true),
                new Case(udp(1473).fragment(Ipv4.DONT_FRAGMENT), 1500, false),
                new Case(udp(1472).fragment(Ipv4.DONT_FRAGMENT), 1500, true),
                new Case(segments, 1500, true),
                new Case(segments, 1487, false),
                new Case(udp(100), 27, false));
        for (Case one : cases) {
            int length = one.packet.writeWithHeader(bench.buffer);
            assertThat(Fragmenter.canPass(bench.buffer, length, one.mtu))
                    .as("%s", one)
                    .isEqualTo(one.passes);
        }
    }

    /** What {@code dpip ipv6 show} counts; a fragment's bytes are those from its IPv6 header on. */
    @Test
    void fragmentsOfIpv6AreCounted() {
        byte[] frame = PacketBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2)
                .payload(2600)
                .toBytes();
        assertThat(bench.fragments6(frame, 1500)).hasSize(3);
        assertThat(Ipv6Counts.of(bench.context.ipv6))
                .isEqualTo("OutOctets " + (2608 + 3 * 48) + ", FragOKs 1, FragCreates 3");
        byte[] small = PacketBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2)
                .payload(100)
                .toBytes();
        Ipv6Counts counts = new Ipv6Counts(bench.context.ipv6);
        assertThat(bench.fragments6(small, 1500)).as("it fits").hasSize(1);
        assertThat(counts).hasToString("OutOctets 148");
    }

    @Test
    void ofIpv6WithoutMemoryTheWholePacketIsCounted() {
        int length = PacketBuilder.udp("2001:db8::1", 1, "2001:db8::2", 2)
                .payload(60_000)
                .writeWithHeader(bench.buffer);
        VirtioNetHeader.setFragments(bench.buffer, 1232);
        for (int i = 0; i < 100; i++) {
            bench.fragmenter.send(0, bench.buffer, length, 1500);
        }
        long gone = bench.drops.get(DropReason.BUFFERS_EXHAUSTED);
        assertThat(gone).isBetween(30L, 50L);
        assertThat(bench.context.ipv6.get(Ipv6Counter.FRAG_FAILS)).isEqualTo(gone);
        assertThat(bench.context.ipv6.get(Ipv6Counter.FRAG_OKS)).isEqualTo(100 - gone);
        assertThat(bench.context.ipv6.get(Ipv6Counter.FRAG_CREATES)).isEqualTo(bench.sent.size());
    }

    @Test
    void withoutMemoryTheWholePacketIsCounted() {
        int length = udp(60_000).writeWithHeader(bench.buffer);
        for (int i = 0; i < 100; i++) {
            bench.fragmenter.send(0, bench.buffer, length, 1500);
        }
        long gone = bench.drops.get(DropReason.BUFFERS_EXHAUSTED);
        assertThat(gone).isBetween(30L, 45L);
        assertThat(bench.sent).hasSize((int) (100 - gone) * 41);
        bench.context.nowMillis++;
        bench.fragmenter.send(0, bench.buffer, length, 1500);
        assertThat(bench.dropped()).isEqualTo(Map.of(DropReason.BUFFERS_EXHAUSTED, gone));
    }

    private static PacketBuilder udp(int payload) {
        return PacketBuilder.udp("10.0.0.1", 1, "10.0.0.2", 2)
                .payload(payload)
                .fragment(0)
                .identification(99);
    }

    /** Offset, more to come, total length; checks what is common to all. */
    private static String describe(byte[] frame) {
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            long at = arena.allocate(frame.length + VirtioNetHeader.LENGTH).address() + VirtioNetHeader.LENGTH;
            Memory.copyIn(frame, 0, at, frame.length);
            long ip = at + Ethernet.LENGTH;
            assertThat(FrameKind.kind(Classifier.classify(at, frame.length))).isEqualTo(FrameKind.FRAGMENT4);
            assertThat(Checksum.isIpv4HeaderValid(ip)).isTrue();
            assertThat(Ipv4.identification(ip)).isEqualTo(99);
            int field = Ipv4.flagsAndOffset(ip);
            return (field & Ipv4.OFFSET_MASK) * 8
                    + ((field & Ipv4.MORE_FRAGMENTS) != 0 ? "+ " : " ")
                    + Ipv4.totalLength(ip);
        }
    }
}
