package jdpvs.control;

import org.jspecify.annotations.Nullable;

/**
 * Which packets somebody wants to see, on all workers.
 *
 * @param device null = all
 * @param filter in tcpdump's manner (docs: reference/capture.md), empty = everything
 * @param snapLength bytes of each packet to keep at most, 1 or more
 * @param follow true: received packets that pass the filter, each with its steps and everything that follows from it; false: every packet that
 *     passes the filter by itself, as received, sent or dropped
 */
public record WatchRequest(@Nullable String device, String filter, int snapLength, boolean follow) {
    /** More than any packet has. */
    public static final int WHOLE = 262_144;

    public WatchRequest {
        if (snapLength < 1) {
            throw new IllegalArgumentException("a snap length is 1 or more");
        }
    }
}
