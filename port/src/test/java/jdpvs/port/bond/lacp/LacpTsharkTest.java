package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.pcap.PcapWriter;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;
import jdpvs.wire.slow.MarkerMessage;
import jdpvs.wire.slow.SlowProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LACPDUs and markers as another program reads them. */
class LacpTsharkTest {
    private static final long SOURCE = 0x0200_0000_0001L;

    @TempDir
    private Path directory = Path.of("");

    private static List<String> tshark(Path file, String displayFilter, String... fields) throws Exception {
        var command = new ArrayList<>(List.of(
                "tshark", "-n", "-r", file.toString(), "-T", "fields", "-E", "separator=;", "-Y", displayFilter));
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text.lines().toList();
    }

    @Test
    void tsharkReadsWhatWasWritten() throws Exception {
        int everyOther = LacpState.ACTIVITY | LacpState.AGGREGATION | LacpState.COLLECTING | LacpState.DEFAULTED;
        var actor = new LacpParty(65535, 0x0211_2233_4455L, 0x1234, 255, 7, everyOther);
        var partner = new LacpParty(1, 0x02aa_bbcc_ddeeL, 0x4321, 32768, 258, 0xff & ~everyOther);
        Path file = directory.resolve("lacp.pcap");
        try (Arena arena = Arena.ofConfined();
                PcapWriter writer = PcapWriter.create(file)) {
            long memory = arena.allocate(4L * SlowProtocol.FRAME_LENGTH, 8).address();
            var burst = new Burst();
            for (int i = 0; i < 4; i++) {
                burst.add(memory + (long) i * SlowProtocol.FRAME_LENGTH, SlowProtocol.FRAME_LENGTH);
            }
            var marker = new MarkerMessage(false, 515, 0x0211_2233_4455L, 0xdead_beef);
            new LacpMessage(actor, partner, 1234).write(burst.address[0], SOURCE);
            new LacpMessage(partner, actor, 0).write(burst.address[1], SOURCE);
            marker.write(burst.address[2], SOURCE);
            marker.answer().write(burst.address[3], SOURCE);
            assertThat(writer.write(burst)).isTrue();
        }
        String parties = "65535;02:11:22:33:44:55;4660;255;7;0x55";
        String partners = "1;02:aa:bb:cc:dd:ee;17185;32768;258;0xaa";
        assertThat(tshark(
                        file,
                        "lacp",
                        "eth.src",
                        "slow.subtype",
                        "lacp.version",
                        "lacp.actor.sys_priority",
                        "lacp.actor.sysid",
                        "lacp.actor.key",
                        "lacp.actor.port_priority",
                        "lacp.actor.port",
                        "lacp.actor.state",
                        "lacp.partner.sys_priority",
                        "lacp.partner.sysid",
                        "lacp.partner.key",
                        "lacp.partner.port_priority",
                        "lacp.partner.port",
                        "lacp.partner.state",
                        "lacp.collector.max_delay"))
                .map(line -> line.replace("\"", ""))
                .containsExactly(
                        "02:00:00:00:00:01;0x01;0x01;" + parties + ";" + partners + ";1234",
                        "02:00:00:00:00:01;0x01;0x01;" + partners + ";" + parties + ";0");
        assertThat(tshark(
                        file,
                        "lacp && frame.number == 1",
                        "lacp.actor.state.activity",
                        "lacp.actor.state.timeout",
                        "lacp.actor.state.aggregation",
                        "lacp.actor.state.synchronization",
                        "lacp.actor.state.collecting",
                        "lacp.actor.state.distributing",
                        "lacp.actor.state.defaulted",
                        "lacp.actor.state.expired"))
                .containsExactly("1;0;1;0;1;0;1;0");
        assertThat(tshark(
                        file,
                        "marker",
                        "marker.tlvType",
                        "marker.tlvLen",
                        "marker.requesterPort",
                        "marker.requesterSystem",
                        "marker.requesterTransId"))
                .map(line -> line.replace("\"", ""))
                .containsExactly(
                        "0x01,0x00;0x10,0x00;515;02:11:22:33:44:55;3735928559",
                        "0x02,0x00;0x10,0x00;515;02:11:22:33:44:55;3735928559");
        assertThat(tshark(
                        file,
                        "_ws.malformed || lacp.wrong_tlv_type || lacp.wrong_tlv_length || marker.wrong_tlv_type || marker.wrong_tlv_length || marker.wrong_pad_value",
                        "frame.number"))
                .isEmpty();
    }
}
