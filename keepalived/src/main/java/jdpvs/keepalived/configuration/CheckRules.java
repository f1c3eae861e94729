package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdpvs.config.Messages;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import org.jspecify.annotations.Nullable;

/** Makes the checks of a real server, all defaults resolved (facts: config §11.6). */
final class CheckRules {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Context context;
    private final Messages messages;
    private final WebRules web;

    CheckRules(Context context) {
        this.context = context;
        messages = context.messages;
        web = new WebRules(messages);
    }

    List<CheckSettings> of(RealServerRules.Service service, Node server, Endpoint endpoint) {
        List<CheckSettings> all = new ArrayList<>();
        for (Block kind : server.block.blocks()) {
            for (Node node : server.all(kind.name())) {
                CheckSettings check = check(new Levels(node, server, service.node()), service, endpoint);
                if (check != null && !all.contains(check)) {
                    all.add(check);
                }
            }
        }
        return all;
    }

    /** Where a key of a check may stand: the innermost counts. */
    private record Levels(Node check, Node server, Node service) {
        private @Nullable Node of(String key) {
            for (Node node : List.of(check, server, service)) {
                if (node.isSet(key)) {
                    return node;
                }
            }
            return null;
        }

        Duration time(String key, Duration otherwise) {
            Node node = of(key);
            return node == null ? otherwise : node.time(key, otherwise);
        }

        int number(String key, int otherwise) {
            Node node = of(key);
            return node == null ? otherwise : node.number(key, otherwise);
        }

        boolean flag(String key) {
            Node node = of(key);
            return node != null && node.flag(key);
        }

        @Nullable String text(String key) {
            Node node = of(key);
            return node == null ? null : node.text(key);
        }
    }

    /** @param delay null = the interval */
    private Timing timing(Levels levels, int retries, @Nullable Duration delay) {
        Duration interval = levels.time("delay_loop", ServerKeys.DELAY_LOOP);
        Node check = levels.check();
        boolean oldWord =
                check.block.key("nb_get_retry") != null && check.isSet("nb_get_retry") && !check.isSet("retry");
        return new Timing(
                interval,
                oldWord ? check.number("nb_get_retry", retries) : levels.number("retry", retries),
                levels.time("delay_before_retry", delay == null ? interval : delay),
                levels.time("warmup", interval),
                check.block.key("connect_timeout") == null
                        ? CONNECT_TIMEOUT
                        : levels.time("connect_timeout", CONNECT_TIMEOUT),
                levels.flag("alpha"),
                check.flag("log_all_failures", context.global.flag("checker_log_all_failures")));
    }

    private @Nullable CheckSettings check(Levels levels, RealServerRules.Service service, Endpoint server) {
        Node node = levels.check();
        String keyword = node.block.name();
        if (keyword.equals("MISC_CHECK")) {
            return misc(levels);
        }
        Target target = target(node, server, keyword.equals("PING_CHECK"));
        if (target == null) {
            return null;
        }
        String proxy = service.proxyProtocol();
        String preamble = proxy == null || proxy.equals("disable") ? null : proxy.substring(0, 2);
        return switch (keyword) {
            case "HTTP_GET", "SSL_GET" ->
                web.of(node, timing(levels, 1, Duration.ofSeconds(3)), target, levels.text("virtualhost"), preamble);
            case "SMTP_CHECK" ->
                new CheckSettings.Smtp(
                        timing(levels, 1, SECOND),
                        target,
                        Objects.requireNonNullElse(node.text("helo_name"), GlobalRules.greeting(context)));
            case "DNS_CHECK" ->
                new CheckSettings.Dns(
                        timing(levels, 3, null),
                        target,
                        Objects.requireNonNull(CheckKeys.QUERY_TYPES.get(Objects.requireNonNull(node.text("type")))),
                        Objects.requireNonNull(node.text("name")));
            case "UDP_CHECK" -> udp(node, timing(levels, 1, SECOND), target, preamble);
            case "PING_CHECK" -> new CheckSettings.Ping(timing(levels, 1, SECOND), target);
            default -> new CheckSettings.Tcp(timing(levels, 1, SECOND), target);
        };
    }

    private CheckSettings udp(Node node, Timing timing, Target target, @Nullable String preamble) {
        int minimum = node.number("min_reply_length");
        int maximum = node.number("max_reply_length");
        if (maximum < minimum) {
            messages.warn(
                    node.place("max_reply_length"),
                    "max_reply_length " + maximum + " must not be below min_reply_length " + minimum + "; " + minimum
                            + " is used");
            maximum = minimum;
        }
        List<String> reply = node.words("require_reply");
        return new CheckSettings.Udp(
                timing,
                target,
                node.text("payload"),
                node.isSet("require_reply"),
                reply.isEmpty() ? null : reply.getFirst(),
                minimum,
                maximum,
                "v2".equals(preamble) ? preamble : null);
    }

    private @Nullable CheckSettings misc(Levels levels) {
        Node node = levels.check();
        if (!node.isSet("misc_path")) {
            messages.error(
                    node.at, "MISC_CHECK: misc_path is missing; the check is left out, the server counts as well");
            return null;
        }
        Script script = context.commands.of(node, "misc_path", node.words("user"));
        Timing timing = timing(levels, 0, SECOND);
        return script == null
                ? null
                : new CheckSettings.Misc(
                        timing, script, node.time("misc_timeout", timing.interval()), node.flag("misc_dynamic"));
    }

    /** @return null when the check cannot be */
    private @Nullable Target target(Node check, Endpoint server, boolean portless) {
        // The old block of SMTP_CHECK has the same keys.
        Node node = check.block.block("host") != null && check.has("host") ? check.one("host") : check;
        IpAddress address = Objects.requireNonNullElse(node.address("connect_ip"), server.address());
        int port = node.number("connect_port", server.port());
        if (port == 0 && !portless) {
            messages.error(
                    check.at,
                    check.block.name()
                            + ": the server has no port to check, write connect_port; the check is left out, the server counts as well");
            return null;
        }
        IpAddress source = node.address("bindto");
        if (source != null && source.ipv6() != address.ipv6()) {
            messages.warn(node.place("bindto"), "bindto " + source + " is not of the address's family; any is used");
            source = null;
        }
        return new Target(
                new Endpoint(address, port),
                source,
                node.number("bind_port", 0),
                node.text("bind_if"),
                node.number("fwmark"));
    }
}
