package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.proxy.ProxyHeader;
import jdpvs.wire.proxy.ProxyVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** PROXY headers in TCP streams, segment by segment. */
class ProxyStreamTest {
    private static final String FORGED = "PROXY TCP4 6.6.6.6 7.7.7.7 1 2\r\n";
    private static final int SERVER_FIRST = 501;

    /** One connection whose handshake is over but for the client's acknowledgement. */
    private static final class Talk {
        final Way way;
        final World world;
        final int localPort;
        /** The server's name for the byte behind the client's SYN, which the client calls 1. */
        final int begin;

        Talk(Way way, String mode) {
            this.way = way;
            this.world = world(way, mode);
            Packet syn = world.receive(WAN, way.fromClient(Tcp.SYN).sequence(0)).getFirst();
            localPort = syn.localPort();
            begin = Tcp.sequence(syn.transport()) + 1;
            Packet synAck = answer(Tcp.SYN | Tcp.ACK, SERVER_FIRST - 1, begin).getFirst();
            assertThat(Tcp.acknowledgement(synAck.transport())).isEqualTo(1);
        }

        PacketBuilder client(int flags, int sequence) {
            return way.fromClient(flags).sequence(sequence).acknowledgement(SERVER_FIRST);
        }

        List<Packet> says(int sequence, String text) {
            return world.receive(WAN, client(Tcp.ACK | Tcp.PSH, sequence).payload(bytes(text)));
        }

        List<Packet> acknowledges() {
            return world.receive(WAN, client(Tcp.ACK, 1));
        }

        List<Packet> answer(int flags, int sequence, int acknowledgement) {
            return world.receive(
                    LAN, way.fromServer(localPort, flags).sequence(sequence).acknowledgement(acknowledgement));
        }

        /** What the client is told when the server acknowledges so many bytes. */
        int told(int bytes) {
            return Tcp.acknowledgement(
                    answer(Tcp.ACK, SERVER_FIRST, begin + bytes).getFirst().transport());
        }

        /** Bytes before a packet's first, as the server counts. */
        int at(Packet packet) {
            return Tcp.sequence(packet.transport()) - begin;
        }

        byte[] header(ProxyVersion version) {
            return of(version, way.client, 40_000, way.vip, 80);
        }
    }

    static World world(Way way, String mode) {
        return way.world(ServiceSettings.of("rr").withProxyProtocol(mode), ServiceSettings.of("rr"));
    }

    static byte[] of(ProxyVersion version, String source, int sourcePort, String destination, int destinationPort) {
        Address from = Address.parse(source);
        Address to = Address.parse(destination);
        ProxyHeader header = new ProxyHeader();
        header.set(false, from.high(), from.low(), sourcePort, to.high(), to.low(), destinationPort);
        return written(header, version);
    }

