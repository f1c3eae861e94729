package jdpvs.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import jdpvs.stack.NetworkException.Kind;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4Address;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetworkConfigurationTest {
    private static final Address ANY = Address.ofIpv4(0);
    private static final Device DPDK0 = new Device(0, "dpdk0", 0x0200_0000_0101L, 1500, true);
    private static final Device DPDK1 = new Device(1, "dpdk1", 0x0200_0000_0201L, 1500, true);
    private static final Device DPDK2 = new Device(2, "dpdk2", 0x0200_0000_0301L, 9000, false);
    private static final NetworkConfiguration EMPTY = NetworkConfiguration.of(List.of(DPDK0, DPDK1, DPDK2));

    /** facts/transcript: the same commands in the same order. */
    @Test
    void listsRoutesAndAddressesAsTheTranscriptDoes() throws NetworkException {
        NetworkConfiguration c =
                EMPTY.withAddress(address("10.10.1.100", 32, DPDK0)).withAddress(address("10.10.1.101", 24, DPDK0));
        assertThat(texts(c.addresses(0))).containsExactly("10.10.1.101/24 dpdk0", "10.10.1.100/32 dpdk0");
        c = c.withRoute(RouteRequest.link(ip("10.10.1.0"), 24, DPDK0))
                .withRoute(RouteRequest.link(ip("10.10.2.0"), 24, DPDK1))
                .withRoute(RouteRequest.via(ANY, 0, ip("10.10.1.2"), DPDK0))
                .withRoute(RouteRequest.host(ip("10.10.1.50"), DPDK0, RouteScope.KNI_HOST));
        assertThat(routeTexts(c))
                .containsExactly(
                        "10.10.1.50/32 via 0.0.0.0 src 0.0.0.0 dev dpdk0 mtu 1500 scope KNI_HOST",
                        "10.10.1.100/32 via 0.0.0.0 src 0.0.0.0 dev dpdk0 mtu 1500 scope HOST",
                        "10.10.1.101/32 via 0.0.0.0 src 0.0.0.0 dev dpdk0 mtu 1500 scope HOST",
                        "10.10.1.0/24 via 0.0.0.0 src 10.10.1.101 dev dpdk0 mtu 1500 scope LINK",
                        "10.10.2.0/24 via 0.0.0.0 src 0.0.0.0 dev dpdk1 mtu 1500 scope LINK",
                        "0.0.0.0/0 via 10.10.1.2 src 0.0.0.0 dev dpdk0 mtu 1500 scope GLOBAL");
        c = c.withAddress(address("10.10.2.200", 32, DPDK1))
                .withAddress(address("10.10.2.201", 32, DPDK1))
                .withAddress(address("10.10.2.202", 32, DPDK1));
        assertThat(texts(c.addresses()))
                .containsExactly(
                        "10.10.2.200/32 dpdk1",
                        "10.10.1.101/24 dpdk0",
                        "10.10.2.201/32 dpdk1",
                        "10.10.2.202/32 dpdk1",
                        "10.10.1.100/32 dpdk0");
        c = c.withoutAddresses(DPDK0);
        assertThat(texts(c.addresses()))
                .containsExactly("10.10.2.200/32 dpdk1", "10.10.2.201/32 dpdk1", "10.10.2.202/32 dpdk1");
    }

    /** The how-to, section 1.2. */
    @Test
    void listsRoutesAndAddressesAsTheHowToDoes() throws NetworkException {
        NetworkConfiguration c = EMPTY.withAddress(address("10.0.96.204", 32, DPDK2))
                .withRoute(RouteRequest.link(ip("10.0.96.0"), 24, DPDK2))
                .withRoute(RouteRequest.link(ip("192.168.229.0"), 24, DPDK0))
                .withRoute(RouteRequest.via(ANY, 0, ip("10.0.96.254"), DPDK2))
                .withAddress(InterfaceAddress.of(ip("192.168.229.204"), 32, DPDK0, true));
        assertThat(c.routes().stream().map(r -> Ipv4Address.format(r.prefix().ipv4()) + "/" + r.length()))
                .containsExactly(
                        "192.168.229.204/32", "10.0.96.204/32", "10.0.96.0/24", "192.168.229.0/24", "0.0.0.0/0");
        assertThat(texts(c.addresses())).containsExactly("10.0.96.204/32 dpdk2", "192.168.229.204/32 dpdk0");
        assertThat(c.isLocal(ip("10.0.96.204"))).isTrue();
        assertThat(c.isLocalOn(ip("10.0.96.204"), 2)).isTrue();
        assertThat(c.isLocalOn(ip("10.0.96.204"), 0)).isFalse();
        assertThat(c.isLocal(ip("10.0.96.205"))).isFalse();
    }

    @Test
    void refusesWithTheThingTheReasonAndTheWayOut() throws NetworkException {
        NetworkConfiguration c = EMPTY.withAddress(address("10.0.0.1", 24, DPDK0));
        refused(Kind.EXISTS, "10.0.0.1 on dpdk0; delete it first", () -> c.withAddress(address("10.0.0.1", 24, DPDK0)));
        refused(Kind.EXISTS, "10.0.0.1 on dpdk0; delete it first", () -> c.withAddress(address("10.0.0.1", 32, DPDK1)));
        refused(Kind.NOT_EXIST, "10.0.0.2 on dpdk0", () -> c.withoutAddress(ip("10.0.0.2"), 0, DPDK0));
        refused(Kind.NOT_EXIST, "10.0.0.1/24 is on dpdk0", () -> c.withoutAddress(ip("10.0.0.1"), 0, DPDK1));
        refused(Kind.NOT_EXIST, "10.0.0.1/32 on dpdk0", () -> c.withoutAddress(ip("10.0.0.1"), 32, DPDK0));
        refused(Kind.INVALID, "224.0.0.1", () -> c.withAddress(address("224.0.0.1", 32, DPDK0)));
        refused(Kind.INVALID, "prefix length", () -> c.withAddress(address("10.0.0.9", 33, DPDK0)));
        refused(Kind.NOT_EXIST, "dpdk9", () -> c.device("dpdk9"));
        refused(
                Kind.NOT_EXIST,
                "dpdk9",
                () -> c.withAddress(address("10.0.0.9", 32, new Device(9, "dpdk9", 1, 1500, true))));
        RouteRequest withoutDevice = new RouteRequest(ip("10.0.0.0"), 8, Address.NONE, Address.NONE, null, 0, 0, null);
        refused(Kind.INVALID, "names no device", () -> c.withRoute(withoutDevice));
        refused(Kind.INVALID, "names no device", () -> c.withoutRoute(withoutDevice));
        RouteRequest wide =
                new RouteRequest(ip("10.0.0.0"), 24, Address.NONE, Address.NONE, DPDK0, 0, 0, RouteScope.HOST);
        refused(Kind.INVALID, "must be a /32", () -> c.withRoute(wide));
        RouteRequest kniZero = new RouteRequest(ANY, 32, Address.NONE, Address.NONE, DPDK0, 0, 0, RouteScope.KNI_HOST);
        refused(Kind.INVALID, "must be a /32", () -> c.withRoute(kniZero));
        RouteRequest bigMtu = new RouteRequest(ANY, 0, Address.NONE, Address.NONE, DPDK0, 9000, 0, null);
        refused(Kind.INVALID, "MTU", () -> c.withRoute(bigMtu));
        refused(Kind.INVALID, "gateway", () -> c.withRoute(RouteRequest.via(ANY, 0, ip("255.255.255.255"), DPDK0)));
        refused(Kind.INVALID, "all zero", () -> c.withNeighbour(ip("10.0.0.7"), 0, DPDK0));
        refused(Kind.NOT_EXIST, "10.0.0.7", () -> c.withoutNeighbour(ip("10.0.0.7"), DPDK0));
    }

    @Test
    void routesAddedTwiceOrDeletedInVainChangeNothing() throws NetworkException {
        NetworkConfiguration c = EMPTY.withRoute(RouteRequest.via(ANY, 0, ip("10.0.0.254"), DPDK0));
        NetworkConfiguration again = c.withRoute(RouteRequest.via(ANY, 0, ip("10.0.0.253"), DPDK0));
        assertThat(again.routes()).isEqualTo(c.routes());
        assertThat(again.generation()).isNotEqualTo(c.generation());
        assertThat(c.withoutRoute(RouteRequest.link(ip("10.9.0.0"), 16, DPDK0)).routes())
                .isEqualTo(c.routes());
        assertThat(c.withoutRoute(RouteRequest.via(ANY, 0, ip("10.0.0.253"), DPDK0))
                        .routes())
                .isEqualTo(c.routes());
        assertThat(c.withoutRoute(RouteRequest.link(0, 0, DPDK0)).routes()).isEmpty();
        NetworkConfiguration kni = EMPTY.withRoute(RouteRequest.host(ip("10.0.0.7"), DPDK0, RouteScope.KNI_HOST));
        assertThat(kni.isLocal(ip("10.0.0.7"))).isFalse();
        assertThat(kni.withoutRoute(RouteRequest.link(ip("10.0.0.7"), 32, DPDK0))
                        .routes())
                .isEmpty();
    }

    @Test
    void theKernelsAddressesAreRoutedButNotListed() throws NetworkException {
        Address kernels = ip("10.0.0.7");
        NetworkConfiguration c = EMPTY.withKernelAddresses(Map.of(kernels, DPDK0));
        assertThat(c.routes()).isEmpty();
        assertThat(route(c, ip("10.0.0.7")).scope()).isEqualTo(RouteScope.KNI_HOST);
        assertThat(c.isKernels(kernels.high(), kernels.low())).isTrue();
        assertThat(c.isLocal(kernels)).isFalse();
        refused(Kind.EXISTS, "kernel interface of dpdk0", () -> c.withAddress(address("10.0.0.7", 24, DPDK1)));
        assertThat(c.withoutRoutes(null).isKernels(kernels.high(), kernels.low()))
                .isTrue();
        NetworkConfiguration byHand = c.withRoute(RouteRequest.host(ip("10.0.0.8"), DPDK1, RouteScope.KNI_HOST));
        assertThat(byHand.ofKernel()).containsExactlyInAnyOrder(kernels, ip("10.0.0.8"));
        assertThat(byHand.withKernelAddresses(Map.of()).isKernels(kernels.high(), kernels.low()))
                .isFalse();
    }

    @Test
    void whatDpvsHasFirstStaysItsOwn() throws NetworkException {
        Address both = ip("10.0.0.7");
        NetworkConfiguration c =
                EMPTY.withAddress(address("10.0.0.7", 32, DPDK0)).withKernelAddresses(Map.of(both, DPDK0));
        assertThat(c.isLocal(both)).isTrue();
        assertThat(c.ofKernel()).isEmpty();
        NetworkConfiguration draining =
                c.withoutAddress(ip("10.0.0.7"), 32, DPDK0).withDraining(Map.of(both, DPDK0));
        assertThat(draining.isLocal(both)).isTrue();
        assertThat(draining.ofKernel()).isEmpty();
        assertThat(draining.withDraining(Map.of()).ofKernel()).containsExactly(both);
    }

    @Test
    void anAutomaticAddressIsBoths() throws NetworkException {
        Address linkLocal = Address.parse("fe80::7");
        NetworkConfiguration c = EMPTY.withKernelAddresses(Map.of(linkLocal, DPDK0))
                .withAddress(InterfaceAddress.linkLocal(linkLocal, DPDK0).in(AddressState.ASSIGNED));
        assertThat(c.isLocal(linkLocal)).isTrue();
        assertThat(c.isKernels(linkLocal.high(), linkLocal.low())).isTrue();
        refused(
                Kind.EXISTS,
                "fe80::7",
                () -> c.withoutAddress(linkLocal, 64, DPDK0)
                        .withAddress(InterfaceAddress.of(linkLocal, 64, DPDK0, false)));
    }

    @Test
    void addressTakesItsRoutesAlongAndPassesALinkRouteOn() throws NetworkException {
        NetworkConfiguration c = EMPTY.withAddress(address("10.0.0.1", 24, DPDK0))
                .withAddress(address("10.0.0.2", 24, DPDK0))
                .withAddress(address("10.0.0.3", 0, DPDK0));
        assertThat(route(c, ip("10.0.0.99")).source()).isEqualTo(ip("10.0.0.1"));
        assertThat(Objects.requireNonNull(c.address(ip("10.0.0.3"))).prefixLength())
                .isEqualTo(32);
        NetworkConfiguration one = c.withoutAddress(ip("10.0.0.1"), 24, DPDK0);
        assertThat(route(one, ip("10.0.0.99")).source()).isEqualTo(ip("10.0.0.2"));
        assertThat(one.isLocal(ip("10.0.0.1"))).isFalse();
        NetworkConfiguration none = one.withoutAddress(ip("10.0.0.2"), 0, DPDK0);
        assertThat(none.route(ip("10.0.0.99"))).isNull();
        assertThat(none.isLocal(ip("10.0.0.3"))).isTrue();
        assertThat(c.withoutRoutes(null).isLocal(ip("10.0.0.1"))).isTrue();
        assertThat(c.withoutRoutes(DPDK0).route(ip("10.0.0.99"))).isNull();
        assertThat(c.withoutRoutes(DPDK1).routes()).isEqualTo(c.routes());
    }

    @Test
    void aReplacedDeviceIsSeenByAddressesAndRoutes() throws NetworkException {
        Device bigger = new Device(0, "dpdk0", 0x0200_0000_0102L, 9000, true);
        NetworkConfiguration c = EMPTY.withAddress(address("10.0.0.1", 24, DPDK0))
                .withRoute(new RouteRequest(ANY, 0, ip("10.0.0.254"), Address.NONE, DPDK0, 1400, 0, null))
                .withDevice(bigger);
        assertThat(route(c, ip("10.0.0.9")).device()).isEqualTo(bigger);
        assertThat(route(c, ip("10.0.0.9")).mtu()).isEqualTo(9000);
        assertThat(route(c, ip("1.1.1.1")).mtu()).isEqualTo(1400);
        assertThat(Objects.requireNonNull(c.address(ip("10.0.0.1"))).device()).isEqualTo(bigger);
        assertThat(c.device(0)).isEqualTo(bigger);
    }

    @Test
    void choosesTheOwnAddressNearestToThePeer() throws NetworkException {
        NetworkConfiguration c =
                EMPTY.withAddress(address("10.0.0.1", 24, DPDK0)).withAddress(address("192.168.0.1", 32, DPDK0));
        assertThat(c.sourceAddress(0, ip("192.168.0.77").ipv4()))
                .isEqualTo(ip("192.168.0.1").ipv4());
        assertThat(c.sourceAddress(0, ip("10.0.0.77").ipv4()))
                .isEqualTo(ip("10.0.0.1").ipv4());
        assertThat(c.sourceAddress(1, ip("10.0.0.77").ipv4())).isZero();
    }

    @Test
    void longestPrefixMatchAgreesWithASearchThroughAllRoutes() throws NetworkException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int round = 0; round < 40; round++) {
            NetworkEditor editor = EMPTY.edit();
            // Few bits vary, so that prefixes nest and collide.
            for (int i = random.nextInt(300); i > 0; i--) {
                int prefix = 0x0a000000 | (random.nextInt() & 0x00ff00ff);
                RouteRequest request = switch (random.nextInt(4)) {
                    case 0 -> RouteRequest.host(prefix | 1, DPDK0, RouteScope.HOST);
                    case 1 -> RouteRequest.host(prefix | 1, DPDK1, RouteScope.KNI_HOST);
                    case 2 -> RouteRequest.link(prefix, random.nextInt(33), DPDK1);
                    default -> RouteRequest.via(prefix, random.nextInt(33), 0x0a000001, DPDK2);
                };
                editor.addRoute(request);
            }
            NetworkConfiguration c = editor.build();
            List<Route> all = c.routes();
            for (int i = 0; i < 2_000; i++) {
                int destination = 0x0a000000 | (random.nextInt() & 0x01ff00ff);
                assertThat(c.route(destination)).isEqualTo(reference(all, destination));
            }
        }
    }

    @Test
    void tenThousandStepsOfOneTransactionAreOneBuild() throws NetworkException {
        NetworkEditor editor = EMPTY.edit();
        for (int i = 0; i < 10_000; i++) {
            editor.addAddress(address(Ipv4Address.format(0x0a000001 + i), 32, DPDK0));
            editor.addRoute(RouteRequest.link(0x14000000 + (i << 8), 24, DPDK1));
        }
        NetworkConfiguration c = editor.build();
        assertThat(c.addresses()).hasSize(10_000);
        assertThat(c.isLocal(0x0a000001 + 9_999)).isTrue();
        assertThat(c.isLocal(0x0a000001 + 10_000)).isFalse();
        assertThat(route(c, Address.ofIpv4(0x14000000 + (77 << 8) + 5)).device())
                .isEqualTo(DPDK1);
    }

    /** Host routes (HOST before KNI_HOST) before network routes of any length; among equals the first listed. */
    private static @Nullable Route reference(List<Route> routes, int destination) {
        @Nullable Route best = null;
        for (Route route : routes) {
            boolean matches = (destination & Ipv4Address.mask(route.length()))
                    == route.prefix().ipv4();
            if (matches && (best == null || rank(route) > rank(best))) {
                best = route;
            }
        }
        return best;
    }

    private static Route route(NetworkConfiguration c, Address destination) {
        return Objects.requireNonNull(c.route(destination));
    }

    private static int rank(Route route) {
        return switch (route.scope()) {
            case HOST -> 100;
            case KNI_HOST -> 99;
            default -> route.length();
        };
    }

    private static void refused(Kind kind, String part, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        NetworkException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .hasMessageContaining(part);
    }

    private static InterfaceAddress address(String address, int length, Device device) {
        return InterfaceAddress.of(ip(address), length, device, false);
    }

    private static Address ip(String text) {
        return Address.parse(text);
    }

    private static List<String> texts(List<InterfaceAddress> addresses) {
        List<String> texts = new ArrayList<>();
        for (InterfaceAddress a : addresses) {
            texts.add(Ipv4Address.format(a.address().ipv4()) + "/" + a.prefixLength() + " "
                    + a.device().name());
        }
        return texts;
    }

    private static List<String> routeTexts(NetworkConfiguration c) {
        List<String> texts = new ArrayList<>();
        for (Route r : c.routes()) {
            texts.add(Ipv4Address.format(r.prefix().ipv4()) + "/" + r.length() + " via "
                    + Ipv4Address.format(r.gateway().ipv4())
                    + " src " + Ipv4Address.format(r.source().ipv4()) + " dev "
                    + r.device().name() + " mtu " + r.mtu()
                    + " scope " + r.scope());
        }
        return texts;
    }
}
