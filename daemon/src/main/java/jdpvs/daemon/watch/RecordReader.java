package jdpvs.daemon.watch;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.IntFunction;
import jdpvs.control.PacketEvent;
import jdpvs.control.PacketEvent.Kind;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Checksum;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;
import org.jspecify.annotations.Nullable;

/** Makes events of records. */
final class RecordReader {
    private static final DropReason[] REASONS = DropReason.values();
    private static final Step[] STEPS = Step.values();

    private final IntFunction<@Nullable String> deviceNames;

    /** @param deviceNames by device id */
    RecordReader(IntFunction<@Nullable String> deviceNames) {
        this.deviceNames = deviceNames;
    }

    /** @param worker from 0 */
    PacketEvent event(int worker, long record, long notShown) {
        int kind = WatchRecord.kind(record);
        int code = WatchRecord.code(record);
        int device = WatchRecord.device(record);
        boolean dropped = kind == WatchRecord.DROPPED;
        int length = WatchRecord.length(record);
        int segmentSize = 0;
        if (length > 0) {
            long frame = WatchRecord.frame(record);
            segmentSize =
                    VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE ? 0 : VirtioNetHeader.segmentSize(frame);
            if (WatchRecord.captured(record) == length) {
                finishChecksum(frame, length);
            }
        }
        return new PacketEvent(
                kind(kind),
                WatchRecord.timeNanos(record),
                worker + 1,
                WatchRecord.serial(record),
                device < 0 ? null : deviceNames.apply(device),
                length,
                bytes(record),
                segmentSize,
                dropped ? name(REASONS[code]) : kind == WatchRecord.STEP ? name(STEPS[code]) : "",
                dropped ? REASONS[code].sentence() : "",
                WatchRecord.first(record),
                WatchRecord.second(record),
                WatchRecord.third(record),
                notShown);
    }

    private static Kind kind(int kind) {
        return switch (kind) {
            case WatchRecord.RECEIVED -> Kind.RECEIVED;
            case WatchRecord.TAKEN_OVER -> Kind.TAKEN_OVER;
            case WatchRecord.SENT -> Kind.SENT;
            case WatchRecord.DROPPED -> Kind.DROPPED;
            case WatchRecord.STEP -> Kind.STEP;
            default -> throw new IllegalStateException("kind " + kind);
        };
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ByteBuffer bytes(long record) {
        byte[] bytes = new byte[WatchRecord.captured(record)];
        Memory.copyOut(WatchRecord.frame(record), bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes);
    }

    /** The field holds the pseudo header's sum; the sum from there to the end is what the device would have put in. */
    private static void finishChecksum(long frame, int length) {
        int start = VirtioNetHeader.checksumStart(frame);
        int field = start + VirtioNetHeader.checksumOffset(frame);
        if (!VirtioNetHeader.needsChecksum(frame) || start >= length || field + 2 > length) {
            return;
        }
        int checksum = Checksum.complement(Checksum.sum(frame + start, length - start));
        Memory.putShortNet(frame + field, checksum == 0 ? 0xffff : checksum);
    }
}
