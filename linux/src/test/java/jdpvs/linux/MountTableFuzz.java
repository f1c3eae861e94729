package jdpvs.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Whatever stands in the table: entries or none, never an exception. */
public class MountTableFuzz {
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        MountTable table = MountTable.parse(text);
        long lines = 1 + text.chars().filter(c -> c == '\n').count();
        if (table.entries().size() > lines) {
            throw new IllegalStateException("more entries than lines");
        }
        for (MountTable.Entry entry : table.entries()) {
            if (entry.type().contains(" ")) {
                throw new IllegalStateException("a blank in the type " + entry.type());
            }
            if (entry.mountPoint().isAbsolute()
                    && table.typeAt(entry.mountPoint()).isEmpty()) {
                throw new IllegalStateException(entry + " does not lie on itself");
            }
        }
        table.typeAt(Path.of("/sys/fs/bpf/x"));
        table.first("cgroup2");
    }
}