    private static byte[] written(ProxyHeader header, ProxyVersion version) {
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(ProxyHeader.LONGEST).address();
            byte[] bytes = new byte[header.write(version, at)];
            Memory.copyOut(at, bytes, 0, bytes.length);
            return bytes;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void theHeaderTakesThePlaceOfTheLastAcknowledgement(Way way) {
        Talk talk = new Talk(way, "v2");
        Packet header = talk.acknowledges().getFirst();
        byte[] expected = talk.header(ProxyVersion.V2);
        assertThat(header.payload()).isEqualTo(expected);
        assertThat(header.options()).isEmpty();
        assertThat(talk.at(header)).isZero();
        assertThat(Tcp.acknowledgement(header.transport())).isEqualTo(SERVER_FIRST);
        assertThat(header.flags()).isEqualTo(Tcp.ACK | Tcp.PSH);
        assertThat(header.isSound()).isTrue();
        assertThat(talk.told(expected.length)).isEqualTo(1);

        Packet data = talk.says(1, "GET /").getFirst();
        assertThat(text(data.payload())).isEqualTo("GET /");
        assertThat(talk.at(data)).isEqualTo(expected.length);
        assertThat(data.isSound()).isTrue();
        assertThat(talk.told(expected.length + 5)).isEqualTo(6);
        assertThat(talk.world.dropped()).isEmpty();
    }

    @Test
    void versionOneIsALine() {
        Talk talk = new Talk(Way.FOUR, "v1");
        assertThat(text(talk.acknowledges().getFirst().payload()))
                .isEqualTo("PROXY TCP4 172.16.0.1 10.0.96.204 40000 80\r\n");
    }

    @Test
    void aLostHeaderComesAgainWithTheAcknowledgementOfTheRepeatedSyn() {
        Talk talk = new Talk(Way.FOUR, "v2");
        byte[] first = talk.acknowledges().getFirst().payload();
        Packet again =
                talk.answer(Tcp.SYN | Tcp.ACK, SERVER_FIRST - 1, talk.begin).getFirst();
        assertThat(Tcp.acknowledgement(again.transport())).isEqualTo(1);
        Packet header = talk.acknowledges().getFirst();
        assertThat(header.payload()).isEqualTo(first);
        assertThat(talk.at(header)).isZero();
    }

    @Test
    void aLostHeaderComesAgainBeforeTheFirstBytesWhenTheyAreRepeated() {
        Talk talk = new Talk(Way.FOUR, "v2");
        talk.acknowledges();
        assertThat(talk.says(1, "GET /")).hasSize(2);
        assertThat(talk.told(0)).isEqualTo(1);
        List<Packet> repeated = talk.says(1, "GET /");
        assertThat(repeated).hasSize(2);
        assertThat(repeated.getFirst().payload()).isEqualTo(talk.header(ProxyVersion.V2));
        assertThat(talk.at(repeated.getFirst())).isZero();
        assertThat(talk.at(repeated.getLast())).isEqualTo(28);
        assertThat(talk.says(6, " more")).hasSize(1);
        talk.told(28);
        assertThat(talk.says(1, "GET /")).hasSize(1);
    }

    @Test
    void anAcknowledgementOfAPartOfTheHeaderAcknowledgesNothing() {
        Talk talk = new Talk(Way.FOUR, "v2");
        talk.acknowledges();
        talk.says(1, "GET /");
        Packet answer = talk.world
                .receive(
                        LAN,
                        talk.way
                                .fromServer(talk.localPort, Tcp.ACK)
                                .sequence(SERVER_FIRST)
                                .acknowledgement(talk.begin + 13)
                                .option(5, 0, 0, 0, 1, 0, 0, 0, 2))
                .getFirst();
        assertThat(Tcp.acknowledgement(answer.transport())).isEqualTo(1);
        assertThat(answer.options())
                .as("its selective acknowledgement is gone")
                .hasSize(12)
                .containsOnly(1);
        assertThat(answer.isSound()).isTrue();
        assertThat(talk.says(1, "GET /")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"v1, PROXY", "v2, PROXY", "v1, V2", "v2, V2"})
    void aForgedHeaderIsReplaced(String mode, String forgedVersion) {
        Talk talk = new Talk(Way.FOUR, mode);
        byte[] forged = forgedVersion.equals("V2") ? of(ProxyVersion.V2, "6.6.6.6", 1, "7.7.7.7", 2) : bytes(FORGED);
        byte[] ours = talk.acknowledges().getFirst().payload();
        assertThat(ours).isEqualTo(talk.header(mode.equals("v1") ? ProxyVersion.V1 : ProxyVersion.V2));
        Packet data = talk.world
                .receive(WAN, talk.client(Tcp.ACK, 1).payload(join(forged, bytes("GET /"))))
                .getLast();
        assertThat(text(data.payload())).isEqualTo("GET /");
        assertThat(talk.at(data)).isEqualTo(ours.length);
        assertThat(data.isSound()).isTrue();
        assertThat(talk.told(ours.length + 5)).isEqualTo(1 + forged.length + 5);
        Packet more = talk.says(1 + forged.length + 5, "more").getFirst();
        assertThat(talk.at(more)).isEqualTo(ours.length + 5);
    }

    @Test
    void aForgedHeaderIsReplacedAlsoAfterOursWasAcknowledged() {
        Talk talk = new Talk(Way.FOUR, "v2");
        talk.acknowledges();
        assertThat(talk.told(28)).isEqualTo(1);
        Packet data = talk.says(1, FORGED + "GET /").getFirst();
        assertThat(text(data.payload())).isEqualTo("GET /");
        assertThat(talk.at(data)).isEqualTo(28);
        assertThat(talk.told(28 + 5)).isEqualTo(1 + FORGED.length() + 5);
    }

    @Test
    void aForgedHeaderInASegmentOfItsOwnLeavesNothing() {
        Talk talk = new Talk(Way.FOUR, "v2");
        List<Packet> sent = talk.says(1, FORGED);
        assertThat(sent.getFirst().payload()).isEqualTo(talk.header(ProxyVersion.V2));
        assertThat(sent.getLast().payload()).isEmpty();
        assertThat(talk.at(sent.getLast())).isEqualTo(28);
        assertThat(talk.at(talk.says(1 + FORGED.length(), "GET /").getFirst())).isEqualTo(28);
        // The first of both was lost: all again.
        List<Packet> again = talk.says(1, FORGED + "GET /");
        assertThat(again.getFirst().payload()).isEqualTo(talk.header(ProxyVersion.V2));
        assertThat(text(again.getLast().payload())).isEqualTo("GET /");
        assertThat(talk.at(again.getLast())).isEqualTo(28);
    }

    @Test
    void aForgedHeaderInTwoSegmentsStaysBehindOurs() {
        Talk talk = new Talk(Way.FOUR, "v1");
        byte[] ours = talk.acknowledges().getFirst().payload();
        Packet half = talk.says(1, FORGED.substring(0, 10)).getLast();
        assertThat(talk.at(half)).isEqualTo(ours.length);
        assertThat(text(half.payload())).isEqualTo(FORGED.substring(0, 10));
        Packet whole = talk.says(1, FORGED + "GET").getLast();
        assertThat(talk.at(whole)).isEqualTo(ours.length);
        assertThat(text(whole.payload())).isEqualTo(FORGED + "GET");
    }

    @Test
    void laterBytesWaitForTheFirst() {
        Talk talk = new Talk(Way.FOUR, "v2");
        talk.acknowledges();
        assertThat(talk.says(100, "later")).isEmpty();
        assertThat(talk.world.dropped()).containsOnly(Map.entry(DropReason.PROXY_ORDER, 1L));
        assertThat(talk.says(1, "first")).hasSize(2);
        assertThat(talk.says(100, "later")).hasSize(1);
    }

    @Test
    void whereAHeaderIsBelievedOursWaitsForTheFirstBytes() {
        Talk talk = new Talk(Way.FOUR, "v2-insecure");
        Packet acknowledgement = talk.acknowledges().getFirst();
        assertThat(acknowledgement.payload()).isEmpty();
        assertThat(talk.at(acknowledgement)).isZero();
        List<Packet> sent = talk.says(1, "GET /");
        assertThat(sent.getFirst().payload()).isEqualTo(talk.header(ProxyVersion.V2));
        assertThat(text(sent.getLast().payload())).isEqualTo("GET /");
        assertThat(talk.at(sent.getLast())).isEqualTo(28);
        assertThat(talk.told(33)).isEqualTo(6);
    }

    @Test
    void aBelievedHeaderOfTheSameVersionStays() {
        Talk talk = new Talk(Way.FOUR, "v1-insecure");
        talk.acknowledges();
        List<Packet> sent = talk.says(1, FORGED + "GET /");
        assertThat(sent).hasSize(1);
        assertThat(text(sent.getFirst().payload())).isEqualTo(FORGED + "GET /");
        assertThat(talk.at(sent.getFirst())).isZero();
        assertThat(talk.told(5)).isEqualTo(6);
    }

    @Test
    void aBelievedHeaderOfTheOtherVersionIsConverted() {
        Talk talk = new Talk(Way.FOUR, "v2-insecure");
        talk.acknowledges();
        byte[] converted = of(ProxyVersion.V2, "6.6.6.6", 1, "7.7.7.7", 2);
        for (int i = 0; i < 2; i++) {
            List<Packet> sent = talk.says(1, FORGED + "GET /");
            assertThat(sent.getFirst().payload()).as("time %d", i).isEqualTo(converted);
            assertThat(text(sent.getLast().payload())).isEqualTo("GET /");
            assertThat(talk.at(sent.getLast())).isEqualTo(28);
            assertThat(talk.told(0)).isEqualTo(1);
        }
        assertThat(talk.told(28 + 5)).isEqualTo(1 + FORGED.length() + 5);
    }

    @Test
    void unknownIsConvertedToALocalCommand() {
        Talk talk = new Talk(Way.FOUR, "v2-insecure");
        byte[] local = talk.says(1, "PROXY UNKNOWN\r\nGET /").getFirst().payload();
        ProxyHeader unknown = new ProxyHeader();
        unknown.setUnknown();
        assertThat(local).isEqualTo(written(unknown, ProxyVersion.V2));
    }

    @Test
    void dataOfASynIsTakenOut() {
        World world = world(Way.FOUR, "v2");
        Packet syn = world.receive(WAN, Way.FOUR.fromClient(Tcp.SYN).payload("early"))
                .getFirst();
        assertThat(syn.payload()).isEmpty();
        assertThat(syn.isSound()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void segmentedFramesWithForgedHeaders(Way way) {
        Talk talk = new Talk(way, "v2");
        byte[] data = bytes(FORGED + "x".repeat(40_000));
        List<Packet> sent = talk.world.receive(
                WAN, talk.client(Tcp.ACK, 1).payload(data).partialChecksum().segmentSize(1400));
        Packet rest = sent.getLast();
        assertThat(sent.getFirst().payload()).isEqualTo(talk.header(ProxyVersion.V2));
        assertThat(VirtioNetHeader.gsoType(sent.getFirst().frame())).isEqualTo(VirtioNetHeader.GSO_NONE);
        assertThat(rest.payload()).isEqualTo(Arrays.copyOfRange(data, FORGED.length(), data.length));
        assertThat(VirtioNetHeader.segmentSize(rest.frame())).isEqualTo(1400);
        assertThat(rest.isSound()).isTrue();
        assertThat(talk.at(rest)).isEqualTo(sent.getFirst().payload().length);
    }

    @Test
    void aFullSegmentAtTheMtuStaysAsItIs() {
        Talk talk = new Talk(Way.FOUR, "v1");
        List<Packet> sent = talk.says(1, "x".repeat(1460));
        assertThat(sent).hasSize(2);
        assertThat(sent.getLast().totalLength()).isEqualTo(1500);
    }

    @Test
    void theServersSegmentSizeIsNotLowered() {
        World world = world(Way.FOUR, "v2");
        Packet syn = world.receive(WAN, Way.FOUR.fromClient(Tcp.SYN)).getFirst();
        Packet synAck = world.receive(
                        LAN,
                        Way.FOUR
                                .fromServer(syn.localPort(), Tcp.SYN | Tcp.ACK)
                                .acknowledgement(Tcp.sequence(syn.transport()) + 1)
                                .options(new byte[] {2, 4, 5, (byte) 0xb4}))
                .getFirst();
        assertThat(synAck.options()).isEqualTo(new byte[] {2, 4, 5, (byte) 0xb4});
    }

    @Test
    void anEndWithoutDataComesBehindTheHeader() {
        for (String mode : List.of("v2", "v2-insecure")) {
            Talk talk = new Talk(Way.FOUR, mode);
            List<Packet> sent = talk.world.receive(WAN, talk.client(Tcp.ACK | Tcp.FIN, 1));
            assertThat(sent.getFirst().payload()).hasSize(28);
            assertThat(sent.getFirst().flags() & Tcp.FIN).isZero();
            assertThat(sent.getLast().flags() & Tcp.FIN).isNotZero();
            assertThat(talk.at(sent.getLast())).isEqualTo(28);
            assertThat(talk.told(29)).isEqualTo(2);
        }
    }

    @Test
    void keepAliveProbesAndResetsBeforeTheFirstBytes() {
        Talk talk = new Talk(Way.FOUR, "v2-insecure");
        talk.acknowledges();
        Packet probe = talk.says(0, "?").getFirst();
        assertThat(talk.at(probe)).isEqualTo(-1);
        assertThat(probe.payload()).hasSize(1);
        Packet reset =
                talk.world.receive(WAN, talk.client(Tcp.ACK | Tcp.RST, 1)).getFirst();
        assertThat(talk.at(reset)).isZero();
        assertThat(reset.flags() & Tcp.RST).isNotZero();
    }

    @Test
    void aDamagedSegmentDecidesNothing() {
        Talk talk = new Talk(Way.FOUR, "v2");
        long frame = talk.client(Tcp.ACK, 1)
                .payload(bytes(FORGED))
                .macs(World.WAN_MAC, 1)
                .allocate(Arena.ofAuto());
        int length = talk.client(Tcp.ACK, 1).payload(bytes(FORGED)).length();
        Memory.putByte(frame + length - 1, 'x');
        Burst burst = new Burst();
        burst.add(frame, length);
        Packet passed = talk.world.receive(WAN, burst).getFirst();
        assertThat(passed.isSound()).isFalse();
        assertThat(talk.acknowledges().getFirst().payload()).isEqualTo(talk.header(ProxyVersion.V2));
    }

    @Test
    void withoutABufferTheClientRepeats() {
        Talk talk = new Talk(Way.FOUR, "v2");
        talk.world.buffers = 0;
        assertThat(talk.acknowledges()).isEmpty();
        assertThat(talk.world.dropped()).containsOnlyKeys(DropReason.BUFFERS_EXHAUSTED);
        talk.world.buffers = 64;
        List<Packet> sent = talk.says(1, "GET /");
        assertThat(text(join(sent.stream().map(Packet::payload).toArray(byte[][]::new))))
                .endsWith("GET /");
    }
}
