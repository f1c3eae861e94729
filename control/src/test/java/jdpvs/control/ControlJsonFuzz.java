package jdpvs.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Bytes as a transaction and as a command's request: understood, and then written and read alike, or refused with a sentence. */
public final class ControlJsonFuzz {
    private ControlJsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            var changes = ControlJson.readChanges(data);
            assertThat(ControlJson.readChanges(ControlJson.writeChanges(changes)))
                    .isEqualTo(changes);
        } catch (ControlJson.JsonException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
        try {
            assertThat(CommandStream.readRequest(new ByteArrayInputStream(data)).words())
                    .isNotNull();
        } catch (ControlJson.JsonException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
