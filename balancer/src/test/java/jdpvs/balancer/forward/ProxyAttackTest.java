package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.proxy.ProxyVersion;
import org.junit.jupiter.api.Test;

/** Ways in which a client could have a server read a PROXY header of its own making, or harm the balancer: each server reads ours first, or nothing. */
class ProxyAttackTest {
    private static final byte[] FORGED = ProxyStreamTest.of(ProxyVersion.V2, "6.6.6.6", 1, "10.0.96.204", 80);
    private static final byte[] OURS = ProxyStreamTest.of(ProxyVersion.V2, World.CLIENT, 40_000, World.VIP, 80);

    private final Way way = Way.FOUR;
    private final World world = ProxyStreamTest.world(way, "v2");
    private int localPort;
    private int begin;

    private List<Packet> client(int flags, int sequence, int acknowledgement, byte... payload) {
        return world.receive(
                WAN,
                way.fromClient(flags)
                        .sequence(sequence)
                        .acknowledgement(acknowledgement)
                        .payload(payload));
    }

    private List<Packet> server(int flags, int sequence, int acknowledgement) {
        return world.receive(
                LAN, way.fromServer(localPort, flags).sequence(sequence).acknowledgement(acknowledgement));
    }

    private List<Packet> open(int clientFirst, int serverFirst) {
        Packet syn = world.receive(WAN, way.fromClient(Tcp.SYN).sequence(clientFirst - 1))
                .getFirst();
        localPort = syn.localPort();
        begin = Tcp.sequence(syn.transport()) + 1;
        return server(Tcp.SYN | Tcp.ACK, serverFirst - 1, begin);
    }

    /** Up to a page that the client has acknowledged. */
    private void complete() {
        open(1, 501);
        client(Tcp.ACK, 1, 501);
        server(Tcp.ACK, 501, begin + OURS.length);
        client(Tcp.ACK, 1, 501, new byte[] {'h', 'i'});
        world.receive(
                LAN,
                way.fromServer(localPort, Tcp.ACK)
                        .sequence(501)
                        .acknowledgement(begin + OURS.length + 2)
                        .payload("ok"));
        client(Tcp.ACK, 3, 503);
    }

    private int at(Packet packet) {
        return Tcp.sequence(packet.transport()) - begin;
    }

    @Test
    void bytesBeforeTheFirstNeverTakeTheHeadersPlace() {
        open(1, 501);
        client(Tcp.ACK, 1, 501);
        for (int ahead = -60; ahead < 0; ahead++) {
            for (Packet sent : client(Tcp.ACK | Tcp.PSH, 1 + ahead, 501, FORGED)) {
                assertThat(at(sent)).isZero();
                assertThat(sent.payload()).as("ahead %d", ahead).isEqualTo(OURS);
            }
        }
        assertThat(client(Tcp.ACK, 1, 501, new byte[] {'G'}).getLast().payload())
                .isEqualTo(new byte[] {'G'});
        for (int ahead = -60; ahead < 0; ahead++) {
            for (Packet sent : client(Tcp.ACK | Tcp.PSH | Tcp.FIN, 1 + ahead, 501, FORGED)) {
                boolean ours = at(sent) == 0 && Arrays.equals(sent.payload(), OURS);
                assertThat(ours || at(sent) >= OURS.length)
                        .as("ahead %d", ahead)
                        .isTrue();
                assertThat(sent.isSound()).isTrue();
            }
        }
    }

    @Test
    void nothingOfTheClientsHeadersSpoilsTheHeader() {
        open(1, 501);
        Packet header = world.receive(
                        WAN,
                        way.fromClient(Tcp.ACK)
                                .sequence(1)
                                .acknowledgement(501)
                                .ttl(1)
                                .ipOptions(new byte[] {7, 7, 4, 0, 0, 0, 0, 0})
                                .option(19, new int[16]))
                .getFirst();
        assertThat(header.payload()).isEqualTo(OURS);
        assertThat(header.options()).isEmpty();
        assertThat(header.totalLength()).isEqualTo(40 + OURS.length);
        assertThat(header.isSound()).isTrue();
    }

    @Test
    void timestampsStay() {
        open(1, 501);
        Packet header = world.receive(
                        WAN,
                        way.fromClient(Tcp.ACK)
                                .sequence(1)
                                .acknowledgement(501)
                                .window(77)
                                .option(5, 0, 0, 0, 1, 0, 0, 0, 2)
                                .option(8, 0, 0, 0, 9, 0, 0, 0, 7))
                .getFirst();
        assertThat(header.options()).isEqualTo(new byte[] {1, 1, 8, 10, 0, 0, 0, 9, 0, 0, 0, 7});
        assertThat(Tcp.window(header.transport())).isEqualTo(77);
        assertThat(header.isSound()).isTrue();
    }

