package jdpvs.daemon.worker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdpvs.port.PortException;
import jdpvs.port.pcap.PcapReader;
import jdpvs.wire.VirtioNetHeader;

/** Frames as byte arrays: repaired, and to and from capture files. */
final class Frames {
    private Frames() {}

    static int get16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }

    static void put16(byte[] frame, int at, int value) {
        frame[at] = (byte) (value >>> 8);
        frame[at + 1] = (byte) value;
    }

    /** Makes the IP header checksum right, as far as there is a header. */
    static void repairIp(byte[] frame) {
        int end = 14 + (frame.length > 14 ? (frame[14] & 15) * 4 : 0);
        if (end < 34 || end > frame.length) {
            return;
        }
        put16(frame, 24, 0);
        int sum = 0;
        for (int at = 14; at < end; at += 2) {
            sum += (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        put16(frame, 24, ~((sum & 0xffff) + (sum >>> 16)));
    }

    /** The frame with a virtio-net header (flags, GSO type, header length, segment size, checksum start and offset) behind it. */
    static byte[] withTrailer(byte[] frame, int... header) {
        byte[] all = Arrays.copyOf(frame, frame.length + VirtioNetHeader.LENGTH);
        ByteBuffer trailer =
                ByteBuffer.wrap(all, frame.length, VirtioNetHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        trailer.put((byte) header[0]).put((byte) header[1]);
        for (int field = 2; field < 6; field++) {
            trailer.putShort((short) header[field]);
        }
        return all;
    }

    /** A capture file in microseconds, little endian, with frames a millisecond apart: the same bytes every time. */
    static byte[] capture(List<byte[]> frames) {
        int bytes = 24 + frames.stream().mapToInt(frame -> 16 + frame.length).sum();
        ByteBuffer file = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_557)
                .putInt(1);
        int number = 0;
        for (byte[] frame : frames) {
            file.putInt(0)
                    .putInt(number++ * 1000)
                    .putInt(frame.length)
                    .putInt(frame.length)
                    .put(frame);
        }
        return file.array();
    }

    static List<byte[]> read(Path file) {
        try (PcapReader reader = new PcapReader(file.toString(), Files.newInputStream(file))) {
            List<byte[]> frames = new ArrayList<>();
            for (int length = reader.next(); length >= 0; length = reader.next()) {
                frames.add(Arrays.copyOf(reader.frame(), length));
            }
            return frames;
        } catch (PortException | java.io.IOException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }
}
