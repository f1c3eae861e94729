package jdpvs.daemon.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jdpvs.port.DropReason;

/**
 * The frames of {@code src/test/resources/corpus}, by what is wrong with them. {@code mvn … -Dtest=CorpusTest} compares the files with this; the
 * {@link #main} writes them anew.
 *
 * @param name of the file, without {@code .pcap}
 * @param sentence what is wrong
 * @param reasons under which its frames may be counted; a frame that is none of these is answered, forwarded or kept
 * @param rows each frame with what becomes of it in its turn; empty where that is not told
 */
record Corpus(String name, String sentence, Set<DropReason> reasons, List<byte[]> frames, List<Row> rows) {
    /** A verdict: the frame leaves, as it is or rewritten. */
    static final String SENT = "SENT";
    /** A verdict: another frame leaves for it, one that was put together or an answer. */
    static final String MADE = "MADE";
    /** A verdict: the frame waits for others. */
    static final String KEPT = "KEPT";

    /** Files with this prefix carry each frame's virtio-net header in its last ten bytes, behind the IP packet. */
    static final String SEGMENTED = "gso-";

    static List<Corpus> all() {
        return Stream.of(
                        Ipv4Corpus.all(),
                        TransportCorpus.all(),
                        FragmentCorpus.all(),
                        IcmpCorpus.all(),
                        LinkCorpus.all(),
                        Ipv6Corpus.all(),
                        Ipv6FragmentCorpus.all(),
                        Icmp6Corpus.all(),
                        FamilyCorpus.all())
                .flatMap(List::stream)
                .toList();
    }

    static Corpus of(String name, String sentence, List<byte[]> frames, DropReason... reasons) {
        return new Corpus(name, sentence, Set.of(reasons), frames, List.of());
    }

    /** One frame, what is wrong with it, and what becomes of it: the name of a reason, {@link #SENT}, {@link #MADE} or {@link #KEPT}. */
    static final class Row {
        final String sentence;
        final byte[] frame;
        final String verdict;

        Row(String sentence, byte[] frame, String verdict) {
            this.sentence = sentence;
            this.frame = frame;
            this.verdict = verdict;
        }
    }

    static Row row(String sentence, byte[] frame, String verdict) {
        return new Row(sentence, frame, verdict);
    }

    static Row row(String sentence, byte[] frame, DropReason verdict) {
        return new Row(sentence, frame, verdict.name());
    }

    /** @param more reasons that frames may be counted under when they come again, or to another worker */
    static Corpus of(String name, String sentence, List<Row> rows, Set<DropReason> more) {
        Set<DropReason> reasons = EnumSet.noneOf(DropReason.class);
        reasons.addAll(more);
        rows.stream()
                .map(row -> row.verdict)
                .filter(verdict -> !Set.of(SENT, MADE, KEPT).contains(verdict))
                .forEach(verdict -> reasons.add(DropReason.valueOf(verdict)));
        return new Corpus(
                name, sentence, reasons, rows.stream().map(row -> row.frame).toList(), rows);
    }

    /** Any reason but the one that is a defect. */
    static DropReason[] anyReason() {
        return Stream.of(DropReason.values())
                .filter(reason -> reason != DropReason.INTERNAL_ERROR)
                .toArray(DropReason[]::new);
    }

    /** Writes every file and the table of {@code README.md} to a directory. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        StringBuilder table =
                new StringBuilder("| file | frames | what is wrong | may be counted as |\n|---|---|---|---|\n");
        for (Corpus corpus : all()) {
            Files.write(directory.resolve(corpus.name + ".pcap"), Frames.capture(corpus.frames));
            table.append("| `%s.pcap` | %d | %s | %s |\n"
                    .formatted(corpus.name, corpus.frames.size(), corpus.sentence, corpus.reasonNames()));
        }
        Path readme = directory.resolve("README.md");
        String text = Files.readString(readme);
        Files.writeString(readme, text.substring(0, text.indexOf("| file |")) + table);
    }

    String reasonNames() {
        if (reasons.isEmpty()) {
            return "nothing: forwarded";
        }
        return reasons.size() == DropReason.values().length - 1
                ? "any reason but INTERNAL_ERROR"
                : String.join(
                        " ", reasons.stream().sorted().map(DropReason::name).toList());
    }
}
