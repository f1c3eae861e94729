package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.FullNatTest.establish;
import static jdpvs.balancer.forward.FullNatTest.fromClient;
import static jdpvs.balancer.forward.FullNatTest.fromServer;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.port.DropReason;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose word counts: segments that anybody could have sent change no state (RFC 5961), but are forwarded all the same. */
class HardeningTest {
    private final World world = World.web();

    @ParameterizedTest
    @CsvSource({
        // did the server answer, sender, flags, acknowledgement beyond the server's ISN, state
        "false, client, 16, 1, SYN_RECV", // nobody can acknowledge what was not said
        "true, client, 16, 1, TCP_EST",
        "true, client, 24, 1, TCP_EST",
        "true, client, 16, 0, SYN_RECV",
        "true, client, 16, -70000, SYN_RECV",
        "true, client, 16, 70000, SYN_RECV",
        "true, client, 17, 1, TIME_WAIT", // FIN at once
        "true, client, 17, 12345678, SYN_RECV",
        "true, client, 4, 1, SYN_RECV",
        "false, server, 16, 1, SYN_RECV", // TIME_WAIT's answer to a SYN
        "true, server, 16, 1, SYN_RECV", // its answer to a flood's second SYN
        "false, server, 4, 1, TCP_CLOSE",
        "false, server, 20, 1, TCP_CLOSE", // nobody listens
        "true, server, 20, 1, TCP_CLOSE",
    })
    void whatEndsTheHandshake(boolean answered, String sender, int flags, int beyond, String state) {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN)).getFirst();
        int expected = Tcp.sequence(syn.transport()) + 1;
        int serverIsn = Integer.MAX_VALUE;
        if (answered) {
            world.receive(
                    LAN,
                    fromServer(SERVER_1, syn.localPort(), Tcp.SYN | Tcp.ACK)
                            .sequence(serverIsn)
                            .acknowledgement(expected));
        }
        boolean server = sender.equals("server");
        assertThat(
                        server
                                ? world.receive(
                                        LAN,
                                        fromServer(SERVER_1, syn.localPort(), flags)
                                                .sequence(serverIsn + beyond)
                                                .acknowledgement(expected))
                                : world.receive(
                                        WAN,
                                        fromClient(40000, flags).sequence(1001).acknowledgement(serverIsn + beyond)))
                .hasSize(1)
                .allMatch(Packet::isSound);
        assertThat(world.states()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        // sender, flags, sequence beyond what the other end expects, state
        "client, 4, 0, TCP_CLOSE",
        "client, 20, 5000000, TCP_CLOSE", // much is on its way
        "client, 4, -1000, TCP_CLOSE", // overtaken
        "client, 4, 20000000, TCP_EST",
        "client, 20, -70000, TCP_EST",
        "client, 4, -2147483648, TCP_EST",
        "client, 17, 0, CLOSE_WAIT",
        "client, 17, 1073741824, TCP_EST",
        "server, 4, 0, TCP_CLOSE",
        "server, 20, 5000000, TCP_CLOSE",
        "server, 4, 20000000, TCP_EST",
        "server, 17, 0, FIN_WAIT",
    })
    void whatEndsAConnection(String sender, int flags, int beyond, String state) {
        int localPort = establish(world, 40000);
        boolean server = sender.equals("server");
        // The client's next number is 101, the server's 502.
        assertThat(
                        server
                                ? world.receive(
                                        LAN,
                                        fromServer(SERVER_1, localPort, flags).sequence(502 + beyond))
                                : world.receive(WAN, fromClient(40000, flags).sequence(101 + beyond)))
                .hasSize(1)
                .allMatch(Packet::isSound);
        assertThat(world.states()).isEqualTo(state);
    }

    @Test
    void aServersRefusalReachesTheClientInItsOwnNumbers() {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN).sequence(77)).getFirst();
        Packet refusal = world.receive(
                        LAN,
                        fromServer(SERVER_1, syn.localPort(), Tcp.RST | Tcp.ACK)
                                .sequence(0)
                                .acknowledgement(Tcp.sequence(syn.transport()) + 1))
                .getFirst();
        assertThat(Tcp.acknowledgement(refusal.transport())).isEqualTo(78);
        assertThat(Tcp.sequence(refusal.transport())).isZero();
    }

    /**
     * A client that claims to have heard a server which has said nothing must not get rid of the guard, or the next packet's forged address would be
     * believed: the server takes the address from whichever packet ends the handshake.
     */
    @Test
    void anEarlyAcknowledgementDoesNotLetAForgeryThrough() {
        Packet syn = world.receive(WAN, fromClient(40000, Tcp.SYN).option(254, 1, 2, 10, 9, 9, 9))
                .getFirst();
        assertThat(syn.options()).containsOnly(1);
        world.receive(
                LAN,
                fromServer(SERVER_1, syn.localPort(), Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .acknowledgement(Tcp.sequence(syn.transport()) + 1));
        world.receive(WAN, fromClient(40000, Tcp.ACK).sequence(1001).acknowledgement(502));
        for (int acknowledgement : new int[] {502, 501}) {
            Packet forged = world.receive(
                            WAN,
                            fromClient(40000, Tcp.ACK)
                                    .sequence(1001)
                                    .acknowledgement(acknowledgement)
                                    .option(254, 1, 2, 10, 9, 9, 9))
                    .getFirst();
            byte[] options = forged.options();
            assertThat(forged.isSound()).isTrue();
            if (acknowledgement == 501) {
                assertThat(options)
                        .startsWith(254, 8, 0x9c, 0x40, 172, 16, 0, 1)
                        .endsWith(1, 1, 1, 1, 1, 1, 1, 1);
            } else {
                assertThat(options).containsOnly(1);
            }
        }
    }

    /** Nobody else has an address of dpvs's; a server that is a client of its own service, as in one-arm networks, has its own. */
    @ParameterizedTest
    @CsvSource({
        World.LIP + ", 0, true",
        World.LIP + ", 1, true",
        "192.168.229.205, 0, true",
        "192.168.229.205, 1, true",
        World.SERVER_1 + ", 1, false",
        World.SERVER_2 + ", 0, false",
        "192.168.229.77, 1, false",
    })
    void anAddressOfOursIsNoClient(String source, int device, boolean refused) {
        world.dnsService();
        world.lanAddress(World.address("192.168.229.205"));
        for (int flags : new int[] {Tcp.SYN, Tcp.ACK}) {
            world.receive(
                    device, PacketBuilder.tcp(source, 40000, World.VIP, 80).flags(flags));
        }
        world.receive(device, PacketBuilder.udp(source, 40000, World.VIP, 53).payload(20));
        assertThat(world.balancer.connections().size()).isEqualTo(refused ? 0 : 2);
        assertThat(world.sent).hasSize(refused ? 0 : 3);
        assertThat(world.drops.get(DropReason.BAD_IP_HEADER)).isEqualTo(refused ? 3 : 0);
        assertThat(world.dropped()).hasSize(refused ? 1 : 0);
        assertThat(world.localFrames).isEmpty();
    }
}
