package jdpvs.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** Devices, addresses, routes and neighbours of {@link FakeControl}, in DPVS's listing orders. */
final class FakeNetwork {
    final List<Views.Link> links;
    final List<Views.Address> addresses;
    final List<Views.Route> routes;
    final List<Views.Neighbour> neighbours;
    final boolean refuseIpv6;
    long poolUsed;

    FakeNetwork(List<Views.Link> links, boolean refuseIpv6) {
        this.links = new ArrayList<>(links);
        this.addresses = new ArrayList<>();
        this.routes = new ArrayList<>();
        this.neighbours = new ArrayList<>();
        this.refuseIpv6 = refuseIpv6;
    }

    FakeNetwork(FakeNetwork other) {
        this.links = new ArrayList<>(other.links);
        this.addresses = new ArrayList<>(other.addresses);
        this.routes = new ArrayList<>(other.routes);
        this.neighbours = new ArrayList<>(other.neighbours);
        this.refuseIpv6 = other.refuseIpv6;
        this.poolUsed = other.poolUsed;
    }

    static Views.Link link(int id, String name, String mac) {
        return new Views.Link(
                id,
                name,
                0,
                1500,
                1,
                1,
                true,
                10000,
                true,
                false,
                mac,
                List.of("lldp"),
                List.of("OF_TX_FAST_FREE"),
                "memory",
                id,
                List.of(new Views.QueueBinding("rx0-tx0", "cpu1-cpu1")),
                new Views.LinkCounters(0, 0, 0, 0, 0, 0, 0, 0, 131071, 0),
                null,
                null);
    }

    /** The how-to's bond: two slaves of 10 Gbit/s, fifteen workers and one for the kernel. */
    static Views.Link bond(int id, String name, String mac, Views.Bond bond) {
        return new Views.Link(
                id,
                name,
                0,
                1500,
                15,
                16,
                true,
                20000,
                true,
                true,
                mac,
                List.of(),
                List.of(),
                "bond:"
                        + String.join(
                                ",",
                                bond.slaves().stream().map(Views.Slave::name).toList()),
                id,
                List.of(new Views.QueueBinding("rx0-tx0", "cpu1-cpu1"), new Views.QueueBinding("xx-tx15", "xx-cpu16")),
                new Views.LinkCounters(9, 6, 589, 612, 0, 0, 0, 0, 1048575, 0),
                bond,
                null);
    }

    /** As the daemon makes one: its link's but for name and id; the daemon refuses what is no 802.1q. */
    void add(Change.VlanAdd v) throws ControlException {
        needDevice(v.link());
        String protocol = v.protocol();
        if (protocol != null && !List.of("802.1q", "vlan").contains(protocol)) {
            throw new ControlException(ErrorCode.NOT_SUPPORTED, "VLAN protocol " + protocol);
        }
        String name = v.name() == null ? v.link() + "." + v.id() : v.name();
        if (links.stream().anyMatch(l -> l.name().equals(name))) {
            throw new ControlException(ErrorCode.EXISTS, "device " + name);
        }
        Views.Link link = link(links.size() + 1, name, "02:00:00:00:01:01");
        links.add(with(link, link.counters(), new Views.Vlan(v.link(), "802.1q", v.id())));
    }

    void delete(Change.VlanDelete v) throws ControlException {
        boolean gone = links.removeIf(l -> {
            Views.Vlan vlan = l.vlan();
            return vlan != null
                    && (v.name() == null
                            ? vlan.link().equals(v.link()) && vlan.id() == v.id()
                            : l.name().equals(v.name()));
        });
        if (!gone) {
            throw new ControlException(
                    ErrorCode.NOT_EXIST,
                    v.name() == null ? "VLAN " + v.id() + " on " + v.link() : "device " + v.name());
        }
    }

    void count(int index, Views.LinkCounters counters) {
        links.set(index, with(links.get(index), counters, null));
    }

    private static Views.Link with(Views.Link l, Views.LinkCounters counters, Views.@Nullable Vlan vlan) {
        return new Views.Link(
                l.id(),
                l.name(),
                l.socket(),
                l.mtu(),
                l.receiveQueues(),
                l.transmitQueues(),
                l.up(),
                l.speedMegabits(),
                l.fullDuplex(),
                l.autoNegotiated(),
                l.macAddress(),
                l.flags(),
                l.offloads(),
                l.kind(),
                l.interfaceIndex(),
                l.queues(),
                counters,
                l.bond(),
                vlan);
    }

    void needDevice(String device) throws ControlException {
        if (links.stream().noneMatch(l -> l.name().equals(device))) {
            throw new ControlException(ErrorCode.NOT_EXIST, "device " + device);
        }
    }

