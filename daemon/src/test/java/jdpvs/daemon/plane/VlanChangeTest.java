package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import jdpvs.stack.StackSettings;
import jdpvs.stack.VlanTable;
import jdpvs.wire.Address;
import jdpvs.wire.PacketBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code dpip vlan} asks of the control plane: dpdk0 is dpvs's alone, dpdk2 is shared with the kernel. */
class VlanChangeTest extends ControlPlaneFixture {
    VlanChangeTest() {
        super(true);
    }

    private static Change.VlanAdd vlan(int id) {
        return new Change.VlanAdd(null, "dpdk0", null, id);
    }

    private Views.Link link(String name) {
        return plane.links().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** As when it is received: a tag without a VLAN is no VLAN's. */
    @ParameterizedTest
    @CsvSource({"0xe066, not-local", "0xe000, not-local", "0xe067, unknown-vlan"})
    void aCaptureWithTagsIsExplained(String control, String reason) throws Exception {
        apply(vlan(0x66));
        byte[] frame = PacketBuilder.udp("10.0.0.1", 1000, "10.0.0.2", 2000)
                .macs(lan.macAddress(), 0x0200_0000_0999L)
                .toBytes();
        ByteBuffer file = ByteBuffer.allocate(100 + frame.length);
        // A pcap file (draft-ietf-opsawg-pcap §4): magic, version 2.4, longest frame, Ethernet; then one packet's time
        // and lengths.
        file.putInt(0xa1b2_c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(1);
        file.putLong(0).putInt(frame.length + 4).putInt(frame.length + 4);
        file.put(frame, 0, 12).putShort((short) 0x8100).putShort((short) (int) Integer.decode(control));
        file.put(frame, 12, frame.length - 12);
        List<String> reasons = new ArrayList<>();
        plane.explain(new ByteArrayInputStream(file.array(), 0, file.position()), explained -> {
            reasons.add(explained.verdict().reason());
            return true;
        });
        assertThat(reasons).containsExactly(reason);
    }

    @Test
    void aVlanDeviceIsListedBehindThePortsAndTakesAddressesAtOnce() throws Exception {
        apply(vlan(102), address("10.0.96.204", "dpdk0.102"), new Change.VlanAdd("servers", "dpdk0", "vlan", 229));
        assertThat(plane.links())
                .extracting(Views.Link::name)
                .containsExactly("dpdk0", "dpdk2", "dpdk0.102", "servers");
        Views.Link link = link("dpdk0.102");
        assertThat(link.id()).isEqualTo(3);
        assertThat(link.up()).isTrue();
        assertThat(link.mtu()).isEqualTo(1500);
        assertThat(link.macAddress()).isEqualTo("02:00:00:00:01:01");
        assertThat(link.vlan()).isEqualTo(new Views.Vlan("dpdk0", "802.1q", 102));
        assertThat(link("dpdk0").vlan()).isNull();
        assertThat(link("servers").vlan()).isEqualTo(new Views.Vlan("dpdk0", "802.1q", 229));
        assertThat(plane.addresses(false)).extracting(Views.Address::device).containsExactly("dpdk0.102");
        // Ports are told of it before the first packet comes.
        assertThat(lan.owned.getLast().all()).containsExactly(Address.parse("10.0.96.204"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | dpdk9 | - | 7 | NOT_EXIST | device dpdk9; the devices are dpdk0, dpdk2, dpdk0.102",
                "- | dpdk0 | - | 0 | INVALID | VLAN id 0 is not 1 to 4095",
                "- | dpdk0 | - | 4096 | INVALID | VLAN id 4096 is not 1 to 4095",
                "- | dpdk0 | 802.1ad | 7 | NOT_SUPPORTED | VLAN protocol 802.1ad (service tags",
                "- | dpdk0 | QinQ | 7 | NOT_SUPPORTED | VLAN protocol QinQ (service tags",
                "- | dpdk0 | vxlan | 7 | INVALID | VLAN protocol 'vxlan' is none; 802.1q is possible",
                "- | dpdk0.102 | - | 7 | NOT_SUPPORTED | device dpdk0.102 is a VLAN device, and a VLAN in a VLAN is not possible",
                "- | dpdk2 | - | 7 | NOT_SUPPORTED | write exclusive instead of share after its packet:IF in dpvs.conf",
                "- | dpdk0 | - | 102 | EXISTS | device dpdk0.102",
                "more | dpdk0 | - | 102 | EXISTS | VLAN 102 is the device dpdk0.102",
                "dpdk2 | dpdk0 | - | 7 | EXISTS | device dpdk2",
                "sixteencharacter | dpdk0 | - | 7 | INVALID | 1 to 15 letters",
                "a b | dpdk0 | - | 7 | INVALID | device name 'a b'",
            })
    void whatCannotBeIsNamed(String name, String linkName, String protocol, int id, ErrorCode code, String sentence)
            throws Exception {
        apply(vlan(102));
        ControlException refused = refusal(new Change.VlanAdd(name, linkName, protocol, id));
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused).hasMessageContaining(sentence);
        assertThat(plane.links()).hasSize(3);
    }

    @Test
    void deletingTakesAddressesAndRoutesAlong() throws Exception {
        apply(
                vlan(102),
                address("10.0.96.204", "dpdk0.102"),
                new Change.RouteAdd(IpAddress.parse("10.0.96.0"), 24, null, "dpdk0.102", null, 0, 0, null),
                address("10.0.96.205", "dpdk0"));
        apply(new Change.VlanDelete("dpdk0.102", null, 0));
        assertThat(plane.links()).hasSize(2);
        assertThat(plane.addresses(false)).extracting(Views.Address::device).containsExactly("dpdk0");
        assertThat(plane.routes(false)).extracting(Views.Route::device).containsExactly("dpdk0");
        assertThat(lan.owned.getLast().all()).containsExactly(Address.parse("10.0.96.205"));
        assertThat(refusal(address("10.0.96.204", "dpdk0.102")).code()).isEqualTo(ErrorCode.NOT_EXIST);
        apply(vlan(7));
        apply(new Change.VlanDelete(null, "dpdk0", 7));
        assertThat(plane.links()).hasSize(2);
    }

    @Test
    void whatIsNotThereCannotBeDeleted() throws Exception {
        apply(vlan(102));
        assertThat(refusal(new Change.VlanDelete("dpdk0.7", null, 0)))
                .hasMessageContaining("device dpdk0.7; the devices are dpdk0, dpdk2, dpdk0.102");
        assertThat(refusal(new Change.VlanDelete("dpdk0", null, 0))).hasMessage("device dpdk0 is no VLAN device");
        assertThat(refusal(new Change.VlanDelete(null, "dpdk0", 7))).hasMessage("VLAN 7 on dpdk0");
        assertThat(refusal(new Change.VlanDelete(null, "dpdk2", 102))).hasMessage("VLAN 102 on dpdk2");
        assertThat(refusal(new Change.VlanDelete(null, null, 102)).code()).isEqualTo(ErrorCode.INVALID);
    }

    /** It could not be taken from the service any more, for its device has no name then. */
    @Test
    void aServicesLocalAddressKeepsItsVlanDevice() throws Exception {
        ServiceKey web = new ServiceKey(Protocol.TCP, IpAddress.parse("10.0.96.204"), 80);
        IpAddress local = IpAddress.parse("192.168.229.204");
        apply(
                vlan(229),
                new Change.ServiceAdd(web, ServiceOptions.of("rr")),
                new Change.LocalAddressAdd(web, local, "dpdk0.229"));
        ControlException refused = refusal(new Change.VlanDelete("dpdk0.229", null, 0));
        assertThat(refused.code()).isEqualTo(ErrorCode.BUSY);
        assertThat(refused).hasMessageContainingAll("dpdk0.229", "192.168.229.204", "ipvsadm --del-laddr");
        apply(new Change.LocalAddressDelete(web, local, "dpdk0.229"), new Change.VlanDelete("dpdk0.229", null, 0));
        assertThat(plane.links()).hasSize(2);
    }

    @Test
    void itsLinkIsItsParentsUnlessAnOperatorSetItDown() throws Exception {
        apply(vlan(102));
        lan.up = false;
        plane.everySecond();
        assertThat(link("dpdk0.102").up()).isFalse();
        lan.up = true;
        plane.everySecond();
        assertThat(link("dpdk0.102").up()).isTrue();
        apply(new Change.LinkSet("dpdk0.102", "link", "down"));
        assertThat(link("dpdk0.102").up()).isFalse();
        assertThat(link("dpdk0").up()).isTrue();
        apply(new Change.LinkSet("dpdk0.102", "link", "up"), new Change.LinkSet("dpdk0", "link", "down"));
        assertThat(link("dpdk0.102").up()).isFalse();
        assertThat(refusal(new Change.LinkSet("dpdk0.102", "promisc", "on")))
                .hasMessageContaining("a VLAN device; it can set link, the rest is dpdk0's");
    }

    @Test
    void thereIsRoomForSoMany() throws Exception {
        List<Change> all = new ArrayList<>();
        for (int id = 1; id <= VlanTable.MOST; id++) {
            all.add(vlan(id));
        }
        plane.apply(all);
        assertThat(refusal(vlan(4000)).code()).isEqualTo(ErrorCode.NO_ROOM);
        apply(new Change.VlanDelete("dpdk0.17", null, 0), vlan(4000));
        assertThat(plane.links()).hasSize(2 + VlanTable.MOST);
        assertThat(plane.links().stream().map(Views.Link::id).distinct()).hasSize(2 + VlanTable.MOST);
    }

    /** What another worker or a waiting packet still has with the old id must not come out in another VLAN. */
    @Test
    void anIdRests() throws Exception {
        apply(vlan(1));
        int id = link("dpdk0.1").id();
        apply(new Change.VlanDelete("dpdk0.1", null, 0));
        apply(vlan(2));
        assertThat(link("dpdk0.2").id()).isNotEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"EUI64", "STABLE_PRIVACY", "RANDOM"})
    void itHasALinkLocalAddressOfItsOwn(LinkLocalMode.Kind kind) throws Exception {
        plane.settings(Timeouts.DEFAULT, StackSettings.DEFAULTS, new LinkLocalMode(kind, null));
        List<IpAddress> before =
                plane.addresses(false).stream().map(Views.Address::address).toList();
        apply(vlan(102));
        List<Views.Address> after = plane.addresses(false);
        assertThat(after)
                .filteredOn(Views.Address::automatic)
                .extracting(Views.Address::device)
                .containsExactlyInAnyOrder("dpdk0", "dpdk0.102");
        assertThat(after)
                .extracting(Views.Address::address)
                .as("the others keep theirs")
                .containsAll(before);
    }
}
