package jdpvs.port.pcap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import jdpvs.port.Burst;
import jdpvs.port.PortException;
import jdpvs.wire.Memory;

/** Writes a classic capture file of Ethernet frames, nanoseconds, little endian; any thread. Whole frames, at most 65,557 bytes of each. */
public final class PcapWriter implements AutoCloseable {
    private final String name;
    private final OutputStream output;
    private final ByteBuffer record = ByteBuffer.allocate(PcapFormat.RECORD_HEADER_BYTES + PcapFormat.LONGEST_FRAME)
            .order(ByteOrder.LITTLE_ENDIAN);
    private boolean failed;

    /**
     * @param name of the output, for error messages
     * @param output closed with the writer
     */
    public PcapWriter(String name, OutputStream output) throws PortException {
        this.name = name;
        this.output = output;
        record.putInt(0, PcapFormat.MAGIC_NANOSECONDS)
                .putShort(4, (short) 2)
                .putShort(6, (short) 4)
                .putInt(16, PcapFormat.LONGEST_FRAME)
                .putInt(20, PcapFormat.ETHERNET);
        try {
            output.write(record.array(), 0, PcapFormat.FILE_HEADER_BYTES);
            output.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    public static PcapWriter create(Path file) throws PortException {
        try {
            return new PcapWriter(file.toString(), new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
        } catch (IOException e) {
            throw new PortException("capture file " + file + " cannot be written: " + e, e);
        }
    }

    /** Appends the frames of a burst, which stays as it is. */
    public synchronized boolean write(Burst burst) {
        for (int i = 0; i < burst.count; i++) {
            write(burst.address[i], burst.length[i]);
        }
        return flush();
    }

    private void write(long frame, int length) {
        if (failed) {
            return;
        }
        Instant now = Instant.now();
        int captured = Math.min(length, PcapFormat.LONGEST_FRAME);
        record.putInt(0, (int) now.getEpochSecond())
                .putInt(4, now.getNano())
                .putInt(8, captured)
                .putInt(12, length);
        Memory.copyOut(frame, record.array(), PcapFormat.RECORD_HEADER_BYTES, captured);
        try {
            output.write(record.array(), 0, PcapFormat.RECORD_HEADER_BYTES + captured);
        } catch (IOException e) {
            failed = true;
        }
    }

    /** Returns false once a frame could not be written (the disk is full): then the file ends there. */
    private boolean flush() {
        if (!failed) {
            try {
                output.flush();
            } catch (IOException e) {
                failed = true;
            }
        }
        return !failed;
    }

    @Override
    public synchronized void close() throws PortException {
        try {
            output.close();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private PortException unwritable(IOException e) {
        return new PortException("capture file " + name + " cannot be written: " + e.getMessage(), e);
    }
}
