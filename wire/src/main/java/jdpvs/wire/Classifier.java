package jdpvs.wire;

/** Looks at a frame once: what it is, and whether every length it claims is there. */
public final class Classifier {
    private Classifier() {}

    /**
     * @param frame address of the Ethernet header
     * @param length bytes from there
     * @return a {@link FrameKind} classification
     */
    public static int classify(long frame, int length) {
        return FrameKind.of(length < Ethernet.LENGTH ? FrameKind.BAD_TRUNCATED : FrameKind.OTHER, 0);
    }
}
