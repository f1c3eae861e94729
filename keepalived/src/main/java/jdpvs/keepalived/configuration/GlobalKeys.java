package jdpvs.keepalived.configuration;

import static jdpvs.keepalived.configuration.Key.command;
import static jdpvs.keepalived.configuration.Key.flag;
import static jdpvs.keepalived.configuration.Key.number;
import static jdpvs.keepalived.configuration.Key.text;
import static jdpvs.keepalived.configuration.Key.time;
import static jdpvs.keepalived.configuration.Key.unused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdpvs.config.ValueType;

/** Keys of global_defs (facts: config §11.1). */
final class GlobalKeys {
    private static final String ONE_PROCESS = "keepalived is one process";
    private static final String NO_SNMP = "there is no SNMP";
    private static final String NO_DBUS = "there is no D-Bus";
    private static final String NO_FILTER =
            "the kernel does not answer for addresses of dpvs, so there is nothing to filter";
    private static final String NO_NETLINK = "services are made by dpvs, not by the kernel";

    private GlobalKeys() {}

    static Block block() {
        List<Key> keys = new ArrayList<>();
        keys.addAll(mail());
        keys.addAll(scripts());
        keys.addAll(vrrp());
        keys.addAll(services());
        keys.addAll(without());
        return Block.of(
                "global_defs",
                "What is common to all.",
                keys,
                Block.list(
                        "notification_email",
                        new ValueType.Text(320, "[^\\s\\p{Cntrl}<>]+@[^\\s\\p{Cntrl}<>]+", "USER@HOST"),
                        "Who gets mails."));
    }

    private static List<Key> mail() {
        return List.of(
                Key.of(
                        "router_id",
                        new ValueType.Text(255, ".+", "NAME"),
                        "the host's name",
                        "Names this host in mails."),
                text("notification_email_from", "USER@HOST", "Sender of mails; absent = keepalived at this host."),
                Key.of(
                        "smtp_server",
                        new LineType.Words(2, "HOST [PORT]", false),
                        "",
                        "Where mails go, port 25 when none is written; absent = there are no mails."),
                Key.of(
                        "smtp_helo_name",
                        new ValueType.Text(255, "\\S+", "NAME"),
                        "the host's name",
                        "The name in HELO."),
                time("smtp_connect_timeout", "0.001", "600", "", "For a mail's connection.")
                        .value(Duration.ofSeconds(30)),
                flag("smtp_alert", "Mails of all transitions, where nothing else is written."),
                flag("smtp_alert_vrrp", "`smtp_alert`", "Mails of instances and groups, where they do not say."),
                flag(
                        "smtp_alert_checker",
                        "`smtp_alert`",
                        "Mails of services and real servers, where they do not say."),
                flag("no_checker_emails", "No mails of services and real servers, where they do not say."),
                flag("no_email_faults", "No mails of faults.").without("mails tell of faults like of other states"));
    }

    private static List<Key> scripts() {
        return List.of(
                Key.of(
                        "script_user",
                        new LineType.Words(2, "USER [GROUP]", false),
                        "keepalived_script if there is this user, else who runs keepalived",
                        "Who runs scripts that do not say."),
                flag("enable_script_security", "A script that others than root can change is not run as root."),
                text("notify_fifo", "PATH [USER [GROUP]]", "Named pipe to which all transitions are written.")
                        .words(),
                command("notify_fifo_script", "Started with the pipe's path, to read it."),
                text("vrrp_notify_fifo", "PATH [USER [GROUP]]", "Likewise, for instances and groups.")
                        .words(),
                command("vrrp_notify_fifo_script", "Likewise."),
                text("lvs_notify_fifo", "PATH [USER [GROUP]]", "Likewise, for services and real servers.")
                        .words(),
                command("lvs_notify_fifo_script", "Likewise."),
                flag("rs_init_notifies", "Notify of real servers' first state too."));
    }

