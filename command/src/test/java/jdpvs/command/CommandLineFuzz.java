package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whatever is typed: no exception, an exit code, a message when it is not 0, and nothing applied then. */
public final class CommandLineFuzz {
    private CommandLineFuzz() {}

    /** One command: its first byte picks the tool, then words apart by zero bytes; what follows an empty word is standard input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String text = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1);
        List<String> words = new ArrayList<>(Arrays.asList(text.split("\0", -1)));
        words.addFirst(Tools.NAMES.get((data[0] & 0xff) % Tools.NAMES.size()));
        int end = words.indexOf("");
        String input = end < 0 ? "" : String.join(" ", words.subList(end + 1, words.size()));
        List<String> line = end < 0 ? words : words.subList(0, end);
        if (waits(line)) {
            return;
        }
        FakeControl control = new FakeControl("dpdk0", "dpdk1");
        Run.command(control, "ipvsadm -A -t 10.0.0.1:80 -s rr");
        Run.command(control, "dpip addr add 10.0.0.1/24 dev dpdk0");
        Run run = Run.words(control, line.getFirst(), line.subList(1, line.size()), input);
        assertThat(run.code()).isBetween(0, 255);
        if (run.code() != 0) {
            assertThat(run.error()).as(line.toString()).isNotEmpty();
            assertThat(control.accepted).as(line.toString()).isEqualTo(2);
        }
    }

    /** An interval would make the fuzzer sleep. */
    private static boolean waits(List<String> line) {
        return line.getFirst().equals("dpip")
                && line.stream().anyMatch(word -> word.startsWith("-") && word.contains("i"));
    }
}
