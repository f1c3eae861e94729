package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.IcmpMessages.SHORT;
import static jdpvs.balancer.forward.IcmpMessages.error;
import static jdpvs.balancer.forward.IcmpMessages.fragmentationNeeded;
import static jdpvs.balancer.forward.IcmpMessages.packet;
import static jdpvs.balancer.forward.IcmpMessages.quote;
import static jdpvs.balancer.forward.World.CLIENT;
import static jdpvs.balancer.forward.World.GATEWAY_MAC;
import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.LIP;
import static jdpvs.balancer.forward.World.SERVER_1;
import static jdpvs.balancer.forward.World.SERVER_1_MAC;
import static jdpvs.balancer.forward.World.SERVER_2;
import static jdpvs.balancer.forward.World.VIP;
import static jdpvs.balancer.forward.World.WAN;
import static jdpvs.wire.PacketBuilder.tcp;
import static jdpvs.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.port.FlowHash;
import jdpvs.port.Step;
import jdpvs.port.Witness;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ICMP errors in, ICMP errors out. The packets that come out are compared with what their receiver's own packet, quoted, makes. */
class IcmpTranslatorTest {
    private static final String ROUTER = "203.0.113.7";
    private static final String INNER_ROUTER = "192.168.230.9";

    private final World world = World.web().dnsService();

    /** Both ways of a TCP and of a UDP connection: what was sent, and what it became. */
    private record Flow(
            PacketBuilder sentByClient, PacketBuilder toServer, PacketBuilder sentByServer, PacketBuilder toClient) {}

    /** A sequence number of the first connection's client, as its server sees it. */
    private int atServer(int sequence) {
        return sequence + Memory.getInt(world.balancer.connections().record(0) + Connection.SEQUENCE_DELTA);
    }

    private Flow tcpFlow() {
        int port = FullNatTest.establish(world, 40000);
        return new Flow(
                tcp(CLIENT, 40000, VIP, 80).sequence(101).acknowledgement(502).payload(600),
                tcp(LIP, port, SERVER_1, 80)
                        .sequence(atServer(101))
                        .acknowledgement(502)
                        .payload(600),
                tcp(SERVER_1, 80, LIP, port)
                        .sequence(502)
                        .acknowledgement(atServer(101))
                        .payload(900),
                tcp(VIP, 80, CLIENT, 40000).sequence(502).acknowledgement(101).payload(900));
    }

