package jdpvs.daemon.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;

/** Which dpvs this is: the release whose surface it keeps, and its own version. */
public record Version(String own, Instant build) {
    private static final DateTimeFormatter BUILD =
            DateTimeFormatter.ofPattern("yyyy.MM.dd.HH:mm:ss").withZone(ZoneOffset.UTC);

    /** From the file that the build fills in. */
    public static Version current() {
        Properties words = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("/jdpvs/daemon/version.properties")) {
            if (file != null) {
                words.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Version(
                words.getProperty("version", "unknown"),
                Instant.parse(words.getProperty("build", "1970-01-01T00:00:00Z")));
    }

    /** 1.10.2 as {@code dpvs -v} writes it: {@code 1.10-2}. */
    public static String compatible() {
        String release = jdpvs.command.Version.COMPATIBLE;
        int patch = release.lastIndexOf('.');
        return release.substring(0, patch) + "-" + release.substring(patch + 1);
    }

    /** The line that scripts match (facts: cli §6). */
    public String line() {
        return "dpvs version: " + compatible() + ", build on " + BUILD.format(build);
    }
}
