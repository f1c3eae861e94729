package jdpvs.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdpvs.port.DropReason;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays every capture of hostile frames through real workers. */
class CorpusTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/corpus");

    static Stream<Arguments> files() {
        return Corpus.all().stream()
                .flatMap(corpus -> Stream.of(1, 2).map(workers -> Arguments.of(corpus.name(), workers)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void theWorkersSurvive(String name, int workers) {
        Corpus corpus = corpus(name);
        List<byte[]> frames = Frames.read(DIRECTORY.resolve(name + ".pcap"));
        assertThat(frames).isNotEmpty();
        try (FuzzRig rig = new FuzzRig(workers)) {
            boolean trailers = name.startsWith(Corpus.SEGMENTED);
            for (int queue = 0; queue < workers; queue++) {
                for (byte[] frame : frames) {
                    rig.offer(queue, frame, trailers);
                    rig.cycle();
                }
                rig.checkSurvivor();
                for (byte[] frame : frames) {
                    rig.offer(queue, frame, trailers);
                }
                for (int cycles = 0; cycles <= frames.size() / 64; cycles++) {
                    rig.cycle();
                }
                rig.checkSurvivor();
            }
            for (DropReason reason : DropReason.values()) {
                if (rig.drops(reason) != 0 && reason != DropReason.REPLY_LIMITED) {
                    assertThat(corpus.reasons()).as("reasons of " + name).contains(reason);
                }
            }
        }
    }

    static Stream<String> verdicts() {
        return Corpus.all().stream().filter(corpus -> !corpus.rows().isEmpty()).map(Corpus::name);
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void everyFrameMeetsItsVerdict(String name) {
        Corpus corpus = corpus(name);
        SoftAssertions softly = new SoftAssertions();
        try (FuzzRig rig = new FuzzRig(1)) {
            for (Corpus.Row row : corpus.rows()) {
                softly.assertThat(rig.verdict(row.frame)).as(row.sentence).isEqualTo(row.verdict);
            }
            softly.assertAll();
        }
    }

    @Test
    void theFilesAreWhatTheirGeneratorMakes() throws IOException {
        String readme = Files.readString(DIRECTORY.resolve("README.md"));
        for (Corpus corpus : Corpus.all()) {
            assertThat(Files.readAllBytes(DIRECTORY.resolve(corpus.name() + ".pcap")))
                    .as(corpus.name())
                    .isEqualTo(Frames.capture(corpus.frames()));
            assertThat(readme)
                    .contains("| `" + corpus.name() + ".pcap` | "
                            + corpus.frames().size() + " |");
        }
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.filter(file -> file.toString().endsWith(".pcap")))
                    .hasSize(Corpus.all().size());
        }
    }

    private static Corpus corpus(String name) {
        return Corpus.all().stream()
                .filter(corpus -> corpus.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
