package jdpvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class NeighbourDiscoveryTest {
    private static final Address OWN = Address.parse("fe80::1");
    private static final Address TARGET = Address.parse("2001:db8::12:3456");
    private static final long MAC = 0x0200_0000_0a0bL;

    @Test
    void aSolicitationAsItIsWritten() {
        try (Arena arena = Arena.ofConfined()) {
            long ip = arena.allocate(128, 8).address();
            Address group = NeighbourDiscovery.solicitedNode(TARGET.low());
            assertThat(group).hasToString("ff02::1:ff12:3456");
            assertThat(NeighbourDiscovery.groupMac(group.low())).isEqualTo(0x3333_ff12_3456L);
            Ipv6.write(
                    ip, 0, NeighbourDiscovery.LENGTH_WITH_OPTION, Ipv6.ICMP, NeighbourDiscovery.HOP_LIMIT, OWN, group);
            long icmp = ip + Ipv6.LENGTH;
            NeighbourDiscovery.write(ip, icmp, Icmp6.NEIGHBOUR_SOLICITATION, 0, TARGET.high(), TARGET.low(), MAC);
            assertThat(Icmp6.type(icmp)).isEqualTo(135);
            assertThat(Icmp6.sum(ip, icmp, NeighbourDiscovery.LENGTH_WITH_OPTION))
                    .isEqualTo(0xffff);
            assertThat(Address.at(icmp + NeighbourDiscovery.TARGET)).isEqualTo(TARGET);
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, NeighbourDiscovery.LENGTH_WITH_OPTION))
                    .isTrue();
            assertThat(NeighbourDiscovery.linkAddress(icmp, 32, NeighbourDiscovery.SOURCE_LINK_ADDRESS))
                    .isEqualTo(MAC);
            assertThat(NeighbourDiscovery.linkAddress(icmp, 32, NeighbourDiscovery.TARGET_LINK_ADDRESS))
                    .isEqualTo(-1);
        }
    }

    @Test
    void whatIsNotBelieved() {
        try (Arena arena = Arena.ofConfined()) {
            long ip = arena.allocate(128, 8).address();
            long icmp = ip + Ipv6.LENGTH;
            Ipv6.write(ip, 0, 32, Ipv6.ICMP, NeighbourDiscovery.HOP_LIMIT, OWN, NeighbourDiscovery.ALL_NODES);
            NeighbourDiscovery.write(
                    ip,
                    icmp,
                    Icmp6.NEIGHBOUR_ADVERTISEMENT,
                    NeighbourDiscovery.OVERRIDE,
                    TARGET.high(),
                    TARGET.low(),
                    MAC);
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 32)).isTrue();
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 24))
                    .as("without options")
                    .isTrue();
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 23))
                    .as("too short")
                    .isFalse();
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 31))
                    .as("half an option")
                    .isFalse();
            Memory.putByte(icmp + 25, 0);
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 32))
                    .as("an option without length")
                    .isFalse();
            Memory.putByte(icmp + 25, 1);
            Ipv6.setHopLimit(ip, 254);
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 32))
                    .as("from another link")
                    .isFalse();
            Ipv6.setHopLimit(ip, 255);
            Memory.putByte(icmp + NeighbourDiscovery.TARGET, 0xff);
            assertThat(NeighbourDiscovery.isPlausible(ip, icmp, 32))
                    .as("about a group")
                    .isFalse();
        }
    }
}
