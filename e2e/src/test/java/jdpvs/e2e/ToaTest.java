package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The client's address in TCP option 254: on the right packets, and on no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToaTest {
    private static final int TOA = 254;
    private static final int MSS = 2;
    /** What an option of 8 bytes takes from a segment of an Ethernet frame: 1460 − 8. */
    private static final int LOWERED_MSS = 1452;

    private Lab lab;
    private Dpvs dpvs;

    @BeforeAll
    void start() {
        // Without offloads the capture shows the packets as a wire would carry them.
        lab = Lab.twoArm("--offload", "off");
        lab.startWebServers();
        dpvs = Dpvs.start(lab, Configuration.twoArm());
        dpvs.typeHowToNetwork();
        dpvs.typeHowToService("-t 10.0.96.204:80", "rr");
        dpvs.type("ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b");
    }

    @AfterAll
    void stop() {
        dpvs.close();
        lab.close();
    }

    /** A TCP packet as captured. */
    private record Segment(
            String source, int sourcePort, boolean syn, boolean reset, long ack, int payload, String options) {
        static Segment of(List<String> fields) {
            return new Segment(
                    fields.get(0),
                    Integer.parseInt(fields.get(1)),
                    fields.get(2).equals("True") || fields.get(2).equals("1"),
                    fields.get(3).equals("True") || fields.get(3).equals("1"),
                    Long.parseLong(fields.get(4)),
                    Integer.parseInt(fields.get(5)),
                    fields.get(6).replace(":", ""));
        }

        /** Options in order: kind first, then (without kinds 0 and 1) length and value. */
        List<byte[]> optionList() {
            byte[] bytes = HexFormat.of().parseHex(options);
            var list = new ArrayList<byte[]>();
            for (int offset = 0; offset < bytes.length && bytes[offset] != 0; ) {
                int length = bytes[offset] == 1 ? 1 : Byte.toUnsignedInt(bytes[offset + 1]);
                list.add(Arrays.copyOfRange(bytes, offset, offset + length));
                offset += length;
            }
            return list;
        }

        boolean hasToa() {
            return optionList().stream().anyMatch(option -> Byte.toUnsignedInt(option[0]) == TOA);
        }
    }

    private static List<Segment> segments(Capture capture) {
        return capture
                .packets(
                        "tcp",
                        "ip.src",
                        "tcp.srcport",
                        "tcp.flags.syn",
                        "tcp.flags.reset",
                        "tcp.ack",
                        "tcp.len",
                        "tcp.options")
                .stream()
                .map(Segment::of)
                .toList();
    }

    @Test
    void theHandshakesAckAndTheFirstDataCarryIt() {
        List<Segment> atServer;
        List<Segment> atClient;
        try (Capture server = Capture.start(lab.server(1), "eth0", "tcp port 80");
                Capture client = Capture.start(lab.client(), "eth0", "tcp port 80")) {
            lab.client().curl("10.0.96.204");
            atServer = segments(server);
            atClient = segments(client);
        }
        int clientPort = atClient.getFirst().sourcePort();
        byte[] expected = {
            (byte) TOA, 8, (byte) (clientPort >> 8), (byte) clientPort, (byte) 172, 16, 0, 1,
        };

        List<Segment> inbound = atServer.stream()
                .filter(segment -> segment.source().equals("192.168.229.204"))
                .toList();
        assertThat(inbound.getFirst().syn()).isTrue();
        assertThat(inbound.getFirst().hasToa()).as("TOA on the SYN").isFalse();
        List<Segment> beforeAnswer = inbound.stream()
                .filter(segment -> !segment.syn() && segment.ack() == 1)
                .toList();
        assertThat(beforeAnswer).as("the handshake's ACK and the request").hasSizeGreaterThanOrEqualTo(2);
        assertThat(beforeAnswer.getFirst().payload()).isZero();
        assertThat(beforeAnswer).anyMatch(segment -> segment.payload() > 0);
        assertThat(beforeAnswer)
                .allSatisfy(segment -> assertThat(segment.optionList().getFirst())
                        .as("first option")
                        .isEqualTo(expected));
        assertThat(inbound.stream().filter(segment -> segment.ack() > 1))
                .as("packets after the server has spoken")
                .isNotEmpty()
                .noneMatch(Segment::hasToa);

        assertThat(atClient).as("packets of the client's side").noneMatch(Segment::hasToa);
        assertThat(mssOfSynAck(atServer)).isEqualTo(LOWERED_MSS + 8);
        assertThat(mssOfSynAck(atClient)).isEqualTo(LOWERED_MSS);
    }

    @Test
    void anUploadCarriesItOnEverySegmentUntilTheServerSpeaks() {
        try (Running sink = lab.server(1)
                        .start(
                                List.of("bash", "-c", "socat -u TCP-LISTEN:9000,reuseaddr - | sha256sum; sleep 1"),
                                lab.directory().resolve("sink.log"),
                                Map.of());
                Capture capture = Capture.start(lab.server(1), "eth0", "tcp dst port 9000")) {
            dpvs.typeHowToService("-t 10.0.96.204:9000", "rr");
            dpvs.type("ipvsadm -a -t 10.0.96.204:9000 -r 192.168.229.1:9000 -b");
            Await.pause(Duration.ofMillis(500));
            String sent = lab.client()
                    .shell(
                            Duration.ofSeconds(20),
                            "head -c 300000 /dev/urandom > %1$s; sha256sum < %1$s; socat -u OPEN:%1$s TCP:10.0.96.204:9000"
                                    .formatted(lab.directory().resolve("upload")))
                    .succeeded();
            sink.awaitPrinted("-", Duration.ofSeconds(10));
            assertThat(sink.printed()).as("checksum of what arrived").isEqualTo(sent);
            List<Segment> data = segments(capture).stream()
                    .filter(segment -> segment.payload() > 0)
                    .toList();
            assertThat(data).hasSizeGreaterThan(300000 / LOWERED_MSS - 1);
            assertThat(data).allMatch(Segment::hasToa);
            assertThat(data).as("no packet above the MTU").allMatch(segment -> segment.payload() <= LOWERED_MSS);
        }
    }

    @Test
    void udpCarriesNothingOfTheKind() {
        dpvs.typeHowToService("-u 10.0.96.204:5353", "rr");
        dpvs.type("ipvsadm -a -u 10.0.96.204:5353 -r 192.168.229.1:5300 -b");
        try (Running server = lab.server(1).peer("serve-udp 5300 rs1");
                Capture capture = Capture.start(lab.server(1), "eth0", "src host 192.168.229.204")) {
            server.awaitPrinted("ready", Duration.ofSeconds(10));
            try (Running client = lab.client().peer("ask-udp 10.0.96.204 5353 2")) {
                client.awaitPrinted("done", Duration.ofSeconds(20));
                assertThat(client.printed()).doesNotContain("no answer");
            }
            List<List<String>> packets = capture.packets("ip", "ip.proto", "ip.hdr_len", "udp.dstport");
            assertThat(packets)
                    .hasSize(6)
                    .allSatisfy(fields -> assertThat(fields).containsExactly("17", "20", "5300"));
        }
    }

    private static int mssOfSynAck(List<Segment> segments) {
        return segments.stream()
                .filter(segment -> segment.syn() && segment.sourcePort() == 80)
                .flatMap(segment -> segment.optionList().stream())
                .filter(option -> option[0] == MSS)
                .mapToInt(option -> Byte.toUnsignedInt(option[2]) << 8 | Byte.toUnsignedInt(option[3]))
                .findFirst()
                .orElseThrow();
    }
}
