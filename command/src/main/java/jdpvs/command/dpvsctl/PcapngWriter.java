package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import jdpvs.control.PacketEvent;

/**
 * Writes a capture as pcapng (draft-ietf-opsawg-pcapng), little endian, nanoseconds, an interface for each device.
 *
 * <pre>
 * block:      0 type | 4 bytes of all | 8 body, padded to 4 | options | bytes of all again
 * section:    type 0x0a0d0d0a: 8 magic 0x1a2b3c4d | 12 version 1 (2), 0 (2) | 16 length, -1 = unknown
 * interface:  type 1: 8 link type (2), 0 (2) | 12 snap length
 * packet:     type 6: 8 interface | 12 time, high half | 16 low half | 20 captured | 24 length | 28 frame
 * statistics: type 5: 8 interface | 12 time, high half | 16 low half
 * option:     0 code (2) | 2 length (2) | 4 value, padded to 4; code 0 ends them
 * </pre>
 *
 * A packet's flags tell the direction: 1 inbound, 2 outbound; 0 for one that was dropped, whose comment names the reason.
 */
final class PcapngWriter {
    private static final int SECTION = 0x0a0d0d0a;
    private static final int MAGIC = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int PACKET = 6;
    private static final int ETHERNET = 1;

    private static final int COMMENT = 1;
    private static final int SECTION_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_RESOLUTION = 9;
    private static final int PACKET_FLAGS = 2;
    private static final int STATISTICS_DROPPED_BY_SYSTEM = 7;

    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;

    private final OutputStream out;
    private final int snapLength;
    private final Map<String, Integer> interfaces = new LinkedHashMap<>();
    private final ByteBuffer block = ByteBuffer.allocate(68 << 10).order(ByteOrder.LITTLE_ENDIAN);

    /** @param application which program captures, for the file's head */
    PcapngWriter(OutputStream out, int snapLength, String application) throws IOException {
        this.out = out;
        this.snapLength = snapLength;
        begin(SECTION);
        block.putInt(MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(SECTION_APPLICATION, application);
        end();
    }

    /** A received, sent or dropped packet. */
    void write(PacketEvent event) throws IOException {
        String device = event.device();
        int number = interfaceOf(device == null ? "dpvs" : device);
        begin(PACKET);
        block.putInt(number);
        time(event.timeNanos());
        ByteBuffer bytes = event.bytes();
        block.putInt(bytes.remaining()).putInt(event.length()).put(bytes);
        pad();
        int flags = switch (event.kind()) {
            case RECEIVED -> INBOUND;
            case SENT -> OUTBOUND;
            default -> 0;
        };
        block.putShort((short) PACKET_FLAGS).putShort((short) 4).putInt(flags);
        if (event.kind() == PacketEvent.Kind.DROPPED) {
            option(COMMENT, "dropped: " + event.name() + ": " + event.sentence());
        }
        end();
    }

    /** What was lost, as a statistic of the first interface: nobody knows which one a lost packet would have belonged to. */
    void finish(long timeNanos, long notShown) throws IOException {
        if (interfaces.isEmpty()) {
            interfaceOf("dpvs");
        }
        begin(STATISTICS);
        block.putInt(0);
        time(timeNanos);
        block.putShort((short) STATISTICS_DROPPED_BY_SYSTEM).putShort((short) 8).putLong(notShown);
        option(
                COMMENT,
                notShown
                        + " packets of all interfaces were not captured, because they came faster than they were taken");
        end();
        out.flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    private int interfaceOf(String device) throws IOException {
        Integer known = interfaces.get(device);
        if (known != null) {
            return known;
        }
        int number = interfaces.size();
        interfaces.put(device, number);
        begin(INTERFACE);
        block.putShort((short) ETHERNET).putShort((short) 0).putInt(snapLength);
        option(INTERFACE_NAME, device);
        block.putShort((short) INTERFACE_RESOLUTION).putShort((short) 1).put((byte) 9);
        pad();
        end();
        return number;
    }

    private void begin(int type) {
        block.clear().putInt(type).putInt(0);
    }

    private void time(long nanos) {
        block.putInt((int) (nanos >>> 32)).putInt((int) nanos);
    }

    private void option(int code, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        block.putShort((short) code).putShort((short) bytes.length).put(bytes);
        pad();
    }

    private void pad() {
        while (block.position() % 4 != 0) {
            block.put((byte) 0);
        }
    }

    private void end() throws IOException {
        // The end of the options.
        block.putInt(0);
        int length = block.position() + 4;
        block.putInt(length).putInt(4, length);
        out.write(block.array(), 0, length);
    }
}
