package jdpvs.port.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import jdpvs.port.PortException;

/** Whatever a capture file holds, the reader ends with frames or with a sentence. */
public final class PcapReaderFuzz {
    private PcapReaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try (var reader = new PcapReader("fuzz", new ByteArrayInputStream(input))) {
            long total = PcapFormat.FILE_HEADER_BYTES;
            for (int n = reader.next(); n >= 0; n = reader.next()) {
                total += PcapFormat.RECORD_HEADER_BYTES + n;
                assertThat(n).isLessThanOrEqualTo(reader.frame().length);
            }
            assertThat(total).isEqualTo(input.length);
        } catch (PortException e) {
            assertThat(e.getMessage()).startsWith("capture file fuzz is not usable: ");
        }
    }
}
