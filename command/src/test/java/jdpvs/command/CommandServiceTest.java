package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import jdpvs.control.CommandStream;
import jdpvs.control.ControlJson;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A command's way through the daemon: request line, standard input, frames, exit code. */
class CommandServiceTest {
    private final FakeControl control = new FakeControl("dpdk0");

    private static InputStream request(@Nullable String version, String tool, List<String> words, String input) {
        byte[] line = CommandStream.requestLine(new CommandStream.Request(version, tool, words));
        return new ByteArrayInputStream(
                (new String(line, StandardCharsets.UTF_8) + input).getBytes(StandardCharsets.UTF_8));
    }

    private List<String> serve(@Nullable String version, String tool, List<String> words, String input)
            throws IOException {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        CommandService.serve(request(version, tool, words, input), response, control, r -> {});
        List<String> frames = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(response.toByteArray()));
        while (in.available() > 0) {
            int channel = in.read();
            byte[] bytes = in.readNBytes(in.readInt());
            if (bytes.length == 0) {
                // Only asks whether we are still there.
                continue;
            }
            frames.add(channel + ":" + (channel == 3 ? "" + bytes[0] : new String(bytes, StandardCharsets.UTF_8)));
        }
        return frames;
    }

    @Test
    void outputThenErrorThenCode() throws IOException {
        assertThat(serve(null, "dpip", List.of("-V"), "")).containsExactly("1:dpip-1.10-2\n", "3:0");
        assertThat(serve(null, "dpip", List.of("foo"), ""))
                .containsExactly("2:dpip: invalid object, use `-h' for help.\n", "3:1");
        assertThat(serve(null, "route -v", List.of(), ""))
                .containsExactly("2:dpvs: there is no tool 'route -v'\n", "3:1");
        assertThat(serve(null, "ipvsadm", List.of("-D", "-t", "10.0.0.1:80"), ""))
                .last()
                .isEqualTo("3:-1");
    }

    @Test
    void standardInputFollowsTheRequestLine() throws IOException {
        assertThat(serve(null, "ipvsadm", List.of("-R"), "-A -t 10.0.0.1:80 -s rr\n"))
                .containsExactly("3:0");
        assertThat(serve(null, "ipvsadm", List.of("-Sn"), "")).containsExactly("1:-A -t 10.0.0.1:80 -s rr\n", "3:0");
    }

    @Test
    void anotherVersionIsSaidOnce() throws IOException {
        assertThat(serve(Version.own(), "dpip", List.of("-V"), "")).hasSize(2);
        assertThat(serve("99.1", "dpip", List.of("-V"), ""))
                .hasSize(3)
                .anyMatch(frame -> frame.startsWith("2:dpip: warning: this tool is of jdpvs 99.1,"));
    }

    @Test
    void theListingEndsWhenNobodyReads() {
        Endpoint endpoint = new Endpoint(IpAddress.parse("10.0.0.1"), 80);
        for (int i = 0; i < 100_000; i++) {
            control.connections.add(
                    new Views.Connection(1, "tcp", 90, "TCP_EST", endpoint, endpoint, endpoint, endpoint));
        }
        int[] written = new int[1];
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (written[0]++ > 50_000) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        assertThatThrownBy(() ->
                        CommandService.serve(request(null, "ipvsadm", List.of("-lnc"), ""), gone, control, r -> {}))
                .isInstanceOf(IOException.class);
        assertThat(written[0]).isLessThan(200_000);
    }

    @Test
    void repetitionEndsWithTheClient() {
        int[] frames = new int[1];
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (++frames[0] > 1) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        assertThatThrownBy(() -> CommandService.serve(
                        request(null, "dpip", List.of("-s", "-i", "100000", "link", "show"), ""),
                        gone,
                        control,
                        r -> {}))
                .isInstanceOf(IOException.class);
        assertThat(frames[0]).isLessThan(10);
    }

    @Test
    void malformedRequests() {
        for (String bad : List.of(
                "",
                "{}\n",
                "{\"tool\":\"dpip\"}\n",
                "{\"tool\":\"dpip\",\"words\":[],\"x\":1}\n",
                "[]\n",
                "no\n",
                "{\"tool\"")) {
            assertThatThrownBy(() -> CommandService.serve(
                            new ByteArrayInputStream(bad.getBytes(StandardCharsets.UTF_8)),
                            new ByteArrayOutputStream(),
                            control,
                            r -> {}))
                    .as(bad)
                    .isInstanceOf(ControlJson.JsonException.class);
        }
    }

    @Test
    void offlineTools() {
        List<OfflineTool> tools = List.of(
                new OfflineTool.Dpip(),
                new OfflineTool.Ipvsadm(),
                new OfflineTool.IpvsadmSave(),
                new OfflineTool.IpvsadmRestore(),
                new OfflineTool.Dpvsctl());
        assertThat(tools).extracting(ToolProvider::name).isEqualTo(Tools.NAMES);
        StringWriter error = new StringWriter();
        int code = tools.get(1).run(new PrintWriter(new StringWriter()), new PrintWriter(error), "-ln");
        assertThat(code).isEqualTo(2);
        assertThat(error.toString()).startsWith("Can't initialize ipvs: No such file or directory\n");
    }
}
