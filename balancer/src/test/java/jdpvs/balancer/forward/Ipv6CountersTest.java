package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import jdpvs.port.Burst;
import jdpvs.stack.Ipv6Counter;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What balanced packets count as: received and delivered where they come as IPv6, requested and sent where they leave as IPv6. What leaves through the stack is counted by the
 * stack, which is not here; so connections are opened before the counting.
 */
class Ipv6CountersTest {
    /** Counters that are not 0, ECN's apart. */
    private static String counted(World world) {
        return Arrays.stream(Ipv6Counter.values())
                .filter(counter -> counter.compareTo(Ipv6Counter.IN_NO_ECT_PKTS) < 0)
                .filter(counter -> world.context.ipv6.get(counter) != 0)
                .map(counter -> counter.label() + " " + world.context.ipv6.get(counter))
                .collect(Collectors.joining(", "));
    }

    /** Forgets what was counted. */
    private static void zero(World world) {
        for (Ipv6Counter counter : Ipv6Counter.values()) {
            world.context.ipv6.add(counter, -world.context.ipv6.get(counter));
        }
    }

    private static World opened(Way way) {
        World world = way.world();
        world.receive(WAN, way.datagram());
        zero(world);
        return world;
    }

    private static PacketBuilder segments(PacketBuilder segment, int acknowledgement) {
        return segment.sequence(101)
                .acknowledgement(acknowledgement)
                .payload(2500)
                .fragment(Ipv4.DONT_FRAGMENT)
                .segmentSize(1000);
    }

    /** Datagrams of 100 bytes of payload in two bursts, three up and one down. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                SIX   | InReceives 4, InOctets 592, InDelivers 4, OutRequests 4, OutOctets 592
                NAT64 | InReceives 3, InOctets 444, InDelivers 3, OutRequests 1, OutOctets 148
                NAT46 | InReceives 1, InOctets 148, InDelivers 1, OutRequests 3, OutOctets 444
                FOUR  | ''
                """)
    void ordinaryDatagrams(Way way, String counted) {
        World world = opened(way);
        PacketBuilder up = way.datagram().payload(100);
        int port = world.receive(WAN, up, up, up).getFirst().localPort();
        world.receive(LAN, way.answer(port).payload(100));
        assertThat(world.sent).hasSize(5);
        assertThat(counted(world)).isEqualTo(counted);
    }

    /** One frame of three segments with 2,500 bytes among them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                SIX   | InReceives 3, InOctets 2680, InDelivers 3, OutRequests 3, OutOctets 2680
                NAT64 | InReceives 3, InOctets 2680, InDelivers 3
                NAT46 | OutRequests 3, OutOctets 2680
                FOUR  | ''
                """)
    void segmentedFramesCountTheirSegments(Way way, String counted) {
        World world = way.world();
        way.establish(world);
        zero(world);
        assertThat(world.receive(WAN, segments(way.fromClient(Tcp.ACK), 502))).hasSize(1);
        assertThat(counted(world)).isEqualTo(counted);
    }

    /** What the balancer itself does not want was delivered to it all the same; what is not its own goes to the stack, uncounted here. */
    @Test
    void whatIsNotBalanced() {
        World world = Way.SIX.world();
        world.receive(WAN, Way.SIX.fromClient(Tcp.ACK));
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 60, InDelivers 1");
        zero(world);
        world.receive(WAN, PacketBuilder.tcp(World.LIP_6, 1, World.VIP_6, 80).flags(Tcp.SYN));
        assertThat(counted(world))
                .as("nobody speaks with our address")
                .isEqualTo("InReceives 1, InOctets 60, InHdrErrors 1");
        zero(world);
        world.receive(WAN, PacketBuilder.udp(World.CLIENT_6, 1, World.VIP_6, 9));
        assertThat(world.localFrames).hasSize(1);
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 48");
    }

    @Test
    void fragmentsAreReceivedOnceAndDeliveredTogether() {
        World world = opened(Way.SIX);
        byte[] single = {17, 0, 0, 0, 0, 0, 0, 1};
        world.receive(WAN, Way.SIX.datagram().payload(100).extensions(Ipv6.FRAGMENT, single));
        assertThat(world.outputs)
                .as("it may be cut, so it leaves through the stack")
                .isOne();
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 156, InDelivers 1, ReasmReqds 1, ReasmOKs 1");
        zero(world);
        byte[] nested = {44, 0, 0, 0, 0, 0, 0, 1, 17, 0, 0, 0, 0, 0, 0, 2};
        world.receive(WAN, Way.SIX.datagram().payload(100).extensions(Ipv6.FRAGMENT, nested));
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 164, InHdrErrors 1, ReasmReqds 1, ReasmOKs 1");
    }

    @Test
    void whatDoesNotFitTheServersLinkFails() {
        World world = opened(Way.SIX);
        world.receive(WAN, Way.SIX.datagram().payload(1453));
        assertThat(world.errors).containsExactly("2/0 1500");
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 1501, InDelivers 1, OutRequests 1, FragFails 1");
    }

    @Test
    void withoutARouteToTheServer() {
        World world = Way.SIX.world();
        world.network(network -> network.edit().flushRoutes(true, null).build());
        world.receive(WAN, PacketBuilder.udp("2408::2", 5353, World.VIP_6, 53));
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 48, InDelivers 1, OutRequests 1, OutNoRoutes 1");
    }

    /** An error about a packet that went to a server is ICMPv6's, whether somebody can use it or not. */
    @Test
    void errorsAreDelivered() {
        World world = opened(Way.SIX);
        byte[] nothingKnown =
                PacketBuilder.udp(World.VIP_6, 1, World.CLIENT_6, 2).toBytes();
        world.receive(
                WAN,
                PacketBuilder.echo(Address.parse("2001:db8:96::9"), Address.parse(World.VIP_6), 0, 0)
                        .icmp(1, 0)
                        .payload(Arrays.copyOfRange(nothingKnown, 14, nothingKnown.length)));
        assertThat(counted(world)).isEqualTo("InReceives 1, InOctets 96, InDelivers 1");
    }

    /** Another worker has received it. */
    @Test
    void whatWasHandedOverIsNotReceivedAgain() {
        World world = opened(Way.SIX);
        Burst burst = new Burst();
        PacketBuilder datagram = Way.SIX.datagram().macs(World.WAN_MAC, 0x0200_0000_0001L);
        long frame = world.zeroed(256) + 64;
        burst.add(frame, datagram.writeWithHeader(frame));
        world.balancer.process(burst, WAN, false);
        assertThat(counted(world)).isEqualTo("InDelivers 1, OutRequests 1, OutOctets 48");
    }
}
