package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import jdpvs.config.Messages;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.AddressGroups.Place;
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;
import jdpvs.keepalived.configuration.VirtualServer.SorryServer;
import org.jspecify.annotations.Nullable;

/** Makes the virtual servers (facts: config §10.3 and §11.5). */
final class ServerRules {
    private final Context context;
    private final Messages messages;
    private final AddressGroups groups;
    private final ServiceRules options;
    private final RealServerRules servers;
    private final Map<ServiceKey, String> owners = new HashMap<>();

    ServerRules(Context context) {
        this.context = context;
        messages = context.messages;
        groups = new AddressGroups(context);
        options = new ServiceRules(messages);
        servers = new RealServerRules(context);
    }

    List<VirtualServer> all() {
        List<VirtualServer> all = new ArrayList<>();
        for (Node node : context.root.all("virtual_server")) {
            VirtualServer server = server(node);
            if (server != null) {
                all.add(server);
            }
        }
        return all;
    }

    private void leftOut(Node node, String why) {
        messages.error(node.at, written(node) + ": " + why + "; the service is left out");
    }

    private static String written(Node node) {
        return "virtual_server " + String.join(" ", node.words);
    }

    private @Nullable List<Place> places(Node node) {
        switch (node.name()) {
            case "match" -> leftOut(node, "dpvs has no SNAT services yet");
            case "fwmark" -> leftOut(node, "dpvs has no services by mark");
            case "group" -> {
                if (node.words.size() < 2) {
                    leftOut(node, "the group's name is missing");
                    return null;
                }
                List<Place> places = groups.services(node.words.get(1));
                if (places == null) {
                    leftOut(node, "there is no virtual_server_group " + Messages.quote(node.words.get(1)));
                } else if (places.isEmpty()) {
                    leftOut(node, "virtual_server_group " + Messages.quote(node.words.get(1)) + " is empty");
                } else {
                    return places;
                }
            }
            default -> {
                if (new LineType.Place().read(node.words, word -> false).value() instanceof LineType.Place.At value) {
                    return List.of(new Place(value.address(), Math.max(0, value.port())));
                }
                leftOut(node, "ADDRESS PORT or group NAME must follow virtual_server");
            }
        }
        return null;
    }

    private @Nullable VirtualServer server(Node node) {
        List<Place> places = places(node);
        if (places == null) {
            return null;
        }
        Protocol protocol = protocol(node, places.getFirst().address());
        if (protocol == null) {
            return null;
        }
        List<ServiceKey> keys = places.stream()
                .map(place -> new ServiceKey(protocol, place.address(), place.port()))
                .toList();
        String name = node.name().equals("group")
                ? groupName(node.words.get(1), protocol)
                : "[" + places.getFirst().address() + "]:" + protocol.name().toLowerCase(Locale.ROOT) + ":"
                        + places.getFirst().port();
        Forwarding kind = RealServerRules.forwarding(node, "lb_kind", Forwarding.MASQUERADE);
        if (kind == Forwarding.SNAT) {
            leftOut(node, "dpvs has no SNAT services yet, lb_kind SNAT cannot be");
            return null;
        }
        if (taken(node, keys)) {
            return null;
        }
        List<String> unsupported = new ArrayList<>();
        if (!list(node, "daddr_group_name", "deny_address_group", "deny list", unsupported)
                || !list(node, "waddr_group_name", "allow_address_group", "allow list", unsupported)) {
            return null;
        }
        RealServerRules.Service service = new RealServerRules.Service(
                node, name, written(node), places, protocol, kind, node.text("proxy_protocol"));
        List<RealServer> real = servers.of(service);
        SorryServer sorry = sorry(service);
        if (real.isEmpty() && sorry == null) {
            messages.error(node.at, "Virtual server " + name + " has no real servers - ignoring");
            return null;
        }
        List<LocalAddress> local = local(service, real, sorry);
        if (local == null || !context.first("virtual_server " + name, node.at)) {
            return null;
        }
        keys.forEach(key -> owners.put(key, written(node)));
        long sum = real.stream().mapToLong(each -> each.options().weight()).sum();
        long quorum = quorum(node, real, sum);
        return new VirtualServer(
                name,
                keys,
                options.of(node, protocol, places),
                local,
                real,
                unsupported,
                quorum,
                hysteresis(node, quorum),
                context.commands.of(node, "quorum_up"),
                context.commands.of(node, "quorum_down"),
                sorry,
                node.flag("ha_suspend"),
                node.flag("omega"),
                servers.mail(node));
    }

