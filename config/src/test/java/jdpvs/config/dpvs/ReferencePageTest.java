package jdpvs.config.dpvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "dpvs.conf.md");

    @Test
    void thePageIsWhatTheTableSays() throws IOException {
        if (Boolean.getBoolean("jdpvs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, ReferencePage.text());
        }
        assertThat(Files.readString(PAGE))
                .as("write it anew with -Dtest.arguments=-Djdpvs.write=true")
                .isEqualTo(ReferencePage.text());
    }
}
