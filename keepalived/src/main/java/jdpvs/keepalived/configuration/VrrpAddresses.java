package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.config.BlockValues.Setting;
import jdpvs.config.Messages;
import jdpvs.control.IpAddress;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** Addresses, peers and routes of instances, and those that are there in any case. */
final class VrrpAddresses {
    /** What one advertisement holds at an MTU of 1500 (RFC 5798 §5.1): a count of 8 bits, and 40 + 8 bytes before the IPv6 addresses. */
    private static final int MOST_IPV4 = 255;

    private static final int MOST_IPV6 = (1500 - 40 - 8) / 16;

    private final Messages messages;

    VrrpAddresses(Messages messages) {
        this.messages = messages;
    }

    record Found(List<VirtualAddress> addresses, List<VirtualAddress> excluded) {}

    Found of(Node node, String thing) {
        List<VirtualAddress> addresses = new ArrayList<>();
        List<VirtualAddress> excluded = new ArrayList<>();
        Set<IpAddress> seen = new HashSet<>();
        String device = node.text("dpdk_interface");
        for (Setting entry : node.one("virtual_ipaddress").entries()) {
            VirtualAddress address = address(entry, device);
            boolean otherFamily = !addresses.isEmpty()
                    && addresses.getFirst().address().ipv6()
                            != address.address().ipv6();
            if (otherFamily) {
                messages.error(
                        entry.at(),
                        thing + ": virtual_ipaddress " + address.address()
                                + " is not of the first one's family, it is left out: give it an instance of its own, or"
                                + " put it into virtual_ipaddress_excluded");
            } else if (!seen.add(address.address())) {
                messages.warn(
                        entry.at(), thing + ": " + address.address() + " stands there twice, the first one counts");
            } else if (addresses.size() == (address.address().ipv6() ? MOST_IPV6 : MOST_IPV4)) {
                messages.warn(
                        entry.at(),
                        thing + ": an advertisement has no room for " + address.address()
                                + ", it is taken for one of virtual_ipaddress_excluded");
                excluded.add(address);
            } else {
                addresses.add(address);
            }
        }
        for (Setting entry : node.one("virtual_ipaddress_excluded").entries()) {
            VirtualAddress address = address(entry, device);
            if (seen.add(address.address())) {
                excluded.add(address);
            } else {
                messages.warn(
                        entry.at(), thing + ": " + address.address() + " stands there twice, the first one counts");
            }
        }
        if (!addresses.isEmpty()) {
            linkLocalFirst(node, addresses.getFirst().address());
        }
        return new Found(addresses, excluded);
    }

    private void linkLocalFirst(Node node, IpAddress first) {
        if (first.ipv6() && !Address.isLinkLocal(first.high())) {
            messages.warn(
                    node.one("virtual_ipaddress").at,
                    "the first IPv6 address of virtual_ipaddress should be a link-local one (RFC 5798 §5.2.9), " + first
                            + " is used all the same");
        }
    }

    private VirtualAddress address(Setting entry, @Nullable String device) {
        AddressEntry.Value value = (AddressEntry.Value) entry.value();
        VirtualAddress address = value.address();
        if (value.device() != null && !value.device().equals(device)) {
            messages.notice(
                    entry.at(), "dev " + value.device() + " is ignored: addresses of instances go to dpdk_interface");
        }
        return new VirtualAddress(address.address(), address.prefixLength(), address.scope(), "");
    }

    /** @return null = multicast */
    @Nullable List<IpAddress> peers(Node node, boolean ipv6) {
        if (!node.has("unicast_peer")) {
            return null;
        }
        List<IpAddress> peers = new ArrayList<>();
        for (Setting entry : node.one("unicast_peer").entries()) {
            IpAddress peer = (IpAddress) entry.value();
            if (peer.ipv6() != ipv6) {
                messages.error(entry.at(), "unicast_peer " + peer + " is not of the addresses' family, it is left out");
            } else if (!peers.contains(peer)) {
                peers.add(peer);
            }
        }
        if (peers.isEmpty()) {
            messages.warn(node.one("unicast_peer").at, "unicast_peer names no peer; multicast is used");
            return null;
        }
        return peers;
    }

    List<VirtualRoute> routes(Node node) {
        String device = node.text("dpdk_interface");
        List<VirtualRoute> routes = new ArrayList<>();
        for (Setting entry : node.one("virtual_routes").entries()) {
            add(entry, device, "virtual_routes", routes);
        }
        return routes;
    }

    List<VirtualRoute> staticRoutes(Node root) {
        List<VirtualRoute> routes = new ArrayList<>();
        for (Setting entry : root.one("static_routes").entries()) {
            add(entry, null, "static_routes", routes);
        }
        return routes;
    }

    private void add(Setting entry, @Nullable String device, String block, List<VirtualRoute> into) {
        VirtualRoute route = (VirtualRoute) entry.value();
        String on = route.device() == null ? device : route.device();
        if (on == null) {
            messages.error(
                    entry.at(),
                    block + ": " + route.prefix() + "/" + route.prefixLength()
                            + " names no device, it is left out: write dev and the dpvs device");
            return;
        }
        into.add(new VirtualRoute(
                route.prefix(), route.prefixLength(), route.gateway(), on, route.source(), route.scope()));
    }

    List<VirtualAddress> staticAddresses(Node root) {
        List<VirtualAddress> addresses = new ArrayList<>();
        for (Setting entry : root.one("static_ipaddress").entries()) {
            VirtualAddress address = ((AddressEntry.Value) entry.value()).address();
            if (address.device().isEmpty()) {
                messages.error(
                        entry.at(),
                        "static_ipaddress " + address.address()
                                + " names no device, it is left out: write dev and the dpvs device");
            } else if (!addresses.contains(address)) {
                addresses.add(address);
            }
        }
        return addresses;
    }
}