    @Test
    void longExtensionHeadersFillNoBuffer() {
        World six = ProxyStreamTest.world(Way.SIX, "v2");
        Packet syn = six.receive(WAN, Way.SIX.fromClient(Tcp.SYN).sequence(0)).getFirst();
        six.receive(
                LAN,
                Way.SIX
                        .fromServer(syn.localPort(), Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .acknowledgement(Tcp.sequence(syn.transport()) + 1));
        byte[] options = new byte[2040];
        options[0] = 6;
        options[1] = (byte) 254;
        for (int at = 2; at < options.length; at += 2 + (options[at + 1] & 0xff)) {
            options[at] = 1;
            options[at + 1] = (byte) Math.min(255, options.length - at - 2);
        }
        PacketBuilder acknowledgement = Way.SIX
                .fromClient(Tcp.ACK)
                .sequence(1)
                .acknowledgement(501)
                .extensions(60, options)
                .macs(World.WAN_MAC, 1);
        Burst burst = new Burst();
        Arena arena = Arena.ofAuto();
        burst.add(acknowledgement.allocate(arena), acknowledgement.length());
        VirtioNetHeader.setFragments(burst.address[0], 1232);
        Packet header = six.receive(WAN, burst).getFirst();
        assertThat(header.totalLength()).isEqualTo(40 + 20 + 52);
        assertThat(header.isSound()).isTrue();
    }

    @Test
    void aServerThatHasForgottenGetsNoSecondConnectionWithoutAHeader() {
        complete();
        client(Tcp.ACK | Tcp.FIN, 3, 503);
        client(Tcp.SYN, 3, 0);
        client(Tcp.RST, 4, 0);
        assertThat(open(1_000_000, 9001)).as("the server's SYN").isEmpty();
        assertThat(world.dropped()).containsEntry(DropReason.PROXY_SECOND_LIFE, 1L);
        assertThat(world.balancer.connections().size()).isZero();
        // The client repeats its SYN.
        assertThat(open(1_000_000, 9001)).hasSize(1);
        assertThat(client(Tcp.ACK, 1_000_000, 9001).getFirst().payload()).isEqualTo(OURS);
    }

    @Test
    void aHeaderThatWasLostIsNotForgottenByASecondSyn() {
        open(1, 501);
        client(Tcp.ACK, 1, 501);
        assertThat(open(-100_000, 9001)).isEmpty();
        assertThat(open(-100_000, 9001)).hasSize(1);
        assertThat(client(Tcp.ACK, -100_000, 9001, FORGED).getFirst().payload()).isEqualTo(OURS);
    }

    @Test
    void aSecondSynBeforeTheFirstWasTakenIsNoSecondLife() {
        open(1, 501);
        assertThat(open(7000, 9001)).hasSize(1);
        assertThat(client(Tcp.ACK, 7000, 9001).getFirst().payload()).isEqualTo(OURS);
    }

    @Test
    void theServersNumbersMayBeAny() {
        open(1, 0);
        assertThat(client(Tcp.ACK, 1, 0, FORGED).getFirst().payload()).isEqualTo(OURS);
    }

    @Test
    void aRepeatedSynKeepsItsNumber() {
        open(1, 501);
        client(Tcp.ACK, 1, 501);
        Packet again = client(Tcp.SYN, 0, 0).getFirst();
        assertThat(at(again)).isEqualTo(-1);
        assertThat(again.isSound()).isTrue();
        assertThat(server(Tcp.SYN | Tcp.ACK, 500, begin)).as("its answer").hasSize(1);
        assertThat(client(Tcp.ACK, 1, 501).getFirst().payload()).isEqualTo(OURS);
    }

    @Test
    void aLateSynOfTheServersBringsNoOption() {
        complete();
        server(Tcp.SYN | Tcp.ACK, 500, begin);
        Packet more = client(Tcp.ACK, 3, 501, new byte[] {'m'}).getFirst();
        assertThat(more.options()).isEmpty();
    }

    @Test
    void aResetFollowsTheHeaderThatMayBeLost() {
        open(1, 501);
        client(Tcp.ACK, 1, 501);
        List<Packet> sent = client(Tcp.RST, 1, 0);
        assertThat(sent.getFirst().payload()).isEqualTo(OURS);
        assertThat(Tcp.acknowledgement(sent.getFirst().transport())).isEqualTo(501);
        assertThat(at(sent.getLast())).isEqualTo(OURS.length);
        assertThat(sent.getLast().flags() & Tcp.RST).isNotZero();
    }

    @Test
    void aDamagedAcknowledgementDecidesNothing() {
        open(1, 501);
        client(Tcp.ACK, 1, 501);
        PacketBuilder answer = way.fromServer(localPort, Tcp.ACK)
                .sequence(501)
                .acknowledgement(begin + OURS.length)
                .payload("x")
                .macs(World.LAN_MAC, 1);
        Burst burst = new Burst();
        Arena arena = Arena.ofAuto();
        burst.add(answer.allocate(arena), answer.length());
        Memory.putByte(burst.address[0] + answer.length() - 1, 'y');
        world.receive(LAN, burst);
        assertThat(client(Tcp.ACK, 1, 501, new byte[] {'G'}).getFirst().payload())
                .isEqualTo(OURS);
    }
}
