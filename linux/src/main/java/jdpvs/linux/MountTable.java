package jdpvs.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, in the calling thread's mount namespace (proc_pid_mountinfo(5)), in the order of mounting. */
public record MountTable(List<Entry> entries) {
    /** One mount: where, and the file system's type. */
    public record Entry(Path mountPoint, String type) {}

    public MountTable {
        entries = List.copyOf(entries);
    }

    public static MountTable current() {
        try {
            return parse(Files.readString(Path.of("/proc/thread-self/mountinfo"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lines of the form {@code id parent major:minor root mountpoint options [optional…] - type source superoptions}; what is not is left out.
     *
     * @param mountInfo the bytes of the file as ISO 8859-1
     */
    public static MountTable parse(String mountInfo) {
        List<Entry> entries = new ArrayList<>();
        for (String line : mountInfo.split("\n", -1)) {
            String[] words = line.split(" ", -1);
            int separator = List.of(words).indexOf("-");
            if (separator >= 6 && separator + 1 < words.length && !words[4].contains("\0")) {
                entries.add(new Entry(Path.of(unescape(words[4])), words[separator + 1]));
            }
        }
        return new MountTable(entries);
    }

    /** Where a file system of that type is mounted first; later mounts of it are usually parts given to somebody. */
    public Optional<Path> first(String type) {
        return entries.stream()
                .filter(e -> e.type().equals(type))
                .map(Entry::mountPoint)
                .findFirst();
    }

    /** The type of the file system on which a path lies; of several mounts over each other the last counts. */
    public Optional<String> typeAt(Path path) {
        Optional<Entry> best = Optional.empty();
        for (Entry entry : entries) {
            if (path.startsWith(entry.mountPoint())
                    && (best.isEmpty()
                            || entry.mountPoint().getNameCount()
                                    >= best.get().mountPoint().getNameCount())) {
                best = Optional.of(entry);
            }
        }
        return best.map(Entry::type);
    }

    /** Blanks, tabs, line ends and backslashes are written as a backslash and three octal digits. */
    private static String unescape(String word) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            if (word.startsWith("\\", i)
                    && word.length() >= i + 4
                    && word.substring(i + 1, i + 4).matches("0[1-7][0-7]|1[0-7]{2}")) {
                result.append((char) Integer.parseInt(word.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                result.append(word.charAt(i));
            }
        }
        // The file's bytes are in the file system's encoding.
        return new String(result.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
