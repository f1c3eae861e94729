package jdpvs.keepalived.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jdpvs.keepalived.check.Probe.Result;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {
    private static final int ALL = 16 << 20;

    /** That other checks have taken all memory for bodies is not the server's fault. */
    @Test
    void whatIsTakenByOthersSaysNothingOfTheServer() throws Exception {
        List<BodyMemory> others = new ArrayList<>();
        try (OddServer server = OddServer.saying("HTTP/1.0 200 OK\r\n\r\nhello")) {
            Http http = new Http(
                    Settings.IMPATIENT,
                    Settings.target(server.port()),
                    false,
                    List.of(Settings.regex("ell", false, 0, -1)),
                    "1.0",
                    false,
                    false,
                    null);
            byte[] piece = new byte[1 << 20];
            for (int taken = 0; taken < ALL; taken += piece.length) {
                BodyMemory other = new BodyMemory();
                others.add(other);
                other.add(piece, piece.length, 0);
            }
            assertThat(new HttpProbe(http).run(true))
                    .isEqualTo(Result.undecided("too many long answers at the same time"));
            others.forEach(BodyMemory::close);
            assertThat(new HttpProbe(http).run(true)).isEqualTo(Result.success());
        } finally {
            others.forEach(BodyMemory::close);
        }
    }
}
