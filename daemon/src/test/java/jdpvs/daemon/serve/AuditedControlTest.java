package jdpvs.daemon.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.KeepalivedReport;
import jdpvs.process.log.Logging;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditedControlTest {
    private static final Peer PEER = new Peer(0, 42);
    private static final Change REFUSED = new Change.AddressFlush("refuse");

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Logging logging = Logging.start(new PrintStream(log, true, UTF_8), (priority, line) -> {});
    private final AuditedControl control = new AuditedControl(new RecordingControl(), PEER);

    @AfterEach
    void close() {
        logging.close();
    }

    @Test
    void questionsAreNotLogged() throws Exception {
        control.command("ipvsadm", List.of("-ln"));
        assertThat(control.services()).isEmpty();
        assertThat(log.toString(UTF_8)).isEmpty();
    }

    @Test
    void aCommandIsLoggedInItsWordsOnOneLine() throws Exception {
        control.command("ipvsadm", List.of("-C", "a\nb"));
        control.apply(List.of(new Change.ServiceClear()));
        assertThat(log.toString(UTF_8)).isEqualTo("AUDIT: uid 0 pid 42: ipvsadm -C a?b\n");
    }

    @Test
    void aReportingProcessIsLoggedOnce() throws Exception {
        for (long pid : new long[] {7, 7, 8, 8}) {
            control.report(new KeepalivedReport(
                    pid,
                    KeepalivedReport.Part.EVERYTHING,
                    "f",
                    1,
                    2,
                    List.of(),
                    List.of(),
                    KeepalivedReport.Made.NOTHING,
                    List.of()));
        }
        assertThat(log.toString(UTF_8))
                .isEqualTo(
                        "AUDIT: uid 0 pid 42: keepalived process 7 reports\nAUDIT: uid 0 pid 42: keepalived process 8 reports\n");
    }

    @Test
    void aRefusalSaysOfWhatAndWhy() {
        control.command("dpip", List.of("addr", "flush", "dev", "refuse"));
        assertThatThrownBy(() -> control.apply(List.of(REFUSED))).isInstanceOf(ControlException.class);
        assertThat(log.toString(UTF_8))
                .endsWith("AUDIT: uid 0 pid 42: refused: dpip addr flush dev refuse: not exist: device refuse\n");
    }

    @Test
    void restoredLinesAndChangesOfTheApiAreListed() throws Exception {
        List<Change> changes = List.of(new Change.ServiceClear(), new Change.AddressFlush("dpdk0"));
        control.apply(changes);
        control.command("ipvsadm", List.of("-R"));
        control.apply(changes);
        assertThat(log.toString(UTF_8))
                .isEqualTo("AUDIT: uid 0 pid 42: " + changes + "\nAUDIT: uid 0 pid 42: ipvsadm -R: " + changes + "\n");
    }
}
