package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.daemon.plane.LinkLocalMode.Kind;
import jdpvs.stack.AddressState;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;
import jdpvs.stack.StackSettings;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;

class LinkLocalAddressesTest {
    private static final String SECRET = "000102030405060708090a0b0c0d0e0f";

    private final Device own = new Device(0, "dpdk0", 0x3456_789a_bcdeL, 1500, false);
    private final Device shared = new Device(1, "dpdk1", 0x3456_789a_bcdfL, 1500, true);
    private final NetworkConfiguration network = NetworkConfiguration.of(List.of(own, shared));
    private final LinkLocalAddresses addresses = new LinkLocalAddresses();

    private NetworkConfiguration with(Kind kind, NetworkConfiguration from) {
        return addresses.follow(from, new LinkLocalMode(kind, kind == Kind.STABLE_PRIVACY ? SECRET : null));
    }

    @Test
    void eui64IsTheMacAddressWithItsMiddleFilled() {
        // RFC 4291 appendix A: 34-56-78-9A-BC-DE becomes 36-56-78-FF-FE-9A-BC-DE.
        assertThat(with(Kind.EUI64, network).addresses()).singleElement().satisfies(address -> {
            assertThat(address.address()).hasToString("fe80::3656:78ff:fe9a:bcde");
            assertThat(address.prefixLength()).isEqualTo(64);
            assertThat(address.scope()).isEqualTo("link");
            assertThat(address.device()).isEqualTo(own);
            assertThat(address.automatic()).isTrue();
            assertThat(address.state()).isEqualTo(AddressState.TENTATIVE);
        });
    }

    @Test
    void stableAddressesDependOnSecretAndDeviceOnly() {
        Address one = only(with(Kind.STABLE_PRIVACY, network));
        assertThat(only(with(Kind.STABLE_PRIVACY, network))).isEqualTo(one);
        assertThat(only(with(Kind.EUI64, network))).isNotEqualTo(one);
        assertThat(only(addresses.follow(network, new LinkLocalMode(Kind.STABLE_PRIVACY, SECRET.replace('0', '1')))))
                .isNotEqualTo(one);
        assertThat(one.isLinkLocal()).isTrue();
        Address own = only(addresses.follow(network, new LinkLocalMode(Kind.STABLE_PRIVACY, null)));
        assertThat(only(addresses.follow(network, new LinkLocalMode(Kind.STABLE_PRIVACY, null))))
                .as("this process's secret")
                .isEqualTo(own);
    }

    @Test
    void aChangeOfTheModeReplacesThem() throws NetworkException {
        NetworkConfiguration first =
                with(Kind.EUI64, network.withAddress(InterfaceAddress.of(Address.parse("fe80::5"), 64, own, false)));
        NetworkConfiguration random = with(Kind.RANDOM, first);
        assertThat(random.addresses()).hasSize(2);
        assertThat(only(random)).isNotEqualTo(only(first));
        assertThat(with(Kind.NONE, random).addresses())
                .as("the operator's own stays")
                .extracting(InterfaceAddress::address)
                .containsExactly(Address.parse("fe80::5"));
        NetworkConfiguration off = random.withSettings(StackSettings.DEFAULTS.withIpv6(false, false));
        assertThat(with(Kind.EUI64, off).addresses()).hasSize(1);
    }

    private static Address only(NetworkConfiguration network) {
        return network.addresses().stream()
                .filter(InterfaceAddress::automatic)
                .map(InterfaceAddress::address)
                .reduce((one, other) -> {
                    throw new AssertionError("more than one");
                })
                .orElseThrow();
    }
}