    private static List<Key> vrrp() {
        return List.of(
                number("vrrp_version", 2, 3, 2, "Of IPv4 instances that do not say; IPv6 has 3."),
                Key.of("vrrp_mcast_group4", new WordType.Ip(), "224.0.0.18", "Where IPv4 advertisements go."),
                Key.of("vrrp_mcast_group6", new WordType.Ip(), "ff02::12", "Where IPv6 advertisements go."),
                time(
                                "vrrp_garp_master_delay",
                                "0",
                                "86400",
                                "",
                                "From becoming master to the second round of gratuitous ARP; 0 = none.")
                        .value(Duration.ofSeconds(5)),
                number("vrrp_garp_master_repeat", 1, 1000, 5, "Gratuitous ARPs of an address in one round."),
                time("vrrp_garp_master_refresh", "0", "86400", "", "Between gratuitous ARPs while master; 0 = none.")
                        .value(Duration.ZERO),
                number("vrrp_garp_master_refresh_repeat", 1, 1000, 1, "Gratuitous ARPs of an address each time."),
                time(
                        "vrrp_garp_lower_prio_delay",
                        "0",
                        "86400",
                        "`vrrp_garp_master_delay`",
                        "To a second round after a master of lower priority was heard."),
                number(
                        "vrrp_garp_lower_prio_repeat",
                        0,
                        1000,
                        "`vrrp_garp_master_repeat`",
                        "Gratuitous ARPs of an address then."),
                time("vrrp_garp_interval", "0", "60", "", "Least time between two gratuitous ARPs.")
                        .value(Duration.ZERO),
                time("vrrp_gna_interval", "0", "60", "", "Least time between two unsolicited neighbour advertisements.")
                        .value(Duration.ZERO),
                flag(
                        "vrrp_min_garp",
                        "One gratuitous ARP of an address and no second round, where nothing else is written."),
                flag("vrrp_lower_prio_no_advert", "Do not answer an advertisement of lower priority."),
                flag("vrrp_higher_prio_send_advert", "Advertise once more when one of higher priority comes."),
                flag("vrrp_strict", "`strict_mode` of instances that do not say."),
                Key.of(
                        "vrrp_skip_check_adv_addr",
                        new WordType.Switch(),
                        "off",
                        "Do not compare advertised addresses with the instance's."),
                flag("vrrp_check_unicast_src", "Advertisements come from peers only."),
                time("vrrp_startup_delay", "0", "3600", "", "How long instances wait after the start.")
                        .value(Duration.ZERO),
                number("vrrp_rt_priority", 0, 99, 0, "Real-time priority of the thread that advertises; 0 = none."),
                flag("vrrp_notify_priority_changes", "Notify of priority changes too."),
                text("default_interface", "INTERFACE", "Of instances that do not say."));
    }

    private static List<Key> services() {
        return List.of(
                flag(
                        "lvs_flush",
                        "At the start, remove all services from dpvs that this file does not have, whoever made them."),
                flag("checker_log_all_failures", "Log each failure of a check, not only those that count."));
    }

    private static List<Key> without() {
        List<Key> keys = new ArrayList<>(List.of(
                unused("lvs_flush_onstop", "services that keepalived made go when it stops; -I keeps them"),
                unused("lvs_timeouts", "dpvs.conf sets time-outs"),
                unused("lvs_sync_daemon", "connections are not synchronised"),
                unused("dynamic_interfaces", "interfaces may come and go in any case"),
                unused("allow_if_changes", "interfaces may come and go in any case"),
                unused("umask", "-u sets it"),
                unused("random_seed", "nothing depends on it"),
                unused("vrrp_iptables", NO_FILTER),
                unused("vrrp_ipsets", NO_FILTER),
                unused("vrrp_rx_bufs_policy", "receive buffers are large enough"),
                unused("vrrp_rx_bufs_multiplier", "receive buffers are large enough"),
                unused("notify_priority_changes", "vrrp_notify_priority_changes is meant")));
        for (String name : List.of("nftables", "nftables_priority", "nftables_counters", "nftables_ifindex")) {
            keys.add(unused(name, NO_FILTER));
        }
        for (String process : List.of("vrrp", "checker", "bfd")) {
            for (String what : List.of(
                    "priority",
                    "no_swap",
                    "rlimit_rtime",
                    "rlimit_rttime",
                    "cpu_affinity",
                    "process_name",
                    "rt_priority")) {
                if (!(process.equals("vrrp") && what.equals("rt_priority"))) {
                    keys.add(unused(process + "_" + what, ONE_PROCESS));
                }
            }
        }
        keys.add(unused("process_names", ONE_PROCESS));
        keys.add(unused("process_name", ONE_PROCESS));
        for (String name : List.of(
                "enable_snmp_keepalived",
                "enable_snmp_vrrp",
                "enable_snmp_checker",
                "enable_snmp_rfc",
                "enable_snmp_rfcv2",
                "enable_snmp_rfcv3",
                "enable_traps",
                "snmp_socket",
                "snmp_vs_stats_update_interval",
                "snmp_rs_stats_update_interval")) {
            keys.add(unused(name, NO_SNMP));
        }
        keys.add(unused("enable_dbus", NO_DBUS));
        keys.add(unused("dbus_service_name", NO_DBUS));
        for (String process : List.of("vrrp", "lvs")) {
            for (String what : List.of("cmd", "monitor")) {
                keys.add(unused(process + "_netlink_" + what + "_rcv_bufs", NO_NETLINK));
                keys.add(unused(process + "_netlink_" + what + "_rcv_bufs_force", NO_NETLINK));
            }
        }
        return keys;
    }
}
