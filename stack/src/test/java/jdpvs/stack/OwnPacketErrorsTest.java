package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.VIP;
import static jdpvs.stack.StackFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jdpvs.port.DropReason;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Udp;
import org.junit.jupiter.api.Test;

/** What the stack says of packets that the balancer rewrote. */
class OwnPacketErrorsTest {
    private final StackFixture fixture = new StackFixture(false);
    private final List<String> passedOn = new ArrayList<>();

    OwnPacketErrorsTest() {
        fixture.stack.ownPacketErrors((frame, length) -> passedOn.add(describe(frame, length)));
    }

    private static String describe(long frame, int length) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = ip + Ipv4.MINIMUM_LENGTH;
        int bytes = length - Ethernet.LENGTH - Ipv4.MINIMUM_LENGTH;
        assertThat(Checksum.isIpv4HeaderValid(ip)).isTrue();
        assertThat(Checksum.sum(icmp, bytes)).isEqualTo(0xffff);
        int quoted = IcmpQuote.transportOffset(icmp, bytes);
        return Ipv4Address.format(Ipv4.source(ip)) + ">" + Ipv4Address.format(Ipv4.destination(ip)) + " "
                + Icmp.type(icmp) + "/" + Icmp.code(icmp) + " about "
                + Ipv4Address.format(Ipv4.source(IcmpQuote.ip(icmp))) + ":" + Udp.sourcePort(icmp + quoted);
    }

    @Test
    void aRewrittenPacketThatWaitedInVainIsReportedToTheBalancer() {
        Route route = fixture.context.network.route(ip("10.0.0.9"));
        assertThat(route).isNotNull();
        if (route != null) {
            fixture.output(
                    route, PacketBuilder.udp(VIP, 53, ip("10.0.0.9"), 5000).payload(10));
        }
        for (int second = 0; second < 4; second++) {
            fixture.advance(1000);
        }
        assertThat(passedOn).containsExactly("10.0.0.100>10.0.0.100 3/1 about 10.0.0.100:53");
        assertThat(fixture.drops.get(DropReason.NEIGHBOUR_UNRESOLVED)).isEqualTo(1);
        assertThat(fixture.dropped()).isEqualTo(1);
    }

    @Test
    void whatWasNotRewrittenGoesToItsSenderAsBefore() {
        fixture.know(fixture.wan, CLIENT, CLIENT_MAC);
        fixture.context.network = fixture.context.network.withIpv4Forwarding(true);
        fixture.input(
                fixture.wan,
                StackFixture.fromClient(PacketBuilder.udp(CLIENT, 1, ip("192.168.0.77"), 2))
                        .toBytes());
        List<String> said = new ArrayList<>();
        for (int second = 0; second < 4; second++) {
            said.addAll(fixture.advance(1000));
        }
        assertThat(said).contains("wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 3/1 length 36");
        assertThat(passedOn).isEmpty();
    }

    @Test
    void errorsAreLimited() {
        fixture.know(fixture.wan, CLIENT, CLIENT_MAC);
        for (int i = 0; i < 100; i++) {
            fixture.context.nowMillis = 2_000_000;
            fixture.input(
                    fixture.wan,
                    StackFixture.fromClient(PacketBuilder.udp(CLIENT, 1, VIP, 81))
                            .toBytes());
        }
        assertThat(fixture.drops.get(DropReason.LOCAL_PORT_CLOSED)).isEqualTo(100);
        assertThat(fixture.drops.get(DropReason.REPLY_LIMITED)).isEqualTo(50);
    }
}
