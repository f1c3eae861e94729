package jdpvs.port.pcap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdpvs.port.PortException;

/**
 * Reads the frames of a pcapng file (draft-ietf-opsawg-pcapng), any number of sections and interfaces, in the byte order each section says.
 *
 * <pre>
 * block:     0 type | 4 length of the whole block | 8 body, padded to 4 … | length again
 * section:   8 byte-order magic 0x1a2b3c4d | 12 version | 16 section length (8) | options
 * interface: 8 link type (2) | 10 reserved (2) | 12 snap length | 16 options: code (2) | length (2) | value, padded
 * enhanced:  8 interface | 12 time, high (4) and low (4) | 20 captured | 24 original | 28 frame, padded | options
 * simple:    8 original | 12 frame, padded
 * </pre>
 *
 * Everything else is skipped.
 */
final class PcapngReader implements CaptureReader {
    private static final int SECTION = PcapFormat.MAGIC_PCAPNG;
    private static final int INTERFACE = 1;
    private static final int SIMPLE = 3;
    private static final int ENHANCED = 6;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final int TIME_RESOLUTION = 9;
    private static final int MOST_INTERFACES = 4096;
    /** Of an interface block: its options are names and filters. */
    private static final int LONGEST_INTERFACE = 1 << 20;

    private record Interface(int linkType, long snapLength, long unitsPerSecond) {}

