package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Endpoint;
import jdpvs.control.ErrorCode;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services, servers and local addresses as transactions. */
class ServiceChangeTest extends ControlPlaneFixture {
    ServiceChangeTest() {
        super(false);
    }

    @ParameterizedTest
    @EnumSource(value = Forwarding.class, mode = EnumSource.Mode.EXCLUDE, names = "FULLNAT")
    void otherForwardingIsRefused(Forwarding forwarding) throws ControlException {
        howTo();
        ServerOptions options = new ServerOptions(forwarding, 1, 0, 0);
        Change add = new Change.ServerAdd(WEB, new Endpoint(ip("192.168.229.7"), 80), options);
        assertThat(refusal(add).code()).isEqualTo(ErrorCode.NOT_SUPPORTED);
    }

    @Test
    void aLocalAddressComesToItsDeviceAndLeavesWithItsLastService() throws ControlException {
        howTo();
        ServiceKey other = new ServiceKey(Protocol.UDP, ip("10.0.96.204"), 53);
        IpAddress lip = ip("192.168.229.204");
        apply(new Change.ServiceAdd(other, ServiceOptions.of("wlc")), new Change.LocalAddressAdd(other, lip, "dpdk0"));
        apply(new Change.LocalAddressDelete(WEB, lip, "dpdk0"));
        assertThat(plane.addresses(false)).extracting(Views.Address::address).contains(lip);
        apply(new Change.LocalAddressDelete(other, lip, "dpdk0"));
        assertThat(plane.addresses(false)).extracting(Views.Address::address).doesNotContain(lip);
    }

    @Test
    void anAddressThatIsAlreadyThereMayBecomeLocal() throws ControlException {
        apply(address("192.168.229.204", "dpdk0"), service(), local("192.168.229.204"));
        assertThat(plane.addresses(false)).hasSize(1);
        assertThat(plane.addresses(false).getFirst().pool()).isNotNull();
    }

    @Test
    void aLocalAddressIsOnOneDevice() throws ControlException {
        howTo();
        IpAddress lip = ip("192.168.229.204");
        assertThat(refusal(new Change.LocalAddressDelete(WEB, lip, "dpdk2")))
                .hasMessage("local address 192.168.229.204 on dpdk2; it is on another device")
                .extracting(ControlException::code)
                .isEqualTo(ErrorCode.NOT_EXIST);
        assertThat(listed().localAddresses()).hasSize(1);
        apply(address("192.168.229.205", "dpdk2"));
        ControlException elsewhere = refusal(local("192.168.229.205"));
        assertThat(elsewhere.code()).isEqualTo(ErrorCode.EXISTS);
        assertThat(elsewhere).hasMessageContaining("192.168.229.205 on dpdk2");
        assertThat(listed().localAddresses()).hasSize(1);
    }

    @Test
    void aVirtualAddressStaysWhenItNoLongerIsLocal() throws ControlException {
        howTo();
        IpAddress both = ip("10.0.96.204");
        apply(new Change.LocalAddressAdd(WEB, both, "dpdk2"));
        apply(new Change.LocalAddressDelete(WEB, both, "dpdk2"));
        assertThat(plane.addresses(false)).extracting(Views.Address::address).contains(both);
    }

    @Test
    void clearKeepsAddresses() throws ControlException {
        howTo();
        apply(new Change.ServiceClear());
        assertThat(plane.services()).isEmpty();
        assertThat(plane.addresses(false)).hasSize(2);
    }

    @Test
    void manyServersInOneTransaction() throws ControlException {
        List<Change> changes = new ArrayList<>(List.of(service()));
        for (int i = 0; i < LIMITS.servers(); i++) {
            changes.add(server("192.168.229." + i));
        }
        changes.removeIf(c -> c instanceof Change.ServerAdd add
                && Set.of(0L, 255L).contains(add.server().address().low() & 0xff));
        plane.apply(changes);
        assertThat(listed().servers()).hasSizeGreaterThanOrEqualTo(254);
    }
}
