package jdpvs.keepalived.configuration;

import static jdpvs.keepalived.configuration.Key.command;
import static jdpvs.keepalived.configuration.Key.flag;
import static jdpvs.keepalived.configuration.Key.number;
import static jdpvs.keepalived.configuration.Key.text;
import static jdpvs.keepalived.configuration.Key.unused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdpvs.config.ValueType;

/** Keys of virtual_server and real_server (facts: config §10.3 and §11.5). */
final class ServerKeys {
    static final long LONGEST_PERSISTENCE = 31_536_000;
    private static final ValueType FORWARDING =
            new ValueType.Word(List.of("NAT", "DR", "TUN", "FNAT", "SNAT"), ValueType.Match.ANY_CASE);
    private static final ValueType GROUP = new ValueType.Text(255, ".+", "GROUP");
    private static final String MATCH = "dpvs has no SNAT services";

    private ServerKeys() {}

    static Block virtualServer() {
        List<Key> keys = new ArrayList<>();
        keys.addAll(service());
        keys.addAll(servers());
        keys.addAll(without());
        return Block.named(
                "virtual_server",
                "ADDRESS PORT, or group NAME",
                "A service of dpvs, or those of a virtual_server_group.",
                keys,
                realServer());
    }

    private static List<Key> service() {
        return List.of(
                Key.of(
                                "protocol",
                                new ValueType.Word(
                                        List.of("TCP", "UDP", "SCTP", "ICMP", "ICMPV6"), ValueType.Match.ANY_CASE),
                                "",
                                "Of the service.")
                        .value("UDP"),
                Key.of(
                                "lb_algo",
                                new ValueType.Text(16, "[a-z0-9_-]+", "SCHEDULER"),
                                "",
                                "How a server is chosen: rr, wrr, wlc, conhash, mh, fo …; dpvs refuses what it does not know.")
                        .or("lvs_sched")
                        .value("wlc"),
                Key.of("lb_kind", FORWARDING, "", "How packets reach the servers.")
                        .or("lvs_method")
                        .value("NAT"),
                Key.of("laddr_group_name", GROUP, "", "local_address_group for full NAT."),
                Key.of("daddr_group_name", GROUP, "", "deny_address_group: clients that are refused."),
                Key.of("waddr_group_name", GROUP, "", "allow_address_group: clients that are served, no others."),
                flag("syn_proxy", "Answer SYN packets on behalf of the servers."),
                flag("expire_quiescent_conn", "Connections of servers with weight 0 end."),
                Key.of(
                        "establish_timeout",
                        new WordType.Clamped(1, 3600),
                        "of dpvs.conf",
                        "Seconds without a packet after which an established connection ends."),
                Key.of(
                                "proxy_protocol",
                                new ValueType.Word(
                                        List.of("v1", "v2", "v1-insecure", "v2-insecure", "disable"),
                                        ValueType.Match.EXACT),
                                "",
                                "Tell servers the client's address in front of the data.")
                        .value("disable"),
                flag("quic", "Connections follow QUIC connection ids; UDP only."),
                Key.of(
                        "hash_target",
                        new ValueType.Word(List.of("sip", "qid"), ValueType.Match.EXACT),
                        "sip",
                        "What conhash hashes; qid is for UDP only."),
                Key.of(
                        "persistence_timeout",
                        new ValueType.Whole(1, LONGEST_PERSISTENCE, 360L),
                        "off; port 0: 360",
                        "Seconds for which a client keeps its server."),
                Key.of(
                        "persistence_granularity",
                        new ValueType.Text(39, "[0-9.]+", "MASK or LENGTH"),
                        "single addresses",
                        "Clients that count as one."),
                flag("ops", "Each packet of UDP is scheduled for itself."));
    }

    private static List<Key> servers() {
        List<Key> keys = new ArrayList<>(List.of(
                number("quorum", 1, Integer.MAX_VALUE, 1, "The least sum of weights of live servers."),
                number(
                        "hysteresis",
                        0,
                        Integer.MAX_VALUE,
                        0,
                        "How much below the quorum it is lost, and above it regained; less than the quorum."),
                command("quorum_up", "Started when the quorum is gained."),
                command("quorum_down", "Started when it is lost."),
                Key.of("sorry_server", new LineType.Place(), "", "Serves while the quorum is lost."),
                flag("sorry_server_inhibit", "It stays, with weight 0, while it is not needed."),
                Key.of("sorry_server_lvs_method", FORWARDING, "`lb_kind`", "How packets reach it."),
                flag("omega", "Down notices at the stop too."),
                flag("ha_suspend", "No checks while none of the addresses is on this host."),
                number("weight", 0, 65_535, 1, "Of real servers that do not say."),
                flag("inhibit_on_failure", "A failed server stays, with weight 0."),
                text("virtualhost", "HOST", "Host header of web checks that do not say."),
                flag("smtp_alert", "`smtp_alert_checker`", "Mails of transitions."),
                flag("alpha", "Servers are down until a first success.")));
        keys.addAll(CheckKeys.timing("the check's", "60", "the check's"));
        return keys;
    }

    private static List<Key> without() {
        List<Key> keys = new ArrayList<>(List.of(
                unused("bps", "dpvs limits no rates"),
                unused("limit_proportion", "dpvs limits no rates"),
                unused("vip_bind_dev", "it had no effect in DPVS either"),
                unused("persistence_engine", "it had no effect in DPVS either"),
                unused("ip_family", "the addresses tell the family"),
                unused("src-range", MATCH),
                unused("dst-range", MATCH),
                unused("iif", MATCH),
                unused("oif", MATCH),
                unused("hashed", "it had no effect in DPVS either"),
                unused("snmp_name", "there is no SNMP")));
        for (String name : List.of("flag-1", "flag-2", "flag-3", "sh-port", "sh-fallback", "mh-port", "mh-fallback")) {
            keys.add(unused(name, "dpvs has no flags of schedulers"));
        }
        return keys;
    }

    private static Block realServer() {
        List<Key> keys = new ArrayList<>(List.of(
                number("weight", 0, 65_535, "`weight` of the service", "Its share; 0 = no new connections."),
                Key.of("lvs_method", FORWARDING, "`lb_kind` of the service", "How packets reach it.")
                        .or("lb_kind"),
                number(
                        "uthreshold",
                        0,
                        Integer.MAX_VALUE,
                        0,
                        "Connections at which it counts as overloaded; 0 = none."),
                number("lthreshold", 0, Integer.MAX_VALUE, 0, "Connections below which it no longer does."),
                flag("inhibit_on_failure", "of the service", "When it failed it stays, with weight 0."),
                command("notify_up", "Started when it is well again."),
                command("notify_down", "Started when it failed."),
                text("virtualhost", "HOST", "Host header of web checks that do not say."),
                flag("smtp_alert", "of the service", "Mails of transitions."),
                flag("alpha", "of the service", "Down until a first success."),
                unused("snmp_name", "there is no SNMP")));
        keys.addAll(CheckKeys.timing("of the service", "of the service", "of the service"));
        return Block.named(
                "real_server",
                "ADDRESS [PORT]",
                "A server; its port is the service's when none is written.",
                keys,
                CheckKeys.checks().toArray(Block[]::new));
    }

    static final Duration DELAY_LOOP = Duration.ofSeconds(60);
}
