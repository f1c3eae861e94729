package jdpvs.wire;

import java.util.HexFormat;

/** Whatever a frame and its virtio-net header say: nothing outside them is read, and the counts are sensible. */
final class SegmentationFuzz {
    private static final GuardedMemory GUARDED = new GuardedMemory();

    private SegmentationFuzz() {}

    /** A virtio-net header and a frame. */
    public static void fuzzerTestOneInput(byte[] input) {
        int length = input.length - VirtioNetHeader.LENGTH;
        if (length < 0 || input.length > 65_549) {
            return;
        }
        check(input, GUARDED.atEnd(input) + VirtioNetHeader.LENGTH, length);
        check(input, GUARDED.atStart(input) + VirtioNetHeader.LENGTH, length);
    }

    private static void check(byte[] input, long frame, int length) {
        int packets = Segmentation.packets(frame, length);
        int bytes = Segmentation.wireBytes(frame, length);
        if (packets < 1
                || packets > Math.max(1, length)
                || bytes != length + (packets - 1) * Segmentation.headers(frame, length)) {
            throw new AssertionError(
                    packets + " packets, " + bytes + " bytes: " + HexFormat.of().formatHex(input));
        }
    }
}