    /** A group may have a virtual_server for TCP and one for UDP. */
    private String groupName(String group, Protocol protocol) {
        return context.has("virtual_server " + group)
                ? group + ":" + protocol.name().toLowerCase(Locale.ROOT)
                : group;
    }

    private @Nullable Protocol protocol(Node node, IpAddress address) {
        Protocol protocol = Protocol.valueOf(Objects.requireNonNullElse(node.text("protocol"), "UDP"));
        if (!node.isSet("protocol")) {
            messages.notice(node.at, written(node) + ": protocol is not written, which means UDP");
        }
        if (protocol == (address.ipv6() ? Protocol.ICMP : Protocol.ICMPV6)) {
            leftOut(node, "protocol " + protocol.listed() + " is not of the address's family");
            return null;
        }
        return protocol;
    }

    private boolean taken(Node node, List<ServiceKey> keys) {
        for (ServiceKey key : keys) {
            String owner = owners.get(key);
            if (owner != null) {
                leftOut(node, key + " is of " + owner + " already");
                return true;
            }
        }
        return false;
    }

    /** @return false when there is no such group, which would serve whom nobody wants to serve */
    private boolean list(Node node, String key, String kind, String words, List<String> unsupported) {
        String group = node.text(key);
        if (group == null) {
            return true;
        }
        Boolean names = groups.names(kind, group);
        if (names == null) {
            leftOut(node, "there is no " + kind + " " + Messages.quote(group));
            return false;
        }
        if (names) {
            unsupported.add(words);
        }
        return true;
    }

    private @Nullable SorryServer sorry(RealServerRules.Service service) {
        LineType.Place.At place = service.node().value("sorry_server", LineType.Place.At.class);
        if (place == null) {
            return null;
        }
        Forwarding forwarding = RealServerRules.forwarding(service.node(), "sorry_server_lvs_method", service.kind());
        Endpoint endpoint = servers.endpoint(
                service, "sorry_server", place, forwarding, service.node().place("sorry_server"));
        return endpoint == null
                ? null
                : new SorryServer(
                        endpoint,
                        new ServerOptions(forwarding, 1, 0, 0),
                        service.node().flag("sorry_server_inhibit"));
    }

    /** Those of the families that full NAT leads to; null when the service cannot be. */
    private @Nullable List<LocalAddress> local(
            RealServerRules.Service service, List<RealServer> real, @Nullable SorryServer sorry) {
        Node node = service.node();
        String group = node.text("laddr_group_name");
        List<IpAddress> reached = new ArrayList<>();
        for (RealServer server : real) {
            if (server.options().forwarding() == Forwarding.FULLNAT) {
                reached.add(server.endpoint().address());
            }
        }
        if (sorry != null && sorry.options().forwarding() == Forwarding.FULLNAT) {
            reached.add(sorry.endpoint().address());
        }
        if (group == null) {
            if (!reached.isEmpty()) {
                messages.warn(
                        node.at, service.written() + ": laddr_group_name is missing: full NAT needs local addresses");
            }
            return List.of();
        }
        List<LocalAddress> all = groups.local(group);
        if (all == null || all.isEmpty()) {
            leftOut(
                    node,
                    "No address in group " + group + (all == null ? ", for there is no such local_address_group" : ""));
            return null;
        }
        if (reached.isEmpty()) {
            messages.notice(
                    node.place("laddr_group_name"), "laddr_group_name means nothing without FNAT; it is ignored");
            return List.of();
        }
        List<LocalAddress> fitting = all.stream()
                .filter(address -> reached.stream()
                        .anyMatch(each -> each.ipv6() == address.address().ipv6()))
                .toList();
        if (fitting.isEmpty()) {
            leftOut(node, "local_address_group " + group + " has no address of the real servers' family");
            return null;
        }
        return fitting;
    }

    private long quorum(Node node, List<RealServer> real, long sum) {
        int quorum = node.number("quorum");
        if (real.isEmpty() || quorum <= Math.max(1, sum)) {
            return quorum;
        }
        messages.warn(
                node.place("quorum"),
                written(node) + ": quorum " + quorum + " is more than the real servers' weights together; "
                        + Math.max(1, sum) + " is used");
        return Math.max(1, sum);
    }

    private long hysteresis(Node node, long quorum) {
        int hysteresis = node.number("hysteresis");
        if (hysteresis < quorum) {
            return hysteresis;
        }
        messages.warn(
                node.place("hysteresis"),
                written(node) + ": hysteresis " + hysteresis + " must be less than the quorum; " + (quorum - 1)
                        + " is used");
        return quorum - 1;
    }
}