    void add(Change.AddressAdd a) throws ControlException {
        needFamily(a.address());
        needDevice(a.device());
        if (find(a.address(), a.device()) != null) {
            throw new ControlException(
                    ErrorCode.EXISTS, "address " + a.address() + "/" + a.prefixLength() + " on " + a.device());
        }
        addresses.addFirst(new Views.Address(
                0,
                a.address(),
                a.prefixLength(),
                a.scope(),
                a.device(),
                a.broadcast(),
                a.validSeconds(),
                a.preferredSeconds(),
                a.pool() ? new Views.Pool(poolUsed, 1032176 - poolUsed, 0) : null,
                false,
                "assigned"));
        IpAddress address = a.address();
        routes.addFirst(new Views.Route(address, address.bits(), null, null, a.device(), 1500, 0, "host", false));
        if (a.prefixLength() < address.bits()) {
            IpAddress prefix = prefix(address, a.prefixLength());
            routes.add(new Views.Route(prefix, a.prefixLength(), null, address, a.device(), 1500, 0, "link", false));
        }
    }

    Views.@Nullable Address find(IpAddress address, String device) {
        return addresses.stream()
                .filter(a -> a.address().equals(address) && a.device().equals(device))
                .findFirst()
                .orElse(null);
    }

    void delete(IpAddress address, String device) throws ControlException {
        needDevice(device);
        Views.Address old = find(address, device);
        if (old == null) {
            throw new ControlException(ErrorCode.NOT_EXIST, "address " + address + " on " + device);
        }
        addresses.remove(old);
        routes.removeIf(r -> (r.scope().equals("host") && r.prefix().equals(address)) || address.equals(r.source()));
    }

    void flush(String device) throws ControlException {
        needDevice(device);
        for (Views.Address address : List.copyOf(addresses)) {
            if (address.device().equals(device)) {
                delete(address.address(), device);
            }
        }
    }

    void add(Change.RouteAdd r) throws ControlException {
        needFamily(r.prefix());
        if (r.device() == null) {
            throw new ControlException(
                    ErrorCode.INVALID, "route " + r.prefix() + "/" + r.prefixLength() + " without dev");
        }
        needDevice(r.device());
        boolean known = routes.stream()
                .anyMatch(o -> o.prefix().equals(r.prefix())
                        && o.prefixLength() == r.prefixLength()
                        && o.device().equals(r.device()));
        if (!known) {
            String scope = r.scope() != null ? r.scope() : r.gateway() != null ? "global" : "link";
            int mtu = r.mtu() == 0 ? 1500 : r.mtu();
            routes.add(new Views.Route(
                    r.prefix(), r.prefixLength(), r.gateway(), r.source(), r.device(), mtu, r.metric(), scope, false));
        }
    }

    void delete(Change.RouteDelete r) {
        routes.removeIf(o -> o.prefix().equals(r.prefix()) && o.prefixLength() == r.prefixLength());
    }

    void add(Change.NeighbourAdd n) throws ControlException {
        needDevice(n.device());
        neighbours.add(new Views.Neighbour(n.address(), n.macAddress(), "REACHABLE", n.device(), 1, true));
    }

    void delete(Change.NeighbourDelete n) throws ControlException {
        if (!neighbours.removeIf(
                o -> o.address().equals(n.address()) && o.device().equals(n.device()))) {
            throw new ControlException(ErrorCode.NOT_EXIST, "neighbour " + n.address() + " on " + n.device());
        }
    }

    /** Hosts first, by the lowest byte, newest first inside one; then networks, the longest prefix first. */
    List<Views.Route> routes(boolean ipv6) {
        Comparator<Views.Route> order = Comparator.comparing(
                        (Views.Route r) -> !r.scope().endsWith("host"))
                .thenComparingLong(r -> r.scope().endsWith("host") ? r.prefix().low() & 255 : 0)
                .thenComparingInt(r -> -r.prefixLength());
        return routes.stream()
                .filter(r -> r.prefix().ipv6() == ipv6)
                .sorted(order)
                .toList();
    }

    private void needFamily(IpAddress address) throws ControlException {
        if (refuseIpv6 && address.ipv6()) {
            throw new ControlException(ErrorCode.NOT_SUPPORTED, "IPv6 (" + address + ")");
        }
    }

    private static IpAddress prefix(IpAddress address, int length) {
        return address.ipv6() ? address : IpAddress.ofIpv4(address.toIpv4() & (int) (-1L << (32 - length)));
    }
}
