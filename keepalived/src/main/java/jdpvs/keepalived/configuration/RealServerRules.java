package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.keepalived.configuration.AddressGroups.Place;
import org.jspecify.annotations.Nullable;

/** Makes the real servers of a virtual server. */
final class RealServerRules {
    private final Context context;
    private final Messages messages;
    private final CheckRules checks;

    RealServerRules(Context context) {
        this.context = context;
        messages = context.messages;
        checks = new CheckRules(context);
    }

    /**
     * What a virtual server is, as far as its servers depend on it.
     *
     * @param name of the virtual server
     * @param written as messages name it
     * @param places at least one, of one family
     */
    record Service(
            Node node,
            String name,
            String written,
            List<Place> places,
            Protocol protocol,
            Forwarding kind,
            @Nullable String proxyProtocol) {

        boolean ipv6() {
            return places.getFirst().address().ipv6();
        }
    }

    static Forwarding forwarding(Node node, String key, Forwarding otherwise) {
        String word = node.text(key);
        return word == null
                ? otherwise
                : switch (word) {
                    case "DR" -> Forwarding.ROUTE;
                    case "TUN" -> Forwarding.TUNNEL;
                    case "FNAT" -> Forwarding.FULLNAT;
                    case "SNAT" -> Forwarding.SNAT;
                    default -> Forwarding.MASQUERADE;
                };
    }

    List<RealServer> of(Service service) {
        List<RealServer> all = new ArrayList<>();
        Set<Endpoint> known = new HashSet<>();
        for (Node node : service.node().all("real_server")) {
            RealServer server = server(service, node, known);
            if (server != null) {
                all.add(server);
            }
        }
        return all;
    }

    private @Nullable RealServer server(Service service, Node node, Set<Endpoint> known) {
        String written = service.written() + ": real_server " + String.join(" ", node.words);
        if (!(new LineType.Place().read(node.words, word -> false).value() instanceof LineType.Place.At place)) {
            messages.error(node.at, written + ": ADDRESS PORT must follow real_server; the server is left out");
            return null;
        }
        Forwarding forwarding = forwarding(node, "lvs_method", service.kind());
        if (forwarding == Forwarding.SNAT) {
            messages.error(
                    node.place("lvs_method"), written + ": dpvs has no SNAT services yet; the server is left out");
            return null;
        }
        Endpoint endpoint = endpoint(service, "real_server", place, forwarding, node.at);
        if (endpoint == null) {
            return null;
        }
        if (!known.add(endpoint)) {
            messages.error(node.at, written + " stands there twice, the first one counts");
            return null;
        }
        Node above = service.node();
        return new RealServer(
                endpoint,
                new ServerOptions(
                        forwarding,
                        node.number("weight", above.number("weight")),
                        node.number("uthreshold"),
                        lowerThreshold(node)),
                node.flag("inhibit_on_failure", above.flag("inhibit_on_failure")),
                checks.of(service, node, endpoint),
                context.commands.of(node, "notify_up"),
                context.commands.of(node, "notify_down"),
                node.flag("smtp_alert", mail(above)));
    }

    private int lowerThreshold(Node node) {
        int upper = node.number("uthreshold");
        int lower = node.number("lthreshold");
        if (lower > upper && upper != 0) {
            messages.warn(
                    node.place("lthreshold"),
                    "lthreshold " + lower + " must not be above uthreshold " + upper + "; 0 is used");
            return 0;
        }
        return lower;
    }

    /** Whether a virtual server's transitions are mailed. */
    boolean mail(Node virtualServer) {
        Node global = context.global;
        boolean common =
                global.flag("smtp_alert_checker", global.flag("smtp_alert")) && !global.flag("no_checker_emails");
        return virtualServer.flag("smtp_alert", common);
    }

    /** @return null when the service cannot have this server */
    @Nullable Endpoint endpoint(Service service, String keyword, LineType.Place.At place, Forwarding forwarding, Location at) {
        String written = service.written() + ": " + keyword + " " + place.address();
        if (service.ipv6() != place.address().ipv6() && (!service.ipv6() || forwarding != Forwarding.FULLNAT)) {
            messages.error(
                    at,
                    written + " is not of the service's family, skipping: "
                            + (service.ipv6()
                                    ? "IPv4 servers of an IPv6 service need lb_kind FNAT"
                                    : "an IPv4 service has IPv4 servers"));
            return null;
        }
        int servicePort = service.places().getFirst().port();
        boolean onePort = service.places().stream().allMatch(each -> each.port() == servicePort);
        boolean translated = forwarding == Forwarding.FULLNAT || forwarding == Forwarding.MASQUERADE;
        int port = place.port() < 0 ? servicePort : place.port();
        if (!translated && onePort && port != servicePort) {
            messages.warn(
                    at,
                    written + ": its port must be the service's, which "
                            + (forwarding == Forwarding.ROUTE ? "DR" : "TUN") + " does not change; " + servicePort
                            + " is used");
            port = servicePort;
        }
        if (place.port() < 0 && forwarding == Forwarding.FULLNAT) {
            messages.warn(at, written + " has no port; " + servicePort + " is used, the service's");
        }
        return new Endpoint(place.address(), port);
    }
}