    private Flow udpFlow() {
        int port = world.receive(WAN, udp(CLIENT, 5000, VIP, 53).payload(20))
                .getFirst()
                .localPort();
        return new Flow(
                udp(CLIENT, 5000, VIP, 53).payload(600),
                udp(LIP, port, SERVER_1, 5353).payload(600),
                udp(SERVER_1, 5353, LIP, port).payload(900),
                udp(VIP, 53, CLIENT, 5000).payload(900));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0, 0",
        "3, 1, 0",
        "3, 3, 0",
        "3, 4, 1400",
        "3, 4, 0",
        "3, 13, 0",
        "4, 0, 0",
        "11, 0, 0",
        "11, 1, 0",
        "12, 0, 0x08000000",
    })
    void everyErrorIsTranslatedBothWays(int type, int code, String word) {
        int rest = Integer.decode(word);
        for (Flow flow : List.of(tcpFlow(), udpFlow())) {
            for (int bytes : new int[] {SHORT, 40, 44, 548, 1200}) {
                Packet toClient = only(LAN, error(INNER_ROUTER, LIP, type, code, rest, quote(flow.toServer, bytes)));
                assertThat(packet(toClient))
                        .isEqualTo(packet(error(VIP, CLIENT, type, code, rest, quote(flow.sentByClient, bytes))));
                assertThat(toClient.device()).isEqualTo(WAN);
                assertThat(toClient.destinationMac()).isEqualTo(GATEWAY_MAC);

                Packet toServer = only(WAN, error(ROUTER, VIP, type, code, rest, quote(flow.toClient, bytes)));
                assertThat(packet(toServer))
                        .isEqualTo(packet(error(LIP, SERVER_1, type, code, rest, quote(flow.sentByServer, bytes))));
                assertThat(toServer.device()).isEqualTo(LAN);
                assertThat(toServer.destinationMac()).isEqualTo(SERVER_1_MAC);
            }
        }
        assertThat(world.dropped()).isEmpty();
    }

    @Test
    void theServersOwnErrorIsTheVips() {
        Flow flow = udpFlow();
        Packet refused = only(LAN, error(SERVER_1, LIP, Icmp.UNREACHABLE, Icmp.PORT, 0, quote(flow.toServer, 548)));
        assertThat(packet(refused))
                .isEqualTo(packet(error(VIP, CLIENT, Icmp.UNREACHABLE, Icmp.PORT, 0, quote(flow.sentByClient, 548))));
    }

    @Test
    void optionsOfBothHeadersAndNoUdpChecksumArePreserved() {
        Flow flow = udpFlow();
        byte[] options = {1, 1, 1, 0};
        byte[] quoted = quote(flow.toServer.ipOptions(options).withoutChecksum(), 100);
        byte[] sent = quote(flow.sentByClient.ipOptions(options).withoutChecksum(), 100);
        Packet toClient = only(LAN, error(INNER_ROUTER, LIP, 11, 0, 0, quoted).ipOptions(options));
        assertThat(packet(toClient))
                .isEqualTo(packet(error(VIP, CLIENT, 11, 0, 0, sent).ipOptions(options)));
    }

    /** RFC 4884: 128 bytes of quote, then a structure with a checksum of its own, here MPLS labels. */
    @Test
    void extensionsAreKept() {
        Flow flow = tcpFlow();
        byte[] extension = {0x20, 0, 1, 2, 0, 8, 1, 1, 5, 6, 7, 8};
        int words = (128 / 4) << 16;
        Packet toClient =
                only(LAN, error(INNER_ROUTER, LIP, 11, 0, words, joined(quote(flow.toServer, 128), extension)));
        assertThat(packet(toClient))
                .isEqualTo(packet(error(VIP, CLIENT, 11, 0, words, joined(quote(flow.sentByClient, 128), extension))));
    }

    @Test
    void shiftedNumbersAreShiftedBack() {
        int port = FullNatTest.establish(world, 40000);
        long in = world.balancer.connections().record(0);
        long out = in + Connection.OUT;
        Memory.putInt(in + Connection.SEQUENCE_DELTA, 0x7000_0000);
        Memory.putInt(in + Connection.ACKNOWLEDGEMENT_DELTA, 0x100);
        Memory.putInt(out + Connection.SEQUENCE_DELTA, -0x100);
        Memory.putInt(out + Connection.ACKNOWLEDGEMENT_DELTA, -0x7000_0000);
        Memory.putInt(out + Connection.LAST_ACKNOWLEDGEMENT, 0x7000_0065);
        PacketBuilder toServer =
                tcp(LIP, port, SERVER_1, 80).sequence(0x7000_0065).acknowledgement(602);
        PacketBuilder byClient = tcp(CLIENT, 40000, VIP, 80).sequence(0x65).acknowledgement(602 - 0x100);
        PacketBuilder toClient = tcp(VIP, 80, CLIENT, 40000).sequence(502).acknowledgement(101);
        PacketBuilder byServer =
                tcp(SERVER_1, 80, LIP, port).sequence(502 + 0x100).acknowledgement(0x7000_0065);

        assertThat(packet(only(LAN, error(INNER_ROUTER, LIP, 11, 0, 0, quote(toServer, 100)))))
                .isEqualTo(packet(error(VIP, CLIENT, 11, 0, 0, quote(byClient, 100))));
        assertThat(packet(only(WAN, error(ROUTER, VIP, 11, 0, 0, quote(toClient, 100)))))
                .isEqualTo(packet(error(LIP, SERVER_1, 11, 0, 0, quote(byServer, 100))));
        Packet brief = only(LAN, error(INNER_ROUTER, LIP, 11, 0, 0, quote(toServer, SHORT)));
        assertThat(packet(brief)).isEqualTo(packet(error(VIP, CLIENT, 11, 0, 0, quote(byClient, SHORT))));
    }

    @Test
    void theClientHearsOfEightBytesLessWhileItsAddressIsDue() {
        Packet syn = world.receive(WAN, FullNatTest.fromClient(40000, Tcp.SYN).sequence(100))
                .getFirst();
        world.receive(
                LAN,
                FullNatTest.fromServer(SERVER_1, syn.localPort(), Tcp.SYN | Tcp.ACK)
                        .sequence(500)
                        .acknowledgement(atServer(101)));
        PacketBuilder toServer =
                tcp(LIP, syn.localPort(), SERVER_1, 80).sequence(atServer(101)).acknowledgement(501);
        PacketBuilder toClient = tcp(VIP, 80, CLIENT, 40000).sequence(501).acknowledgement(101);
        assertThat(mtu(only(LAN, fragmentationNeeded(INNER_ROUTER, LIP, 1400, quote(toServer, 100)))))
                .isEqualTo(1392);
        assertThat(mtu(only(LAN, fragmentationNeeded(INNER_ROUTER, LIP, 68, quote(toServer, 100)))))
                .as("no link carries less")
                .isEqualTo(68);
        assertThat(mtu(only(LAN, fragmentationNeeded(INNER_ROUTER, LIP, 0, quote(toServer, 100)))))
                .as("a router that tells none")
                .isZero();
        assertThat(mtu(only(WAN, fragmentationNeeded(ROUTER, VIP, 1400, quote(toClient, 100)))))
                .as("what the server sends does not grow")
                .isEqualTo(1400);

        world.receive(
                LAN,
                FullNatTest.fromServer(SERVER_1, syn.localPort(), Tcp.ACK)
                        .sequence(501)
                        .acknowledgement(atServer(101))
                        .payload(199));
        world.receive(WAN, FullNatTest.fromClient(40000, Tcp.ACK).sequence(101).acknowledgement(700));
        assertThat(mtu(only(LAN, fragmentationNeeded(INNER_ROUTER, LIP, 1400, quote(toServer, 100)))))
                .isEqualTo(1400);
    }

    @Test
    void theConnectionIsNeitherRefreshedNorChanged() {
        Flow flow = tcpFlow();
        byte[] before = record();
        world.context.nowMillis += 5000;
        only(LAN, error(INNER_ROUTER, LIP, 3, 1, 0, quote(flow.toServer, 548)));
        only(WAN, error(ROUTER, VIP, 3, 1, 0, quote(flow.toClient, 548)));
        assertThat(record()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    unknown connection, to the LIP   | LIP | tcp 9999 SERVER_1 80 | 548 | ICMP_NO_CONNECTION
                    unknown connection, to the VIP   | VIP | tcp 80 CLIENT 9999   | 548 | ICMP_NO_CONNECTION
                    of another server                | LIP | tcp LPORT SERVER_2 80| 548 | ICMP_NO_CONNECTION
                    of another protocol              | LIP | udp LPORT SERVER_1 80| 548 | ICMP_NO_CONNECTION
                    the other way round              | VIP | tcp 40000 CLIENT 80  | 548 | ICMP_NO_CONNECTION
                    less than eight bytes            | LIP | tcp LPORT SERVER_1 80| 27  | BAD_ICMP_QUOTE
                    no IP header                     | LIP | tcp LPORT SERVER_1 80| 19  | BAD_ICMP_QUOTE
                    nothing                          | LIP | tcp LPORT SERVER_1 80| 0   | BAD_ICMP_QUOTE
                    """)
    void whatCannotBeTranslatedIsCounted(String name, String to, String quoted, int bytes, DropReason reason) {
        int localPort = FullNatTest.establish(world, 40000);
        String[] words = quoted.replace("LPORT", "" + localPort).split(" ");
        String source = to.equals("LIP") ? LIP : VIP;
        String destination = switch (words[2]) {
            case "SERVER_1" -> SERVER_1;
            case "SERVER_2" -> SERVER_2;
            default -> CLIENT;
        };
        int sourcePort = Integer.parseInt(words[1]);
        int destinationPort = Integer.parseInt(words[3]);
        PacketBuilder packet = words[0].equals("tcp")
                ? tcp(source, sourcePort, destination, destinationPort)
                : udp(source, sourcePort, destination, destinationPort);
        assertThat(world.receive(to.equals("LIP") ? LAN : WAN, error(ROUTER, source, 3, 1, 0, quote(packet, bytes))))
                .isEmpty();
        assertThat(world.dropped()).as(name).containsExactly(Map.entry(reason, 1L));
    }

    @Test
    void malformedQuotesAreCounted() {
        Flow flow = tcpFlow();
        byte[] good = quote(flow.toServer, 548);
        // Version, header length, total length, offset.
        int[][] damages = {{0, 0x65}, {0, 0x44}, {0, 0x4f}, {6, 0x20, 7, 1}, {2, 0, 3, 27}, {7, 1}, {14, 1}};
        for (int[] damage : damages) {
            byte[] bad = Arrays.copyOf(good, damage[1] == 0x4f ? 60 : good.length);
            for (int i = 0; i < damage.length; i += 2) {
                bad[damage[i]] = (byte) damage[i + 1];
            }
            assertThat(world.receive(LAN, error(INNER_ROUTER, LIP, 3, 1, 0, bad)))
                    .as(Arrays.toString(damage))
                    .isEmpty();
        }
        // A quote that ends, as the message says, before the ports.
        assertThat(world.receive(LAN, error(INNER_ROUTER, LIP, 11, 0, 6 << 16, good)))
                .isEmpty();
        assertThat(world.dropped()).containsExactly(Map.entry(DropReason.BAD_ICMP_QUOTE, damages.length + 1L));
    }

    @Test
    void aWrongChecksumIsCounted() {
        PacketBuilder error = error(INNER_ROUTER, LIP, 3, 1, 0, quote(tcpFlow().toServer, 548));
        byte[] bytes = error.macs(World.LAN_MAC, 1).toBytes();
        bytes[100] ^= 1;
        long frame = world.zeroed(64 + bytes.length) + 64;
        Memory.copyIn(bytes, 0, frame, bytes.length);
        Burst burst = new Burst();
        burst.add(frame, bytes.length);
        assertThat(world.receive(LAN, burst)).isEmpty();
        assertThat(world.dropped()).containsExactly(Map.entry(DropReason.BAD_ICMP_HEADER, 1L));
    }

    /** RFC 5927 §4.1: what was never sent is a forgery. */
    @ParameterizedTest
    @CsvSource({
        "0, true",
        "1, true",
        "1000000, true",
        "0x40000000, true",
        "0x40000001, false",
        "-1, true",
        "-65535, true",
        "-65536, false",
        "0x80000000, false",
    })
    void theQuotedSequenceNumberMustBePlausible(String text, boolean plausible) {
        int ahead = Long.decode(text).intValue();
        int port = FullNatTest.establish(world, 40000);
        PacketBuilder toServer = tcp(LIP, port, SERVER_1, 80).sequence(atServer(101) + ahead);
        PacketBuilder toClient = tcp(VIP, 80, CLIENT, 40000).sequence(502 + ahead);
        int sent = world.receive(LAN, error(INNER_ROUTER, LIP, 3, 1, 0, quote(toServer, 548)))
                        .size()
                + world.receive(WAN, error(ROUTER, VIP, 3, 1, 0, quote(toClient, 548)))
                        .size();
        assertThat(sent).isEqualTo(plausible ? 2 : 0);
        assertThat(world.drops.get(DropReason.BAD_ICMP_QUOTE)).isEqualTo(plausible ? 0 : 2);
    }

    @Test
    void anErrorAboutTheSynPasses() {
        Packet syn = world.receive(WAN, FullNatTest.fromClient(40000, Tcp.SYN).sequence(-5))
                .getFirst();
        PacketBuilder toServer =
                tcp(LIP, syn.localPort(), SERVER_1, 80).flags(Tcp.SYN).sequence(atServer(-5));
        only(LAN, error(INNER_ROUTER, LIP, 3, 1, 0, quote(toServer, 548)));
    }

    @Test
    void otherIcmpIsTheStacks() {
        Flow flow = tcpFlow();
        byte[] quote = quote(flow.toServer, 100);
        // Redirects and echoes, errors to others, and other hosts' frames.
        world.receive(LAN, error(INNER_ROUTER, LIP, Icmp.REDIRECT, 1, 0, quote));
        world.receive(LAN, error(INNER_ROUTER, LIP, Icmp.ECHO_REQUEST, 0, 0, quote));
        world.receive(LAN, error(INNER_ROUTER, "192.168.229.77", 3, 1, 0, quote));
        assertThat(world.localFrames).hasSize(3);
        assertThat(world.dropped()).isEmpty();
    }

    @Test
    void anErrorToALocalAddressGoesToTheWorkerOfItsPortAndNoFurther() {
        World second = new World(1024, 1, 3, Timeouts.DEFAULT).webService();
        for (int port : new int[] {2000, 2001, 2002, 2003}) {
            second.receive(LAN, error(INNER_ROUTER, LIP, 3, 1, 0, quote(tcp(LIP, port, SERVER_1, 80), 100)));
        }
        // 2001 is its own, 2003 nobody's: those end here.
        assertThat(second.handedOver).isEqualTo(Map.of(0, 1, 2, 1));
        assertThat(second.dropped()).containsExactly(Map.entry(DropReason.ICMP_NO_CONNECTION, 2L));
    }

    /** Whatever divides the packets has not looked into the error, which meets the wrong worker: fragments, or a driver that cannot. */
    @Test
    void anErrorToTheVipGoesToTheWorkerOfItsFlowAndNoFurther() {
        World[] workers = {
            new World(1024, 0, 2, Timeouts.DEFAULT).webService(), new World(1024, 1, 2, Timeouts.DEFAULT).webService()
        };
        int[] clients = new int[2];
        for (int port = 40000; port < 40020; port++) {
            int owner = owner(tcp(CLIENT, port, VIP, 80));
            clients[owner]++;
            int localPort = FullNatTest.establish(workers[owner], port);
            byte[] toClient = quote(tcp(VIP, 80, CLIENT, port).sequence(502), 100);
            World wrong = workers[1 - owner];
            int before = wrong.handed.size();
            assertThat(wrong.receive(WAN, fragmentationNeeded(ROUTER, VIP, 1300, toClient)))
                    .isEmpty();
            assertThat(wrong.handed).hasSize(before + 1);
            assertThat(wrong.handedOver).containsOnlyKeys(owner);
            List<Packet> sent = workers[owner].receive(wrong.handed.getLast());
            assertThat(sent).hasSize(1);
            assertThat(mtu(sent.getFirst())).isEqualTo(1300);
            assertThat(sent.getFirst().device()).isEqualTo(LAN);
            assertThat(localPort & 1).isEqualTo(owner);
        }
        assertThat(clients).doesNotContain(0);

        // About what nobody knows: the worker that would know it ends it.
        byte[] unknown = quote(tcp(VIP, 80, CLIENT, 9999), 100);
        World owner = workers[owner(tcp(CLIENT, 9999, VIP, 80))];
        int before = owner.handed.size();
        owner.receive(WAN, error(ROUTER, VIP, 3, 1, 0, unknown));
        byte[] echo = quote(PacketBuilder.echo(VIP, CLIENT, 1, 1), 100);
        workers[0].receive(WAN, error(ROUTER, VIP, 3, 1, 0, echo));
        workers[1].receive(WAN, error(ROUTER, VIP, 3, 1, 0, echo));
        assertThat(owner.handed).hasSize(before);
        assertThat(workers[0].drops.get(DropReason.ICMP_NO_CONNECTION)
                        + workers[1].drops.get(DropReason.ICMP_NO_CONNECTION))
                .isEqualTo(3);
    }

    /** Where a port with two queues sends a packet that is not for a local address. */
    private int owner(PacketBuilder packet) {
        byte[] bytes = packet.toBytes();
        long frame = world.zeroed(64 + bytes.length) + 64;
        Memory.copyIn(bytes, 0, frame, bytes.length);
        return FlowHash.ofFlow(frame + Ethernet.LENGTH, frame + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH, 2);
    }

    @Test
    void anErrorOfOurOwnAboutARewrittenPacketGoesToItsSender() {
        Flow flow = tcpFlow();
        byte[] toServer = quote(flow.toServer, 548);
        passOn(error(LIP, LIP, Icmp.UNREACHABLE, Icmp.HOST, 0, toServer));
        passOn(error(VIP, VIP, Icmp.UNREACHABLE, Icmp.HOST, 0, quote(flow.toClient, 548)));
        assertThat(world.sent)
                .extracting(IcmpMessages::packet)
                .endsWith(
                        packet(error(VIP, CLIENT, 3, 1, 0, quote(flow.sentByClient, 548))),
                        packet(error(LIP, SERVER_1, 3, 1, 0, quote(flow.sentByServer, 548))));
        // Nobody's packet: nobody to tell, and the packet itself has been counted.
        int sent = world.sent.size();
        passOn(error(LIP, LIP, 3, 1, 0, quote(tcp(LIP, 9999, SERVER_1, 80), 100)));
        passOn(error(LIP, LIP, 3, 1, 0, quote(PacketBuilder.echo(LIP, SERVER_1, 1, 1), 100)));
        assertThat(world.sent).hasSize(sent);
        assertThat(world.dropped()).isEmpty();
    }

    @Test
    void aClientWithoutARouteToItsServerIsTold() {
        int before = FullNatTest.establish(world, 40000);
        world.network(network -> network.withoutRoutes(null));
        assertThat(world.receive(WAN, FullNatTest.fromClient(40001, Tcp.SYN))).isEmpty();
        assertThat(world.errors).containsExactly("3/0 0");
        assertThat(world.receive(WAN, FullNatTest.fromClient(40000, Tcp.ACK))).isEmpty();
        assertThat(world.errors).containsExactly("3/0 0", "3/0 0");
        assertThat(world.dropped()).containsExactly(Map.entry(DropReason.NO_ROUTE, 2L));
        // An error about such a packet finds no way either.
        world.receive(
                WAN,
                error(ROUTER, VIP, 3, 1, 0, quote(tcp(VIP, 80, CLIENT, 40000).sequence(502), 100)));
        assertThat(world.drops.get(DropReason.NO_ROUTE)).isEqualTo(3);
        assertThat(before).isPositive();
    }

    @Test
    void stepsAreTold() {
        Flow flow = tcpFlow();
        StringBuilder told = new StringBuilder();
        world.context.witness(new Witness() {
            @Override
            public void received(int device, Burst burst) {}

            @Override
            public void step(Step step, long first, long second, long third) {
                told.append(step)
                        .append(' ')
                        .append(first)
                        .append(' ')
                        .append(second)
                        .append('\n');
            }

            @Override
            public void sent(int device, long frame, int length) {}

            @Override
            public void dropped(DropReason reason) {
                told.append(reason).append('\n');
            }
        });
        world.receive(LAN, error(INNER_ROUTER, LIP, 11, 1, 0, quote(flow.toServer, 548)));
        world.receive(LAN, error(INNER_ROUTER, LIP, 3, 1, 0, quote(tcp(LIP, 9999, SERVER_1, 80), 100)));
        assertThat(told).hasToString("ICMP_TRANSLATED 11 1\nICMP_NO_CONNECTION\n");
    }

    private void passOn(PacketBuilder error) {
        byte[] bytes = error.toBytes();
        long frame = world.zeroed(64 + bytes.length) + 64;
        Memory.copyIn(bytes, 0, frame, bytes.length);
        world.ownPacketErrors.passOn(frame, bytes.length);
    }

    private Packet only(int device, PacketBuilder packet) {
        List<Packet> sent = world.receive(device, packet);
        assertThat(sent).as("%s", world.dropped()).hasSize(1);
        long ip = sent.getFirst().ip();
        assertThat(Checksum.isIpv4HeaderValid(ip)).isTrue();
        return sent.getFirst();
    }

    private byte[] record() {
        byte[] bytes = new byte[Connection.BYTES];
        Memory.copyOut(world.balancer.connections().record(0), bytes, 0, bytes.length);
        return bytes;
    }

    private static int mtu(Packet packet) {
        return Icmp.nextHopMtu(packet.transport());
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