    private final String name;
    private final InputStream input;
    private final ByteBuffer header = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] frame = new byte[PcapFormat.LONGEST_FRAME];
    private final List<Interface> interfaces = new ArrayList<>();
    private boolean sectionSeen;
    private long records;
    private long timeNanos;
    private int originalLength;

    PcapngReader(String name, InputStream input) {
        this.name = name;
        this.input = input;
    }

    @Override
    public int next() throws PortException {
        while (fill(0, 8)) {
            int type = header.getInt(0);
            if (type == SECTION) {
                section();
                continue;
            }
            if (!sectionSeen) {
                throw broken("it does not begin with a section header");
            }
            long body = bodyLength();
            switch (type) {
                case INTERFACE -> readInterface(body);
                case ENHANCED -> {
                    return enhanced(body);
                }
                case SIMPLE -> {
                    return simple(body);
                }
                default -> {
                    skip(body);
                    end(body);
                }
            }
        }
        return -1;
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
        return timeNanos;
    }

    @Override
    public void close() {
        PcapReader.closeQuietly(input);
    }

    private void section() throws PortException {
        need(8, 4);
        header.order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(8) != BYTE_ORDER) {
            header.order(ByteOrder.BIG_ENDIAN);
        }
        if (header.getInt(8) != BYTE_ORDER) {
            throw broken("a section header has no byte order");
        }
        long body = bodyLength();
        if (body < 16) {
            throw broken("a section header is too short");
        }
        interfaces.clear();
        sectionSeen = true;
        skip(body - 4);
        end(body);
    }

    private void readInterface(long body) throws PortException {
        if (body < 8 || body > LONGEST_INTERFACE || interfaces.size() == MOST_INTERFACES) {
            throw broken("interface " + interfaces.size() + " is not described sensibly");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) body).order(header.order());
        if (read(bytes.array(), 0, (int) body) < body) {
            throw cut();
        }
        long units = 1_000_000;
        for (int at = 8; at + 4 <= body && bytes.getShort(at) != 0; ) {
            int length = bytes.getShort(at + 2) & 0xffff;
            if (bytes.getShort(at) == TIME_RESOLUTION && length == 1 && at + 5 <= body) {
                units = unitsPerSecond(bytes.get(at + 4) & 0xff);
            }
            at += 4 + (length + 3 & ~3);
        }
        interfaces.add(new Interface(bytes.getShort(0) & 0xffff, Integer.toUnsignedLong(bytes.getInt(4)), units));
        end(body);
    }

    private long unitsPerSecond(int resolution) throws PortException {
        int exponent = resolution & 0x7f;
        boolean binary = (resolution & 0x80) != 0;
        if (exponent > (binary ? 62 : 18)) {
            throw broken("interface " + interfaces.size() + " has an impossible time resolution");
        }
        long units = 1;
        for (int i = 0; i < exponent; i++) {
            units *= binary ? 2 : 10;
        }
        return units;
    }

    private int enhanced(long body) throws PortException {
        if (body < 20) {
            throw broken("frame " + (records + 1) + " has no room for its header");
        }
        need(8, 20);
        Interface from = from(Integer.toUnsignedLong(header.getInt(8)));
        long time = Integer.toUnsignedLong(header.getInt(12)) << 32 | Integer.toUnsignedLong(header.getInt(16));
        timeNanos = nanos(time, from.unitsPerSecond);
        return frame(body, 20, Integer.toUnsignedLong(header.getInt(20)), Integer.toUnsignedLong(header.getInt(24)));
    }

    private int simple(long body) throws PortException {
        if (body < 4) {
            throw broken("frame " + (records + 1) + " has no room for its header");
        }
        need(8, 4);
        Interface from = from(0);
        timeNanos = 0;
        long original = Integer.toUnsignedLong(header.getInt(8));
        long snap = from.snapLength == 0 ? Long.MAX_VALUE : from.snapLength;
        return frame(body, 4, Math.min(Math.min(original, snap), body - 4), original);
    }

    private int frame(long body, int before, long captured, long original) throws PortException {
        records++;
        if (captured > PcapFormat.LONGEST_FRAME || captured > body - before) {
            throw broken("frame " + records + " claims " + captured + " bytes, more than it can have");
        }
        int length = (int) captured;
        if (read(frame, 0, length) < length) {
            throw broken("it ends in the middle of frame " + records);
        }
        originalLength = Math.clamp(original, length, PcapFormat.LONGEST_FRAME);
        skip(body - before - length);
        end(body);
        return length;
    }

    private Interface from(long number) throws PortException {
        if (number >= interfaces.size()) {
            throw broken("frame " + (records + 1) + " is of interface " + number + ", which is not described");
        }
        Interface from = interfaces.get((int) number);
        if (from.linkType != PcapFormat.ETHERNET) {
            throw broken("the link type of interface " + number + " is " + from.linkType + ", not Ethernet (1)");
        }
        return from;
    }

    private static long nanos(long time, long unitsPerSecond) {
        long seconds = Long.divideUnsigned(time, unitsPerSecond);
        long rest = Long.remainderUnsigned(time, unitsPerSecond);
        return seconds * 1_000_000_000L + (long) ((double) rest / unitsPerSecond * 1e9);
    }

    /** Of the block whose type and length are in the header: without both lengths and the type. */
    private long bodyLength() throws PortException {
        long length = Integer.toUnsignedLong(header.getInt(4));
        if (length < 12 || (length & 3) != 0) {
            throw broken("a block after frame " + records + " is " + length + " bytes long");
        }
        return length - 12;
    }

    /** The length at a block's end, which must be that of its beginning. */
    private void end(long body) throws PortException {
        need(4, 4);
        if (Integer.toUnsignedLong(header.getInt(4)) != body + 12) {
            throw broken("a block after frame " + records + " has two lengths");
        }
    }

    private void need(int at, int bytes) throws PortException {
        if (!fill(at, bytes)) {
            throw cut();
        }
    }

    /** Returns false at the end of the file. */
    private boolean fill(int at, int bytes) throws PortException {
        int count = read(header.array(), at, bytes);
        if (count > 0 && count < bytes) {
            throw cut();
        }
        return count == bytes;
    }

    private int read(byte[] target, int at, int bytes) throws PortException {
        try {
            return input.readNBytes(target, at, bytes);
        } catch (IOException e) {
            throw new PortException("capture file " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void skip(long bytes) throws PortException {
        try {
            input.skipNBytes(bytes);
        } catch (java.io.EOFException e) {
            throw cut();
        } catch (IOException e) {
            throw new PortException("capture file " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private PortException cut() {
        return broken("it ends in the middle of a block, after " + records + " frames");
    }

    private PortException broken(String how) {
        return new PortException("capture file " + name + " is not usable: " + how);
    }
}
