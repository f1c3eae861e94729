package jdpvs.port.pcap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdpvs.port.FrameBuffers;
import jdpvs.port.MacAddresses;
import jdpvs.port.Port;
import jdpvs.port.PortDriver;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;
import jdpvs.wire.Ethernet;
import org.jspecify.annotations.Nullable;

/**
 * {@code pcap:IN,OUT}: receives the frames of one capture file, as fast as they are asked for, and writes what is sent to another. Either may
 * be empty: then nothing is received, or what is sent is swallowed.
 */
public final class PcapDriver implements PortDriver {
    private static final int MTU = 1500;

    /** A burst and as many again; a frame stays as it is until its burst is released. */
    private static final int BUFFERS = 128;

    @Override
    public Port open(String name, String specification, String arguments, PortOptions options) throws PortException {
        String[] files = arguments.split(",", -1);
        if (files.length != 2 || (files[0].isBlank() && files[1].isBlank())) {
            throw new PortException("port " + name + ": '" + specification
                    + "' does not name two capture files; write pcap:IN,OUT, either may be left empty");
        }
        Path in = files[0].isBlank() ? null : Path.of(files[0].strip());
        Path out = files[1].isBlank() ? null : Path.of(files[1].strip());
        try {
            return open(name, specification, in, out, options);
        } catch (PortException e) {
            throw new PortException("port " + name + ": " + e.getMessage(), e);
        }
    }

    private static Port open(
            String name, String specification, @Nullable Path in, @Nullable Path out, PortOptions options)
            throws PortException {
        if (in != null && out != null && isSame(in, out)) {
            throw new PortException("capture file " + in + " cannot be read and written at once");
        }
        long macAddress = in == null ? MacAddresses.of(name) : check(in, MacAddresses.of(name));
        PcapReader reader = in == null ? null : PcapReader.open(in);
        try {
            PcapWriter writer = out == null ? null : PcapWriter.create(out);
            List<PcapQueue> queues = new ArrayList<>();
            for (int i = 0; i < options.queueCount(); i++) {
                // A file has one order, so one worker reads it and hands over what is not its own.
                queues.add(new PcapQueue(
                        i == 0 ? reader : null, writer, new FrameBuffers(BUFFERS, PcapFormat.LONGEST_FRAME)));
            }
            return new PcapPort(name, specification, macAddress, MTU, queues, reader, writer);
        } catch (PortException | RuntimeException e) {
            if (reader != null) {
                reader.close();
            }
            throw e;
        }
    }

    @Override
    public long memoryBytes(PortOptions options) {
        return options.queueCount() * FrameBuffers.memoryBytes(BUFFERS, PcapFormat.LONGEST_FRAME);
    }

    /**
     * Reads the whole file once, so that a broken one is refused now and not in the middle.
     *
     * @return where its first unicast frame goes, so that the port takes the file's frames for its own
     */
    private static long check(Path file, long otherwise) throws PortException {
        long destination = -1;
        try (PcapReader reader = PcapReader.open(file)) {
            int length = reader.next();
            while (length >= 0) {
                if (destination < 0 && length >= Ethernet.LENGTH && (reader.frame()[0] & 1) == 0) {
                    destination = macAddress(reader.frame());
                }
                length = reader.next();
            }
        }
        return destination < 0 ? otherwise : destination;
    }

    private static long macAddress(byte[] frame) {
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = (mac << 8) | (frame[i] & 0xff);
        }
        return mac;
    }

    private static boolean isSame(Path in, Path out) {
        try {
            return Files.exists(out) && Files.isSameFile(in, out);
        } catch (IOException e) {
            return false;
        }
    }
}
