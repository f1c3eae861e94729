package jdpvs.toa;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Properties;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Codec;

/**
 * What a later run of the agent wants to know of the one that loaded the programs; kept in a pinned map beside them, as lines of text.
 *
 * @param version of the agent
 * @param loaded when
 * @param controlGroup where the programs are attached
 * @param mptcp whether MPTCP connections are served
 */
record LoadRecord(String version, Instant loaded, Path controlGroup, boolean mptcp) {
    static final String NAME = "map_agent";
    private static final int BYTES = 4608;

    static boolean isPinned(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }

    /** @throws IllegalStateException when another version, or somebody else, wrote it */
    static LoadRecord read(Path directory) {
        try (var map = BpfMap.pinned(directory.resolve(NAME), BpfMap.Type.ARRAY, Codec.INT, Codec.bytes(BYTES))) {
            String text = new String(map.get(0).orElseThrow(), StandardCharsets.UTF_8);
            return parse(text.substring(0, Math.max(0, text.indexOf('\0'))));
        }
    }

    /** Reads {@link #text}; what is missing there is unknown, what is unknown here is passed over. */
    static LoadRecord parse(String text) {
        try {
            Properties lines = new Properties();
            lines.load(new StringReader(text));
            return new LoadRecord(
                    lines.getProperty("version", "?"),
                    Instant.parse(lines.getProperty("loaded", Instant.EPOCH.toString())),
                    Path.of(lines.getProperty("cgroup", "")),
                    Boolean.parseBoolean(lines.getProperty("mptcp")));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalStateException("its record says what is not understood: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it over the one that is pinned, or pins a new one. */
    void write(Path directory) {
        Path pin = directory.resolve(NAME);
        boolean known = isPinned(directory);
        Codec<byte[]> values = Codec.bytes(BYTES);
        try (var map = known
                ? BpfMap.pinned(pin, BpfMap.Type.ARRAY, Codec.INT, values)
                : BpfMap.create(BpfMap.Type.ARRAY, "toa_agent", Codec.INT, values, 1, 0)) {
            map.put(0, text().getBytes(StandardCharsets.UTF_8));
            if (!known) {
                map.pin(pin);
            }
        }
    }

    String text() {
        Properties lines = new Properties();
        lines.setProperty("version", version);
        lines.setProperty("loaded", loaded.toString());
        lines.setProperty("cgroup", controlGroup.toString());
        lines.setProperty("mptcp", Boolean.toString(mptcp));
        StringWriter text = new StringWriter();
        try {
            lines.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
