package jdpvs.stack.fragment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import jdpvs.port.DropReason;
import jdpvs.stack.Ipv6Counts;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReassemblyTest {
    private static final String SOURCE = "10.0.0.1";

    /** Tables: pieces as {@code from-to} or {@code from-to+} (more to come), in the order of arrival; what is counted; whether it is whole. */
    static Stream<Arguments> arrivals() {
        return Stream.of(
                arguments("in order", "0-800+ 800-1600+ 1600-2000", Map.of(), true),
                arguments("backwards", "1600-2000 800-1600+ 0-800+", Map.of(), true),
                arguments("first fragment last", "800-1600+ 1600-2000 0-800+", Map.of(), true),
                arguments("pieces of 8 bytes at the front", "0-8+ 8-16+ 16-2000", Map.of(), true),
                arguments("a piece is missing", "0-800+ 1600-2000", Map.of(), false),
                arguments("no end", "0-800+ 800-1600+", Map.of(), false),
                arguments("a repeated piece", "0-800+ 0-800+ 800-2000", one(DropReason.FRAGMENT_DUPLICATE), true),
                arguments("a repeated end", "800-2000 800-2000 0-800+", one(DropReason.FRAGMENT_DUPLICATE), true),
                arguments(
                        "a repeated piece longer than a chunk",
                        "0-1600+ 0-1600+ 1600-2000",
                        one(DropReason.FRAGMENT_DUPLICATE),
                        true),
                arguments(
                        "a piece inside another", "0-800+ 80-160+ 800-2000", three(DropReason.FRAGMENT_OVERLAP), false),
                arguments(
                        "a piece around another", "80-160+ 0-800+ 800-2000", three(DropReason.FRAGMENT_OVERLAP), false),
                arguments("8 bytes overlap", "0-800+ 792-2000", two(DropReason.FRAGMENT_OVERLAP), false),
                arguments("8 bytes overlap, backwards", "792-2000 0-800+", two(DropReason.FRAGMENT_OVERLAP), false),
                arguments("same begin, other length", "0-800+ 0-808+", two(DropReason.FRAGMENT_OVERLAP), false),
                arguments(
                        "the end becomes a middle",
                        "800-1600 800-1600+ 0-800+",
                        three(DropReason.FRAGMENT_OVERLAP),
                        false),
                arguments("two ends", "800-1600 1600-2000", two(DropReason.FRAGMENT_OVERLAP), false),
                arguments("an end before what came", "800-1600+ 400-800", two(DropReason.FRAGMENT_OVERLAP), false),
                arguments("a piece behind the end", "400-800 1600-2000+", two(DropReason.FRAGMENT_OVERLAP), false),
                arguments("no multiple of 8", "0-801+ 800-2000", one(DropReason.BAD_FRAGMENT), false),
                arguments("without payload", "800-800+ 0-800+ 800-2000", one(DropReason.BAD_FRAGMENT), true),
                arguments("an end without payload", "2000-2000 0-800+ 800-2000", one(DropReason.BAD_FRAGMENT), true),
                arguments(
                        "beyond the longest datagram",
                        "65512-66000 0-800+ 800-2000",
                        one(DropReason.BAD_FRAGMENT),
                        true));
    }

    private static Map<DropReason, Long> one(DropReason reason) {
        return Map.of(reason, 1L);
    }

    private static Map<DropReason, Long> two(DropReason reason) {
        return Map.of(reason, 2L);
    }

    private static Map<DropReason, Long> three(DropReason reason) {
        return Map.of(reason, 3L);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("arrivals")
    void countsAndCompletes(String description, String pieces, Map<DropReason, Long> counted, boolean whole) {
        Bench bench = new Bench();
        byte[] payload = payload(66_000, 1);
        List<byte[]> complete = new ArrayList<>();
        for (String piece : pieces.split(" ")) {
            complete.addAll(bench.add(piece(SOURCE, 7, payload, piece)));
        }
        assertThat(bench.dropped()).isEqualTo(counted);
        if (whole) {
            assertThat(complete)
                    .singleElement()
                    .satisfies(frame ->
                            assertThat(frame).hasSize(Bench.HEADERS + 2000).endsWith(Arrays.copyOf(payload, 2000)));
        } else {
            assertThat(complete).isEmpty();
        }
    }

    @Test
    void theWholeIsAnOrdinaryPacket() {
        Bench bench = new Bench();
        byte[] original = PacketBuilder.udp("10.0.0.1", 1000, "10.0.0.2", 2000)
                .payload(20_000)
                .identification(77)
                .tos(0x10)
                .fragment(0)
                .toBytes();
        List<byte[]> pieces = new ArrayList<>(bench.fragments(original, 1500));
        assertThat(pieces).hasSize(14);
        Collections.rotate(pieces, -1);
        List<byte[]> whole = new ArrayList<>();
        pieces.forEach(piece -> whole.addAll(bench.add(piece)));
        assertThat(whole).singleElement().isEqualTo(original);
        assertThat(bench.reassembly.incomplete()).isZero();
        assertThat(bench.reassembly.freeChunks()).isEqualTo(FragmentLimits.DEFAULTS.chunks());
    }

    @Test
    void congestionOfAnyFragmentIsOfTheWhole() {
        Bench bench = new Bench();
        byte[] payload = payload(2000, 1);
        bench.add(packet(SOURCE, 7, payload, "0-800+").tos(1).toBytes());
        List<byte[]> whole =
                bench.add(packet(SOURCE, 7, payload, "800-2000").tos(3).toBytes());
        assertThat(whole)
                .singleElement()
                .satisfies(frame -> assertThat(frame[15]).isEqualTo((byte) 3));
    }

    @Test
    void whatDiffersInSourceDestinationIdentificationOrProtocolIsAnotherDatagram() {
        Bench bench = new Bench();
        byte[] payload = payload(2000, 1);
        bench.add(piece(SOURCE, 7, payload, "0-800+"));
        bench.add(piece("10.0.0.9", 7, payload, "800-2000"));
        bench.add(piece(SOURCE, 8, payload, "800-2000"));
        bench.add(packet(SOURCE, 7, payload, "800-2000")
                .addresses(ip(10, 0, 0, 1), ip(10, 0, 0, 3))
                .toBytes());
        bench.add(PacketBuilder.ipv4(Ipv4.TCP, ip(10, 0, 0, 1), ip(10, 0, 0, 2))
                .identification(7)
                .payload(Arrays.copyOfRange(payload, 800, 2000))
                .fragment(100)
                .toBytes());
        assertThat(bench.reassembly.incomplete()).isEqualTo(5);
        assertThat(bench.add(piece(SOURCE, 7, payload, "800-2000"))).hasSize(1);
    }

    @Test
    void whatComesTooLateIsDroppedOneByOne() {
        Bench bench = new Bench();
        byte[] payload = payload(2000, 1);
        bench.add(piece(SOURCE, 7, payload, "0-800+"));
        bench.add(piece(SOURCE, 7, payload, "800-1600+"));
        bench.context.nowMillis += 4990;
        bench.reassembly.tick();
        assertThat(bench.dropped()).isEmpty();
        bench.context.nowMillis += 10;
        bench.reassembly.tick();
        assertThat(bench.dropped()).isEqualTo(two(DropReason.FRAGMENT_TIMEOUT));
        assertThat(bench.reassembly.incomplete()).isZero();
        assertThat(bench.add(piece(SOURCE, 7, payload, "1600-2000"))).isEmpty();
    }

    @Test
    void afterAContradictionNothingOfTheDatagramIsTakenUntilItsTimeIsOver() {
        Bench bench = new Bench();
        byte[] payload = payload(2000, 1);
        for (String piece : "0-800+ 792-2000 0-800+ 800-2000".split(" ")) {
            assertThat(bench.add(piece(SOURCE, 7, payload, piece))).isEmpty();
        }
        assertThat(bench.dropped()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 4L));
        bench.context.nowMillis += 5000;
        bench.reassembly.tick();
        bench.add(piece(SOURCE, 7, payload, "0-800+"));
        assertThat(bench.add(piece(SOURCE, 7, payload, "800-2000"))).hasSize(1);
    }

    @Test
    void oneSourceTakesAQuarterAndItsOldestGoesFirst() {
        Bench bench = new Bench(new FragmentLimits(1000, 400, 1024, 256, 5000, 0));
        byte[] payload = payload(2000, 1);
        bench.add(piece("10.7.7.7", 1, payload, "0-800+"));
        for (int id = 0; id < 1000; id++) {
            bench.add(piece(SOURCE, id, payload, "0-800+"));
        }
        assertThat(bench.reassembly.incomplete()).isEqualTo(101);
        assertThat(bench.dropped()).isEqualTo(Map.of(DropReason.FRAGMENTS_FULL, 900L));
        assertThat(bench.add(piece("10.7.7.7", 1, payload, "800-2000"))).hasSize(1);
        assertThat(bench.add(piece(SOURCE, 950, payload, "800-2000"))).hasSize(1);
        assertThat(bench.add(piece(SOURCE, 899, payload, "800-2000"))).isEmpty();
    }

    @Test
    void fromManySourcesTheOldestOfAllGoesFirst() {
        Bench bench = new Bench(new FragmentLimits(1000, 400, 1024, 256, 5000, 0));
        byte[] payload = payload(2000, 1);
        for (int i = 0; i < 500; i++) {
            bench.add(piece("10.0." + i / 250 + "." + (i % 250 + 3), 1, payload, "0-800+"));
        }
        assertThat(bench.reassembly.incomplete()).isEqualTo(400);
        assertThat(bench.add(piece("10.0.1.252", 1, payload, "800-2000"))).hasSize(1);
        assertThat(bench.add(piece("10.0.0.3", 1, payload, "800-2000"))).isEmpty();
    }

    @Test
    void aDatagramOfTooManyFragmentsIsRefused() {
        Bench bench = new Bench();
        byte[] payload = payload(8 * 300, 1);
        for (int i = 0; i < 300; i++) {
            bench.add(piece(SOURCE, 7, payload, 8 * i + "-" + (8 * i + 8) + "+"));
        }
        assertThat(bench.dropped())
                .isEqualTo(Map.of(DropReason.FRAGMENTS_FULL, 257L, DropReason.FRAGMENT_OVERLAP, 43L));
    }

    @Test
    void theLongestDatagramIsTakenAndALongerOneNot() {
        Bench bench = new Bench();
        byte[] payload = payload(65_515, 1);
        List<byte[]> whole = new ArrayList<>();
        for (int at = 0; at < payload.length; at += 8000) {
            int end = Math.min(payload.length, at + 8000);
            whole.addAll(bench.add(piece(SOURCE, 7, payload, at + "-" + end + (end < payload.length ? "+" : ""))));
        }
        assertThat(whole)
                .singleElement()
                .satisfies(frame -> assertThat(frame).hasSize(14 + 65_535).endsWith(payload));
        // The header of the first fragment is longer than those of the others, and so is the datagram.
        for (int at = 8000; at < payload.length; at += 8000) {
            int end = Math.min(payload.length, at + 8000);
            bench.add(piece(SOURCE, 8, payload, at + "-" + end + (end < payload.length ? "+" : "")));
        }
        assertThat(bench.add(packet(SOURCE, 8, payload, "0-8000+")
                        .ipOptions(new byte[] {1, 1, 1, 1})
                        .toBytes()))
                .isEmpty();
        assertThat(bench.dropped()).isEqualTo(Map.of(DropReason.BAD_FRAGMENT, 9L));
    }

    @Test
    void whatFindsNoMemoryInThisCycleIsTakenInALaterOne() {
        Bench bench = new Bench(new FragmentLimits(64, 1024, 64, 256, 5000, 128 << 10));
        byte[] payload = payload(50_000, 1);
        long buffer = bench.buffer;
        for (int id = 0; id < 5; id++) {
            String source = "10.0.0." + (id + 3);
            for (String piece : "0-25000+ 25000-50000".split(" ")) {
                byte[] frame = piece(source, id, payload, piece);
                Memory.copyIn(frame, 0, buffer, frame.length);
                bench.reassembly.add(0, buffer, FrameKind.FRAGMENT4);
            }
        }
        assertThat(bench.taken()).hasSize(2);
        assertThat(bench.taken()).hasSize(2);
        assertThat(bench.taken()).hasSize(1);
        assertThat(bench.dropped()).isEmpty();
    }

    /** Several datagrams at once, cut at random, shuffled, with repetitions: each arrives as it was, and nothing is left. */
    @Test
    void anyOrderAndAnyCutGivesTheOriginal() {
        Random random = new Random(3);
        Bench bench = new Bench();
        for (int round = 0; round < 300; round++) {
            List<byte[]> originals = new ArrayList<>();
            List<byte[]> pieces = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                byte[] original = PacketBuilder.udp("10.0.0." + (1 + i % 2), 1000, "10.0.0.200", 2000)
                        .identification(round * 8 + i)
                        .fragment(0)
                        .payload(payload(1600 + random.nextInt(30_000), random.nextInt()))
                        .toBytes();
                originals.add(original);
                List<byte[]> cut = new ArrayList<>();
                for (byte[] piece : bench.fragments(original, 576 + random.nextInt(1000))) {
                    // Routers on the way cut once more.
                    cut.addAll(
                            random.nextInt(4) == 0
                                    ? bench.fragments(piece, 300 + random.nextInt(300))
                                    : List.of(piece));
                }
                pieces.addAll(cut);
            }
            Collections.shuffle(pieces, random);
            List<byte[]> whole = new ArrayList<>();
            for (byte[] piece : pieces) {
                whole.addAll(bench.add(piece));
            }
            assertThat(whole).containsExactlyInAnyOrderElementsOf(originals);
        }
        assertThat(bench.dropped()).isEmpty();
        assertThat(bench.reassembly.incomplete()).isZero();
        assertThat(bench.reassembly.freeChunks()).isEqualTo(FragmentLimits.DEFAULTS.chunks());
    }

    /** IPv6 likewise, behind extension headers of all kinds that may stand before a fragment header. */
    @Test
    void ipv6InAnyOrderGivesTheOriginal() {
        Random random = new Random(8200);
        Bench bench = new Bench();
        for (int round = 0; round < 300; round++) {
            List<byte[]> originals = new ArrayList<>();
            List<byte[]> pieces = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                PacketBuilder packet = PacketBuilder.udp("2001:db8::" + (1 + i % 2), 1000, "2001:db8:9::200", 2000 + i)
                        .payload(payload(1600 + random.nextInt(30_000), random.nextInt()));
                switch (random.nextInt(4)) {
                    case 0 -> packet.extensions(0, new byte[] {17, 0, 1, 4, 0, 0, 0, 0});
                    case 1 -> packet.extensions(0, new byte[] {43, 0, 1, 4, 0, 0, 0, 0, 17, 0, 4, 0, 0, 0, 0, 0});
                    case 2 -> packet.extensions(0, new byte[] {60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0});
                    default -> packet.flowLabel(77);
                }
                byte[] original = packet.toBytes();
                originals.add(original);
                List<byte[]> cut = bench.fragments6(original, 1280 + random.nextInt(300));
                assertThat(cut).allSatisfy(piece -> assertThat(piece).hasSizeLessThanOrEqualTo(14 + 1280 + 24));
                pieces.addAll(cut);
            }
            Collections.shuffle(pieces, random);
            List<byte[]> whole = new ArrayList<>();
            for (byte[] piece : pieces) {
                whole.addAll(bench.add(piece));
            }
            assertThat(whole).containsExactlyInAnyOrderElementsOf(originals);
        }
        assertThat(bench.dropped()).isEmpty();
        assertThat(bench.reassembly.incomplete()).isZero();
        assertThat(bench.reassembly.freeChunks()).isEqualTo(FragmentLimits.DEFAULTS.chunks());
    }

    /** An IPv6 fragment: header 44 before {next 17, offset and more, identification}. */
    private static byte[] piece6(int identification, int offset, boolean more, int bytes) {
        byte[] headers = ByteBuffer.allocate(8)
                .putShort((short) (17 << 8))
                .putShort((short) (offset | (more ? 1 : 0)))
                .putInt(identification)
                .array();
        return PacketBuilder.udp("2001:db8::1", 1000, "2001:db8:9::200", 2000)
                .extensions(44, headers)
                .payload(bytes - 8)
                .toBytes();
    }

    /** RFC 6946 §4: it waits for nobody and disturbs nobody. */
    @Test
    void anAtomicFragmentIsADatagramByItself() {
        Bench bench = new Bench();
        assertThat(bench.add(piece6(7, 0, true, 800))).isEmpty();
        assertThat(bench.add(piece6(7, 0, false, 400)))
                .singleElement()
                .satisfies(whole -> assertThat(whole).hasSize(14 + 40 + 400));
        assertThat(bench.add(piece6(7, 800, false, 400)))
                .singleElement()
                .satisfies(whole -> assertThat(whole).hasSize(14 + 40 + 1200));
        assertThat(bench.dropped()).isEmpty();
    }

    /** RFC 5722 §3. */
    @Test
    void overlappingFragmentsOfIpv6EndTheirDatagram() {
        Bench bench = new Bench();
        bench.add(piece6(7, 0, true, 800));
        bench.add(piece6(7, 792, false, 400));
        assertThat(bench.add(piece6(7, 800, false, 400))).isEmpty();
        assertThat(bench.dropped()).isEqualTo(Map.of(DropReason.FRAGMENT_OVERLAP, 3L));
        bench.add(piece6(8, 0, true, 801));
        assertThat(bench.dropped()).containsEntry(DropReason.BAD_FRAGMENT, 1L);
    }

    private static Arguments fragments6(String description, String counted, byte[]... pieces) {
        return arguments(description, List.of(pieces), counted);
    }

    /** What {@code dpip ipv6 show} counts: fragments that came, and datagrams that became whole or did not, each once. */
    static Stream<Arguments> counted() {
        byte[] begin = piece6(7, 0, true, 800);
        byte[] end = piece6(7, 800, false, 400);
        return Stream.of(
                fragments6("whole", "ReasmReqds 2, ReasmOKs 1", end, begin),
                fragments6("twice", "ReasmReqds 3, ReasmOKs 1", begin, begin, end),
                fragments6("by itself", "ReasmReqds 1, ReasmOKs 1", piece6(7, 0, false, 400)),
                fragments6("too late", "ReasmTimeout 1, ReasmReqds 1, ReasmFails 1", begin),
                fragments6(
                        "overlapping, and one more of it",
                        "ReasmReqds 3, ReasmFails 1",
                        begin,
                        piece6(7, 792, false, 400),
                        end),
                fragments6("no multiple of 8", "ReasmReqds 1, ReasmFails 1", piece6(7, 0, true, 801)),
                fragments6("IPv4", "", piece(SOURCE, 7, payload(2000, 1), "0-800+")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void counted(String description, List<byte[]> pieces, String counted) {
        Bench bench = new Bench();
        pieces.forEach(bench::add);
        bench.context.nowMillis += 6000;
        bench.reassembly.tick();
        assertThat(Ipv6Counts.of(bench.context.ipv6)).isEqualTo(counted);
    }

    /** Without memory for a second datagram the first one makes room. */
    @Test
    void whatMakesRoomHasFailed() {
        Bench bench = new Bench(new FragmentLimits(4, 1024, 1, 256, 5000, 128 << 10));
        bench.add(piece6(7, 0, true, 800));
        bench.add(piece6(8, 0, true, 800));
        assertThat(Ipv6Counts.of(bench.context.ipv6)).isEqualTo("ReasmReqds 2, ReasmFails 1");
    }

    @Test
    void allocatesNothing() {
        Bench bench = new Bench();
        byte[] payload = payload(2000, 1);
        byte[] first = piece(SOURCE, 7, payload, "0-800+");
        byte[] second = piece(SOURCE, 7, payload, "800-2000");
        long one = bench.buffer;
        long two = bench.buffer + 4096;
        Memory.copyIn(first, 0, one, first.length);
        Memory.copyIn(second, 0, two, second.length);
        VirtioNetHeader.clear(one);
        Runnable round = () -> {
            bench.reassembly.add(0, two, FrameKind.FRAGMENT4);
            bench.reassembly.add(0, one, FrameKind.FRAGMENT4);
            if (bench.reassembly.take() == 0) {
                throw new AssertionError("not whole");
            }
            Ipv4.setTotalLength(one + 14, 820);
            bench.reassembly.add(0, one, FrameKind.FRAGMENT4);
            bench.context.nowMillis += 5000;
            bench.reassembly.tick();
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        for (int i = 0; i < 20_000; i++) {
            round.run();
        }
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 20_000; i++) {
            round.run();
        }
        // Less than a byte a round: what the JVM itself now and then needs, once.
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(20_000);
    }

    static byte[] piece(String source, int identification, byte[] payload, String piece) {
        return packet(source, identification, payload, piece).toBytes();
    }

    private static PacketBuilder packet(String source, int identification, byte[] payload, String piece) {
        boolean more = piece.endsWith("+");
        String[] bounds = piece.replace("+", "").split("-");
        int from = Integer.parseInt(bounds[0]);
        int to = Integer.parseInt(bounds[1]);
        return PacketBuilder.ipv4(Ipv4.UDP, jdpvs.wire.Ipv4Address.parse(source), ip(10, 0, 0, 2))
                .identification(identification)
                .payload(Arrays.copyOfRange(payload, from, to))
                .fragment(from / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0));
    }

    private static int ip(int a, int b, int c, int d) {
        return a << 24 | b << 16 | c << 8 | d;
    }

    private static byte[] payload(int bytes, long seed) {
        byte[] payload = new byte[bytes];
        new Random(seed).nextBytes(payload);
        return payload;
    }
}
