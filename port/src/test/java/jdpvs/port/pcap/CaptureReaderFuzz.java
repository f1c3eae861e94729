package jdpvs.port.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import jdpvs.port.PortException;

/** Whatever a capture file of either kind holds, its reader ends with frames or with a sentence. */
public final class CaptureReaderFuzz {
    private CaptureReaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try (CaptureReader reader = CaptureReader.of("fuzz", new ByteArrayInputStream(input))) {
            long total = 0;
            for (int n = reader.next(); n >= 0; n = reader.next()) {
                total += n;
                assertThat(n).isLessThanOrEqualTo(reader.frame().length);
                assertThat(reader.originalLength()).isBetween(n, CaptureReader.LONGEST_FRAME);
            }
            assertThat(total).isLessThan(input.length);
        } catch (PortException e) {
            assertThat(e.getMessage()).startsWith("capture file fuzz is not usable: ");
        }
    }
}
