package jdpvs.port.pcap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import jdpvs.port.PortException;

/** Reads a classic capture file of Ethernet frames, either byte order, micro- or nanoseconds. */
public final class PcapReader implements CaptureReader {
    private final String name;
    private final InputStream input;
    private final ByteBuffer header = ByteBuffer.allocate(PcapFormat.FILE_HEADER_BYTES);
    private final byte[] frame = new byte[PcapFormat.LONGEST_FRAME];
    private long fraction;
    private long seconds;
    private boolean nanoseconds;
    private long records;
    private int originalLength;

    /**
     * @param name of the input, for error messages
     * @param input closed with the reader
     */
    public PcapReader(String name, InputStream input) throws PortException {
        this.name = name;
        this.input = input;
        readFileHeader();
    }

    public static PcapReader open(Path file) throws PortException {
        InputStream input;
        try {
            input = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new PortException("capture file " + file + " cannot be read: " + e, e);
        }
        try {
            return new PcapReader(file.toString(), input);
        } catch (PortException e) {
            closeQuietly(input);
            throw e;
        }
    }

    @Override
    public int next() throws PortException {
        if (!fill(PcapFormat.RECORD_HEADER_BYTES)) {
            return -1;
        }
        records++;
        seconds = Integer.toUnsignedLong(header.getInt(0));
        fraction = Integer.toUnsignedLong(header.getInt(4));
        long captured = Integer.toUnsignedLong(header.getInt(8));
        if (captured > PcapFormat.LONGEST_FRAME) {
            throw broken("frame " + records + " claims " + captured + " bytes, more than any frame has");
        }
        int length = (int) captured;
        originalLength = Math.clamp(Integer.toUnsignedLong(header.getInt(12)), length, PcapFormat.LONGEST_FRAME);
        if (read(frame, length) < length) {
            throw broken("it ends in the middle of frame " + records);
        }
        return length;
    }

    @Override
    public byte[] frame() {
        return frame;
    }

    @Override
    public int originalLength() {
        return originalLength;
    }

    @Override
    public long timeNanos() {
        return seconds * 1_000_000_000L + (nanoseconds ? fraction : fraction * 1000);
    }

    @Override
    public void close() {
        closeQuietly(input);
    }

    private void readFileHeader() throws PortException {
        header.order(ByteOrder.LITTLE_ENDIAN);
        if (!fill(PcapFormat.FILE_HEADER_BYTES)) {
            throw broken("it is empty");
        }
        int magic = header.getInt(0);
        if (magic == PcapFormat.MAGIC_PCAPNG) {
            throw broken("it is a pcapng file; make it classic with 'editcap -F pcap IN OUT'");
        }
        if (isMagic(Integer.reverseBytes(magic))) {
            header.order(ByteOrder.BIG_ENDIAN);
            magic = Integer.reverseBytes(magic);
        }
        if (!isMagic(magic)) {
            throw broken("it is no capture file (it begins with 0x" + Integer.toHexString(magic) + ")");
        }
        nanoseconds = magic == PcapFormat.MAGIC_NANOSECONDS;
        int linkType = header.getInt(20) & PcapFormat.LINK_TYPE_MASK;
        if (linkType != PcapFormat.ETHERNET) {
            throw broken("its link type is " + linkType + ", not Ethernet (1)");
        }
    }

    private static boolean isMagic(int magic) {
        return magic == PcapFormat.MAGIC_MICROSECONDS || magic == PcapFormat.MAGIC_NANOSECONDS;
    }

    /** Reads a header; returns false at the end of the file. */
    private boolean fill(int bytes) throws PortException {
        int count = read(header.array(), bytes);
        if (count == 0) {
            return false;
        }
        if (count < bytes) {
            throw broken("it ends in the middle of a header, after " + records + " frames");
        }
        return true;
    }

    private int read(byte[] target, int bytes) throws PortException {
        try {
            return input.readNBytes(target, 0, bytes);
        } catch (IOException e) {
            throw new PortException("capture file " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private PortException broken(String how) {
        return new PortException("capture file " + name + " is not usable: " + how);
    }

    static void closeQuietly(InputStream input) {
        try {
            input.close();
        } catch (IOException e) {
            // Nothing was written, so nothing is lost.
            return;
        }
    }
}
