package jdpvs.keepalived.configuration;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.config.Messages;
import jdpvs.control.IpAddress;

/** A route: {@code [to] DESTINATION [via A] [src A] [dev D] [scope S]}; the rest of the kernel's words are accepted, without effect on dpvs (facts: config §10.2). */
record RouteEntry() implements EntryType {
    private static final Set<String> TYPES =
            Set.of("unicast", "blackhole", "unreachable", "prohibit", "throw", "local", "broadcast", "multicast");
    private static final Set<String> IGNORED = Set.of(
            "table",
            "metric",
            "priority",
            "preference",
            "tos",
            "dsfield",
            "proto",
            "protocol",
            "mtu",
            "hoplimit",
            "advmss",
            "window",
            "rtt",
            "rttvar",
            "cwnd",
            "initcwnd",
            "initrwnd",
            "ssthresh",
            "reordering",
            "rto_min",
            "features",
            "quickack",
            "congctl",
            "pref",
            "weight",
            "realms",
            "realm",
            "encap",
            "expires",
            "fastopen_no_cookie",
            "ttl-propagate",
            "nhid",
            "track_group",
            "as");
    private static final Set<String> ALONE = Set.of("no_track", "onlink", "track");

    @Override
    public Reading read(List<String> words, Predicate<String> keyword) {
        EntryType.Prefix to = null;
        IpAddress gateway = null;
        IpAddress source = null;
        String device = null;
        String scope = null;
        boolean any = false;
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            if (word.equals("nexthop") || word.equals("or") || (TYPES.contains(word) && !word.equals("unicast"))) {
                return Reading.wrong("dpvs has no " + word + " routes");
            } else if (ALONE.contains(word) || word.equals("unicast") || (word.equals("to") && at + 1 < words.size())) {
                at++;
            } else if (word.equals("default") && to == null) {
                any = true;
                at++;
            } else if (!word.matches("via|gw|dev|oif|src|from|scope") && !IGNORED.contains(word)) {
                if (to != null || any) {
                    break;
                }
                to = EntryType.Prefix.parse(word);
                if (to == null) {
                    return Reading.wrong(Messages.quote(word) + " is neither a destination nor a word of routes");
                }
                at++;
            } else if (at + 1 == words.size()) {
                return Reading.wrong(word + " is missing a parameter");
            } else {
                at++;
                String value = words.get(at);
                if (word.equals("via") && value.matches("inet6?") && at + 1 < words.size()) {
                    value = words.get(++at);
                }
                switch (word) {
                    case "dev", "oif" -> device = value;
                    case "scope" -> scope = EntryType.scope(value);
                    case "via", "gw", "src", "from" -> {
                        IpAddress address = WordType.address(value);
                        if (address == null) {
                            return Reading.wrong(word + " " + Messages.quote(value) + " must be an address");
                        }
                        if (word.equals("via") || word.equals("gw")) {
                            gateway = address;
                        } else {
                            source = address;
                        }
                    }
                    default -> {}
                }
                at++;
            }
        }
        if (to == null && !any) {
            return Reading.wrong("it has no destination");
        }
        IpAddress family = to != null ? to.address() : gateway != null ? gateway : source;
        boolean ipv6 = family != null && family.ipv6();
        if ((gateway != null && gateway.ipv6() != ipv6) || (source != null && source.ipv6() != ipv6)) {
            return Reading.wrong("its addresses must be of one family");
        }
        IpAddress prefix = to == null
                ? new IpAddress(ipv6, 0, 0)
                : IpAddress.of(to.address().toAddress().network(to.length()));
        return Reading.of(new VirtualRoute(prefix, to == null ? 0 : to.length(), gateway, device, source, scope), at);
    }

    @Override
    public String allowed() {
        return "DESTINATION [via ADDRESS] [src ADDRESS] [dev DEVICE] [scope host|link|global]";
    }
}
