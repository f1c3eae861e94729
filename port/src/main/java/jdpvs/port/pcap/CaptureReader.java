package jdpvs.port.pcap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import jdpvs.port.PortException;

/** Reads a capture file of Ethernet frames, classic or pcapng, one frame at a time; memory does not depend on the file. */
public interface CaptureReader extends AutoCloseable {
    /** Bytes of the longest frame that any capture may hold. */
    int LONGEST_FRAME = PcapFormat.LONGEST_FRAME;

    /**
     * Looks at the first bytes to know which kind it is.
     *
     * @param name of the input, for error messages
     * @param input closed with the reader
     * @throws PortException when it is no capture file
     */
    static CaptureReader of(String name, InputStream input) throws PortException {
        InputStream buffered = new BufferedInputStream(input, 1 << 16);
        buffered.mark(4);
        int magic = 0;
        try {
            for (byte b : buffered.readNBytes(4)) {
                magic = magic << 8 | (b & 0xff);
            }
            buffered.reset();
        } catch (IOException e) {
            throw new PortException("capture file " + name + " cannot be read: " + e.getMessage(), e);
        }
        return magic == PcapFormat.MAGIC_PCAPNG ? new PcapngReader(name, buffered) : new PcapReader(name, buffered);
    }

    /** Moves to the next frame, which is then in {@link #frame}; returns how many bytes of it were captured, or -1 at the end. */
    int next() throws PortException;

    /** The bytes of the frame that {@link #next} found; reused by its next call. */
    byte[] frame();

    /** How long the frame at hand was on the wire, at least what {@link #next} returned. */
    int originalLength();

    /** When the frame was captured, in nanoseconds since 1970; 0 when the file does not say. */
    long timeNanos();

    @Override
    void close();
}
