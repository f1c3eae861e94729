package jdpvs.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;

/** VLAN devices come and go between two configurations. */
class VlanDevicesTest {
    private static final Device DPDK0 = new Device(0, "dpdk0", 0x0200_0000_0101L, 1500, false);
    private static final Device BOND1 = new Device(3, "bond1", 0x0200_0000_0201L, 9000, false);
    private static final Device VLAN = Device.vlan(7, "dpdk0.102", DPDK0, 102);
    private static final int OWN = Ipv4Address.parse("10.0.0.1");
    private static final int NET = Ipv4Address.parse("192.168.0.0");
    private static final int PEER = Ipv4Address.parse("192.168.0.9");

    private final NetworkConfiguration before = NetworkConfiguration.of(List.of(DPDK0, BOND1));

    @Test
    void aVlanDeviceIsItsLinkUnderAnotherName() {
        assertThat(VLAN.macAddress()).isEqualTo(DPDK0.macAddress());
        assertThat(VLAN.mtu()).isEqualTo(1500);
        assertThat(VLAN.isVlan()).isTrue();
        assertThat(DPDK0.isVlan()).isFalse();
    }

    @Test
    void bothWaysAreFound() throws Exception {
        NetworkConfiguration after = before.edit()
                .addVlan(VLAN)
                .addVlan(Device.vlan(8, "lan", BOND1, 102))
                .addVlan(Device.vlan(9, "last", BOND1, 4095))
                .build();
        VlanTable vlans = after.vlans();
        assertThat(List.of(vlans.device(0, 102), vlans.device(3, 102), vlans.device(3, 4095)))
                .containsExactly(7, 8, 9);
        assertThat(List.of(vlans.device(0, 101), vlans.device(1, 102), vlans.device(7, 102), vlans.device(99, 1)))
                .containsOnly(VlanTable.NONE);
        assertThat(List.of(vlans.parent(7), vlans.parent(8), vlans.parent(9))).containsExactly(0, 3, 3);
        assertThat(List.of(vlans.parent(0), vlans.parent(6), vlans.parent(-1), vlans.parent(10)))
                .containsOnly(VlanTable.NONE);
        assertThat(vlans.id(9)).isEqualTo(4095);
        assertThat(List.of(vlans.isTrunk(0), vlans.isTrunk(3), vlans.isTrunk(7), vlans.isTrunk(-1)))
                .containsExactly(true, true, false, false);
        assertThat(before.vlans().isTrunk(0)).isFalse();
    }

    @Test
    void namesAndIdsAreTakenOnce() throws Exception {
        NetworkEditor editor = before.edit().addVlan(VLAN);
        assertThatThrownBy(() -> editor.addVlan(Device.vlan(8, "dpdk0.102", BOND1, 5)))
                .isInstanceOf(NetworkException.class)
                .hasMessage("device dpdk0.102");
        assertThatThrownBy(() -> editor.addVlan(Device.vlan(8, "other", DPDK0, 102)))
                .isInstanceOf(NetworkException.class)
                .hasMessage("VLAN 102 is the device dpdk0.102");
    }

    /** What is on its link, or on another VLAN, stays. */
    @Test
    void whatIsOnADeletedVlanDeviceGoesWithIt() throws Exception {
        Device other = Device.vlan(8, "dpdk0.103", DPDK0, 103);
        NetworkConfiguration after = before.edit()
                .addVlan(VLAN)
                .addVlan(other)
                .addAddress(InterfaceAddress.of(OWN, 24, VLAN, true))
                .addAddress(InterfaceAddress.of(OWN + 1, 24, DPDK0, false))
                .addAddress(InterfaceAddress.of(OWN + 2, 24, other, false))
                .addRoute(RouteRequest.link(NET, 24, VLAN))
                .addNeighbour(Address.ofIpv4(PEER), 0x0200_0000_0009L, VLAN)
                .draining(Map.of(Address.ofIpv4(OWN + 3), VLAN))
                .build();
        assertThat(after.isLocalOn(OWN, VLAN.id())).isTrue();
        assertThat(after.isLocalOn(OWN, DPDK0.id())).isFalse();
        assertThat(after.isLocal(OWN + 3)).isTrue();
        NetworkConfiguration without = after.edit().deleteVlan(VLAN).build();
        assertThat(without.devices()).containsExactly(DPDK0, BOND1, other);
        assertThat(without.addresses()).extracting(InterfaceAddress::device).containsOnly(DPDK0, other);
        assertThat(without.routes()).extracting(Route::device).containsOnly(DPDK0, other);
        assertThat(without.staticNeighbours()).isEmpty();
        assertThat(without.isLocal(OWN)).isFalse();
        assertThat(without.isLocal(OWN + 3)).isFalse();
        assertThat(without.route(PEER)).isNull();
        assertThat(without.vlans().device(0, 102)).isEqualTo(VlanTable.NONE);
        assertThat(without.vlans().device(0, 103)).isEqualTo(8);
        assertThatThrownBy(() -> without.edit().deleteVlan(VLAN)).hasMessage("device dpdk0.102");
    }

    /** Clients of a VLAN come by the queues of its link. */
    @Test
    void flowsOfAVlanBelongToTheWorkersOfItsLink() throws Exception {
        NetworkConfiguration network = before.edit().addVlan(VLAN).build();
        StackFixture fixture = new StackFixture(false);
        fixture.context.network = network;
        fixture.context.queueWorkers(new int[][] {{1}, {0}});
        Arena arena = Arena.global();
        for (int port = 1; port < 50; port++) {
            long frame = PacketBuilder.tcp(PEER, port, OWN, 80).allocate(arena);
            assertThat(fixture.context.workerOfFlow(VLAN.id(), frame + 14, frame + 34))
                    .isEqualTo(1);
        }
    }
}
