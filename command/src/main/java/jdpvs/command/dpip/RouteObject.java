package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code dpip route} (facts: cli §3.2). */
final class RouteObject implements DpipObject {
    /** {@code tos} and {@code proto} are taken and have no meaning. */
    private static final Set<String> KEYWORDS = Set.of("via", "dev", "src", "mtu", "metric", "scope", "tos", "proto");

    private static final Set<String> SCOPES = Set.of("host", "kni_host", "link", "global");

    @Override
    public String help() {
        return DpipHelp.ROUTE;
    }

    @Override
    public void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, ControlException, IOException {
        Arguments arguments = Arguments.parse(line.family(), words, KEYWORDS, Set.of("local", "onlink"));
        switch (command) {
            case "show" -> show(line, arguments, console);
            case "flush" -> {
                arguments.noPositional();
                DpipObject.apply(console, new Change.RouteFlush(line.family() == Family.INET6, arguments.get("dev")));
            }
            case "add", "del" -> change(command.equals("add"), line, arguments, console);
            default -> throw DpipObject.notSupported("route " + command);
        }
    }

    private static void change(boolean add, DpipLine line, Arguments arguments, Console console)
            throws CommandFailure, ControlException, IOException {
        String scope = arguments.has("local") ? "host" : arguments.get("scope");
        if (scope != null && !SCOPES.contains(scope)) {
            throw Arguments.parseFailure("invalid scope: " + scope);
        }
        IpAddress gateway = arguments.address("via");
        IpAddress source = arguments.address("src");
        Arguments.Prefix prefix = prefix(arguments, gateway);
        sameFamily(prefix.address(), gateway);
        sameFamily(prefix.address(), source);
        String device = arguments.get("dev");
        int mtu = arguments.number("mtu", 0);
        int metric = arguments.number("metric", 0);
        if (line.verbose()) {
            Views.Route parsed = new Views.Route(
                    prefix.address(),
                    prefix.length(),
                    gateway,
                    source,
                    device == null ? "" : device,
                    mtu,
                    metric,
                    scope != null ? scope : gateway != null ? "global" : "link",
                    false);
            console.out().append(format(parsed));
        }
        DpipObject.apply(
                console,
                add
                        ? new Change.RouteAdd(
                                prefix.address(), prefix.length(), gateway, device, source, mtu, metric, scope)
                        : new Change.RouteDelete(prefix.address(), prefix.length(), gateway, device, scope));
    }

    private static Arguments.Prefix prefix(Arguments arguments, @Nullable IpAddress gateway) throws CommandFailure {
        String word = arguments.positional("missing prefix");
        if (word.equals("default")) {
            boolean ipv6 = arguments.family() == Family.INET6 || (gateway != null && gateway.ipv6());
            return new Arguments.Prefix(new IpAddress(ipv6, 0, 0), 0);
        }
        return Arguments.Prefix.parse(arguments.family(), word);
    }

    private static void sameFamily(IpAddress prefix, @Nullable IpAddress other) throws CommandFailure {
        if (other != null && other.ipv6() != prefix.ipv6()) {
            throw Arguments.checkFailure("invalid family.");
        }
    }

    private static void show(DpipLine line, Arguments arguments, Console console) throws CommandFailure, IOException {
        arguments.noPositional();
        String device = arguments.get("dev");
        List<Views.Route> routes = console.control().routes(line.family() == Family.INET6);
        if (device != null && routes.stream().noneMatch(r -> r.device().equals(device))) {
            DpipObject.needDevice(console, device);
        }
        for (Views.Route route : routes) {
            // What dpvs made by itself would only stand between the rows that scripts count.
            boolean wanted = line.verbose() || !route.automatic();
            if (wanted && (device == null || route.device().equals(device))) {
                console.out().append(format(route));
            }
        }
    }

    private static CharSequence format(Views.Route route) {
        StringBuilder text = new StringBuilder(128);
        return route.prefix().ipv6() ? formatIpv6(text, route) : formatIpv4(text, route);
    }

    private static StringBuilder formatIpv4(StringBuilder text, Views.Route route) {
        text.append("inet ").append(route.prefix()).append('/').append(route.prefixLength());
        text.append(" via ").append(route.gateway() == null ? "0.0.0.0" : route.gateway());
        text.append(" src ").append(route.source() == null ? "0.0.0.0" : route.source());
        text.append(" dev ").append(route.device()).append(" mtu ").append(route.mtu());
        text.append(" tos 0 scope ").append(route.scope()).append(" metric ").append(route.metric());
        // The flag field behind "auto" is always empty, its separating blank is not.
        return text.append(" proto auto \n");
    }

    private static StringBuilder formatIpv6(StringBuilder text, Views.Route route) {
        text.append("inet6 ");
        if (route.prefixLength() == 0) {
            text.append("default");
        } else {
            text.append(route.prefix()).append('/').append(route.prefixLength());
        }
        if (route.gateway() != null) {
            text.append(" via ").append(route.gateway());
        }
        if (route.source() != null) {
            text.append(" src ").append(route.source());
        }
        text.append(" dev ").append(route.device());
        if (route.mtu() != 0) {
            text.append(" mtu ").append(route.mtu());
        }
        return text.append(" scope ").append(route.scope()).append('\n');
    }
}
