package jdpvs.port.filter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jdpvs.port.DropReason;
import jdpvs.wire.Memory;

/** Any text is a filter or is refused with a sentence; any bytes are judged, whatever they claim, and always alike. */
public final class FilterFuzz {
    private FilterFuzz() {}

    /** @param input a filter up to the first line feed, then a frame */
    public static void fuzzerTestOneInput(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        byte[] frame = end < input.length ? Arrays.copyOfRange(input, end + 1, input.length) : new byte[0];
        Filter filter;
        try {
            filter = Filter.parse(new String(input, 0, end, StandardCharsets.ISO_8859_1));
        } catch (FilterException e) {
            if (e.getMessage() == null || e.getMessage().isEmpty()) {
                throw new AssertionError("refused without a sentence", e);
            }
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(frame.length + 1L);
            Memory.copyIn(frame, 0, segment.address(), frame.length);
            int open = filter.verdict(segment.address(), frame.length, Passage.DROPPED, null);
            for (DropReason reason : DropReason.values()) {
                int known = filter.verdict(segment.address(), frame.length, Passage.DROPPED, reason);
                if (known == Filter.OPEN || (open != Filter.OPEN && known != open)) {
                    throw new AssertionError("open " + open + ", but " + known + " for " + reason);
                }
            }
            if (filter.verdict(segment.address(), frame.length, Passage.IN, null) == Filter.OPEN) {
                throw new AssertionError("a received frame's verdict is open");
            }
        }
    }
}
