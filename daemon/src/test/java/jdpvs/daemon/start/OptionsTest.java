package jdpvs.daemon.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdpvs.process.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static Options parse(String line) throws StartException {
        return Options.parse(line.isEmpty() ? new String[0] : line.split(" "));
    }

    @Test
    void defaultsAreDpvss() throws StartException {
        assertThat(parse(""))
                .isEqualTo(new Options(
                        Options.Action.RUN,
                        Path.of("/etc/dpvs.conf"),
                        Path.of("/var/run/dpvs.pid"),
                        Path.of("/var/run/dpvs.ipc"),
                        Map.of(),
                        List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "-c a -p b -x c,                        RUN,     a, b, c",
        "--conf a --pid-file b --ipc-file c,    RUN,     a, b, c",
        "--conf=a --pid-file=b --ipc-file=c,    RUN,     a, b, c",
        "--check -c a -p b -x c,                CHECK,   a, b, c",
        "-c a -p b -x c -v --nonsense,          VERSION, a, b, c",
        "-c a -p b -x c --help,                 HELP,    a, b, c",
    })
    void words(String line, Options.Action action, String configuration, String pidFile, String socket)
            throws StartException {
        assertThat(parse(line))
                .isEqualTo(new Options(
                        action, Path.of(configuration), Path.of(pidFile), Path.of(socket), Map.of(), List.of()));
    }

    @Test
    void portsAndOtherWordsAfterTwoDashes() throws StartException {
        Options options = parse("-c a -- --port dpdk2=packet:eth1 -l 1-9 --port=dpdk0=pcap:in,out -a 0000:17:00.0");
        assertThat(options.ports()).isEqualTo(Map.of("dpdk2", "packet:eth1", "dpdk0", "pcap:in,out"));
        assertThat(options.ignored()).containsExactly("-l", "1-9", "-a", "0000:17:00.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-c                  | option '-c' needs a file name",
                "--pid-file          | option '--pid-file' needs a file name",
                "-z                  | unknown option '-z', see dpvs -h",
                "start               | unknown option 'start', see dpvs -h",
                "-- --port           | --port wants DEVICE=KIND:ARGS, for example dpdk2=packet:eth1, not ''",
                "-- --port dpdk0     | --port wants DEVICE=KIND:ARGS, for example dpdk2=packet:eth1, not 'dpdk0'",
                "-- --port =packet:a | --port wants DEVICE=KIND:ARGS, for example dpdk2=packet:eth1, not '=packet:a'",
                "-- --port a=:b      | --port wants DEVICE=KIND:ARGS, for example dpdk2=packet:eth1, not 'a=:b'",
                "-- --port a=p:b --port a=p:c | --port names device a twice",
            })
    void refused(String line, String message) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(StartException.class).hasMessage(message);
    }

    @Test
    void versionLine() {
        assertThat(Version.current().line())
                .matches("dpvs version: 1\\.10-2, build on \\d{4}\\.\\d\\d\\.\\d\\d\\.\\d\\d:\\d\\d:\\d\\d");
    }
}
