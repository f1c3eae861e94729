package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static jdpvs.wire.PacketBuilder.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client's address in a TCP option: on which packets, where, and what gives way to it (facts: behaviour §5.1). */
class ClientAddressTest {
    /** Kind 254, length 8, port 40000, 172.16.0.1. */
    private static final String OPTION = "fe089c40ac100001";

    private static final int SERVER_SEQUENCE = 0xffff_ffff;

    private final World world = World.web();
    private int localPort;

    private static PacketBuilder fromClient(int flags) {
        return tcp(CLIENT, 40000, VIP, 80).flags(flags).acknowledgement(SERVER_SEQUENCE + 1);
    }

    private PacketBuilder fromServer(int flags) {
        return tcp(SERVER_1, 80, LIP, localPort).flags(flags).sequence(SERVER_SEQUENCE);
    }

    private Packet toServer(PacketBuilder packet) {
        Packet sent = world.receive(WAN, packet).getFirst();
        assertThat(sent.isSound()).isTrue();
        return sent;
    }

    private static String options(Packet packet) {
        return HexFormat.of().formatHex(packet.options());
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @BeforeEach
    void shakeHands() {
        Packet syn = toServer(fromClient(Tcp.SYN).options(bytes("020405b4")));
        assertThat(options(syn)).isEqualTo("020405b4");
        localPort = syn.localPort();
        world.receive(LAN, fromServer(Tcp.SYN | Tcp.ACK));
    }

    @Test
    void standsOnTheThirdAckAndOnDataUntilTheServerHasSpoken() {
        assertThat(options(toServer(fromClient(Tcp.ACK)))).isEqualTo(OPTION);
        Packet data = toServer(fromClient(Tcp.ACK | Tcp.PSH).payload("GET / odd"));
        assertThat(options(data)).isEqualTo(OPTION);
        assertThat(data.payload()).asString().isEqualTo("GET / odd");
        assertThat(data.length()).isEqualTo(14 + 20 + 28 + 9);
        assertThat(options(toServer(fromClient(Tcp.ACK).payload("early").acknowledgement(SERVER_SEQUENCE + 2))))
                .as("it acknowledges what was never sent")
                .isEmpty();
        assertThat(options(toServer(fromClient(Tcp.ACK)))).isEqualTo(OPTION);
        world.receive(LAN, fromServer(Tcp.ACK).sequence(SERVER_SEQUENCE + 1).payload(1));
        assertThat(options(toServer(fromClient(Tcp.ACK))))
                .as("nobody knows whether the client has heard the server")
                .isEqualTo(OPTION);
        assertThat(options(toServer(fromClient(Tcp.ACK).payload("again").acknowledgement(SERVER_SEQUENCE + 2))))
                .isEmpty();
        assertThat(options(toServer(fromClient(Tcp.ACK))))
                .as("once the server has spoken")
                .isEmpty();
    }

    @Test
    void standsBeforeOtherOptions() {
        String stamps = "0101080a0000000100000002";
        assertThat(options(toServer(fromClient(Tcp.ACK).options(bytes(stamps)))))
                .isEqualTo(OPTION + stamps);
    }

    @Test
    void isNotOnResetsNorOnWhatTheServerSends() {
        assertThat(options(world.receive(LAN, fromServer(Tcp.ACK)).getFirst())).isEmpty();
        assertThat(options(toServer(fromClient(Tcp.RST | Tcp.ACK)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // what the client sent, what the server gets
        "0101050a00000001000000020101080a0000000100000002010101010101010101010101, true", // no-operations give way
        "fe0801020a0a0a0a080a00000001000000020101010101010101010101010101010101010101, true", // a forged address does
        "fe0801020a0a0a0a, false", // while there is room, it becomes no-operations
    })
    void makesRoom(String sent, boolean pruned) {
        String got = options(toServer(fromClient(Tcp.ACK).options(bytes(sent)).payload(3)));
        assertThat(got).startsWith(OPTION);
        if (pruned) {
            assertThat(got.substring(16)).doesNotContain("fe08").contains("080a0000000100000002");
        } else {
            assertThat(got).isEqualTo(OPTION + "01".repeat(8));
        }
    }

    @Test
    void dropsUnprotectedOptionsBeforeItGivesUp() {
        // Selective acknowledgements of three blocks and time stamps leave 4 bytes.
        String full = "051a" + "00000001".repeat(6) + "080a0000000100000002" + "0101";
        assertThat(options(toServer(fromClient(Tcp.ACK).options(bytes(full)))))
                .isEqualTo(OPTION + "080a0000000100000002" + "0000");
    }

    @Test
    void isTwoSegmentsWhenOneWouldNotFitTheRoute() {
        assertThat(options(toServer(fromClient(Tcp.ACK).payload(1500 - 40 - 8))))
                .isEqualTo(OPTION);
        assertThat(world.balancer.segmentsSplit()).isZero();
        List<Packet> parts = world.receive(WAN, fromClient(Tcp.ACK | Tcp.PSH).payload(1500 - 40 - 7));
        assertThat(parts)
                .hasSize(2)
                .allMatch(Packet::isSound)
                .allMatch(part -> part.totalLength() <= 1500)
                .allMatch(part -> options(part).equals(OPTION));
        assertThat(world.balancer.segmentsSplit()).isEqualTo(1);
        assertThat(world.balancer.optionsWithoutRoom()).isZero();
    }

    @Test
    void goesWithoutWhenThereIsNoBufferForTheSecondSegment() {
        world.buffers = 0;
        assertThat(options(toServer(fromClient(Tcp.ACK).payload(1500 - 40 - 7))))
                .isEmpty();
        assertThat(world.balancer.optionsWithoutRoom()).isEqualTo(1);
    }

    @Test
    void shrinksAPacketWhoseOptionsGiveWay() {
        byte[] noOperations = new byte[20];
        java.util.Arrays.fill(noOperations, (byte) 1);
        Packet sent = toServer(fromClient(Tcp.ACK).options(noOperations).payload(1500 - 60));
        assertThat(options(sent)).isEqualTo(OPTION);
        assertThat(sent.totalLength()).isEqualTo(1500 - 12);
        assertThat(sent.payload()).hasSize(1440);
    }

    @Test
    void keepsPartialChecksumsAndSegments() {
        Packet partial = toServer(fromClient(Tcp.ACK).payload(77).partialChecksum());
        assertThat(options(partial)).isEqualTo(OPTION);
        assertThat(VirtioNetHeader.needsChecksum(partial.frame())).isTrue();
        Packet segments = toServer(fromClient(Tcp.ACK).payload(30_000).segmentSize(1452));
        assertThat(options(segments)).isEqualTo(OPTION);
        assertThat(VirtioNetHeader.segmentSize(segments.frame())).isEqualTo(1452);
        assertThat(VirtioNetHeader.headerLength(segments.frame())).isEqualTo(14 + 20 + 28);
        Packet smaller = toServer(fromClient(Tcp.ACK).payload(30_000).segmentSize(1460));
        assertThat(options(smaller)).isEqualTo(OPTION);
        assertThat(VirtioNetHeader.segmentSize(smaller.frame())).isEqualTo(1452);
        assertThat(smaller.payload()).hasSize(30_000);
    }

    @ParameterizedTest
    @CsvSource({
        "020405b4, 020405ac", //
        "01020405b4000000, 01020405ac000000", // at an odd offset
        "0103030702040005, 0103030702040005", // nothing to take from
        "0402, 04020101", // none: the client assumes 536
    })
    void lowersTheSegmentSizeThatTheServerAnnounces(String announced, String forwarded) {
        Packet synAck = world.receive(LAN, fromServer(Tcp.SYN | Tcp.ACK).options(bytes(announced)))
                .getFirst();
        assertThat(options(synAck)).isEqualTo(forwarded);
        assertThat(synAck.isSound()).isTrue();
        Packet partial = world.receive(
                        LAN,
                        fromServer(Tcp.SYN | Tcp.ACK).options(bytes(announced)).partialChecksum())
                .getFirst();
        assertThat(options(partial)).isEqualTo(forwarded);
        assertThat(partial.isSound()).isTrue();
    }

    @Test
    void malformedOptionsDoNoHarm() {
        byte[] malformed = bytes("02ff05b4" + "01".repeat(32));
        Packet sent = toServer(fromClient(Tcp.ACK).options(malformed));
        assertThat(options(sent)).isEqualTo(OPTION);
    }
}
