package jdpvs.control;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a packet. The order is that of time, up to a millisecond.
 *
 * @param timeNanos since 1970
 * @param worker from 1
 * @param packet number of the packet, counted by each worker from 1 for each watch: what belongs together has the same; 0 = a packet that dpvs
 *     made by itself
 * @param device where it was received or sent, null = none
 * @param length of the frame in bytes from its Ethernet header on; 0 when the event brings no frame: steps, and drops of followed packets
 * @param bytes of the frame as far as they were kept, read-only; of a drop the frame as it was received. A checksum that was left to the device is finished
 *     when the whole frame is there.
 * @param segmentSize payload bytes of the segments into which the device will cut the frame, or from which it was put together; 0 = it is one packet
 * @param name of the step ({@code route-found}) or of the drop's reason ({@code no-route}), else empty
 * @param sentence what the drop's reason means, else empty
 * @param first of the step's three numbers
 * @param notShown events that were lost so far because nobody took them fast enough
 */
public record PacketEvent(
        Kind kind,
        long timeNanos,
        int worker,
        long packet,
        @Nullable String device,
        int length,
        ByteBuffer bytes,
        int segmentSize,
        String name,
        String sentence,
        long first,
        long second,
        long third,
        long notShown) {

    /** What happened. */
    public enum Kind {
        RECEIVED,
        /** Another worker had received it and gave it to this one; told of followed packets only. */
        TAKEN_OVER,
        SENT,
        DROPPED,
        /** Something was found or decided about it; told of followed packets only. */
        STEP,
        /** Nothing: comes a few times a second, so that both sides know of each other; brings {@link #notShown} only. */
        TICK
    }

    public PacketEvent {
        bytes = bytes.asReadOnlyBuffer();
    }

    /** Of a position of its own, so that every caller reads from the beginning. */
    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    public static PacketEvent tick(long timeNanos, long notShown) {
        return new PacketEvent(
                Kind.TICK, timeNanos, 0, 0, null, 0, ByteBuffer.allocate(0), 0, "", "", 0, 0, 0, notShown);
    }
}
