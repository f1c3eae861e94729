package jdpvs.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The classifier keeps {@link FrameKind}'s promises for any bytes and reads nothing outside the frame. */
final class ClassifierFuzz {
    private static final GuardedMemory GUARDED = new GuardedMemory();

    private ClassifierFuzz() {}

    /** One frame of at most 65,549 bytes; an AssertionError is a finding, and so is the end of the process. */
    public static void fuzzerTestOneInput(byte[] frame) {
        if (frame.length > 65_549) {
            return;
        }
        int expected = ReferenceClassifier.classify(frame);
        check(frame, expected, Classifier.classify(GUARDED.atEnd(frame), frame.length));
        check(frame, expected, Classifier.classify(GUARDED.atStart(frame), frame.length));
        if (FrameKind.kind(expected) == FrameKind.TCP4) {
            long at = GUARDED.atEnd(frame);
            TcpOptionsTest.walk(at + FrameKind.transportOffset(expected));
        }
    }

    private static void check(byte[] frame, int expected, int actual) {
        if (actual != expected) {
            throw new AssertionError("classified as " + Integer.toHexString(actual) + " instead of "
                    + Integer.toHexString(expected) + ": " + HexFormat.of().formatHex(frame));
        }
    }

    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(PacketBuilder.tcp("10.0.0.1", 1234, "10.0.0.2", 80)
                .flags(Tcp.SYN)
                .option(TcpOptions.MAXIMUM_SEGMENT_SIZE, 5, 0xb4)
                .option(TcpOptions.SACK_PERMITTED)
                .toBytes());
        seeds.add(PacketBuilder.tcp("10.0.0.1", 1234, "10.0.0.2", 80).payload(3).toBytes());
        seeds.add(PacketBuilder.udp("10.0.0.1", 53, "10.0.0.2", 53).payload("x").toBytes());
        seeds.add(PacketBuilder.echo("10.0.0.1", "10.0.0.2", 7, 1).payload(56).toBytes());
        seeds.add(PacketBuilder.ipv4(89, 0x0a000001, 0x0a000002).payload(20).toBytes());
        seeds.add(
                PacketBuilder.ipv4(Ipv4.ICMP, 0x0a000001, 0x0a000002).payload(4).toBytes());
        seeds.add(PacketBuilder.udp("10.0.0.1", 53, "10.0.0.2", 53)
                .ipOptions(new byte[] {1, 1, 1, 0})
                .payload(40)
                .toBytes());
        seeds.add(PacketBuilder.udp("10.0.0.1", 53, "10.0.0.2", 53)
                .fragment(Ipv4.MORE_FRAGMENTS)
                .payload(40)
                .toBytes());
        byte[] options = HexFormat.of()
                .parseHex("3c000104000000002b0001040000000033000400000000000604000000000001000000010000000000000000");
        seeds.add(PacketBuilder.tcp("2408::1", 1234, "2001::204", 80)
                .flags(Tcp.SYN)
                .toBytes());
        seeds.add(PacketBuilder.tcp("2408::1", 1234, "2001::204", 80)
                .extensions(0, options)
                .payload(4)
                .toBytes());
        seeds.add(PacketBuilder.udp("2408::1", 53, "2001::204", 53).payload("x").toBytes());
        seeds.add(PacketBuilder.udp("2408::1", 53, "2001::204", 53)
                .extensions(44, HexFormat.of().parseHex("1100000100000007"))
                .toBytes());
        seeds.add(PacketBuilder.echo("2408::1", "2001::204", 7, 1).payload(8).toBytes());
        seeds.add(PacketBuilder.arp(Arp.REQUEST, 0x0200_0000_0001L, 0x0a000001, 0, 0x0a000002));
        return seeds;
    }
}
