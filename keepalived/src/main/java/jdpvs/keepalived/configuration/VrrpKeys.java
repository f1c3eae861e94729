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

/** Keys of vrrp_instance and vrrp_sync_group (facts: config §10.2 and §11.3). */
final class VrrpKeys {
    private static final ValueType NAME = new ValueType.Text(255, ".+", "NAME");

    private VrrpKeys() {}

    static Block instance() {
        List<Key> keys = new ArrayList<>();
        keys.addAll(router());
        keys.addAll(announcements());
        keys.addAll(notices("`vrrp_notify_priority_changes`"));
        keys.addAll(without());
        List<Block> blocks = new ArrayList<>(List.of(
                Block.of(
                        "authentication",
                        "Of version 2; version 3 has none.",
                        List.of(
                                Key.of(
                                        "auth_type",
                                        new ValueType.Word(List.of("PASS", "AH"), ValueType.Match.ANY_CASE),
                                        "none",
                                        "AH is not supported."),
                                text("auth_pass", "PASSWORD", "At most 8 characters, the same on all routers."))),
                Block.list("unicast_peer", new WordType.Ip(), "Advertise to these instead of by multicast."),
                Block.list(
                        "virtual_ipaddress",
                        new AddressEntry(),
                        "What the master has: added to `dpdk_interface` and advertised. Of one family; at least one."),
                Block.list(
                        "virtual_ipaddress_excluded",
                        new AddressEntry(),
                        "Added and removed with the others, but not advertised; of any family."),
                Block.list(
                        "virtual_routes",
                        new RouteEntry(),
                        "Routes that dpvs has while this is master; device: `dpdk_interface`."),
                Block.unused("virtual_rules", "dpvs has no routing rules")));
        blocks.addAll(tracks());
        return Block.named("vrrp_instance", "NAME", "A virtual router.", keys, blocks.toArray(Block[]::new));
    }

    private static List<Key> router() {
        return List.of(
                Key.of(
                                "state",
                                new ValueType.Word(List.of("MASTER", "BACKUP"), ValueType.Match.ANY_CASE),
                                "",
                                "What it is at the start.")
                        .value("BACKUP"),
                Key.of(
                        "interface",
                        new ValueType.Text(15, "[^\\s/]+", "INTERFACE"),
                        "`default_interface`",
                        "The kernel's interface beside the device, which VRRP runs on, for example dpdk0.kni; needed."),
                Key.of(
                        "dpdk_interface",
                        new ValueType.Text(15, "[^\\s/]+", "DEVICE"),
                        "",
                        "The dpvs device that gets the addresses; without it nothing does."),
                number(
                        "virtual_router_id",
                        1,
                        255,
                        "",
                        "Unique for an interface and family, the same on all routers; needed."),
                number("priority", 1, 255, 100, "Highest is master; 255 = owner of the addresses."),
                time(
                        "advert_int",
                        "0.01",
                        "255",
                        "1",
                        "Between advertisements: whole seconds in version 2, 0.01 … 40.95 in version 3."),
                number("version", 2, 3, "`vrrp_version`; IPv6: 3", "Of the protocol."),
                Key.of(
                                "unicast_src_ip",
                                new WordType.Ip(),
                                "the interface's first address",
                                "Source of advertisements.")
                        .or("mcast_src_ip"),
                flag("nopreempt", "Do not take over from a master of lower priority."),
                flag("preempt", "Take over from a master of lower priority.").value(true),
                time("preempt_delay", "0", "1000", "", "How long to wait before taking over.")
                        .value(Duration.ZERO),
                flag("dont_track_primary", "It is no fault when `interface` is down."),
                flag(
                        "lower_prio_no_advert",
                        "`vrrp_lower_prio_no_advert`",
                        "Do not answer an advertisement of lower priority."),
                flag(
                        "higher_prio_send_advert",
                        "`vrrp_higher_prio_send_advert`",
                        "Advertise once more when one of higher priority comes."),
                flag(
                        "skip_check_adv_addr",
                        "`vrrp_skip_check_adv_addr`",
                        "Do not compare advertised addresses with the instance's."),
                flag("check_unicast_src", "`vrrp_check_unicast_src`", "Advertisements come from peers only."),
                flag(
                        "strict_mode",
                        "`vrrp_strict`",
                        "No `unicast_peer`, `authentication`, `preempt_delay` or `lower_prio_no_advert`: the RFCs do not have them."));
    }

    private static List<Key> announcements() {
        return List.of(
                time(
                        "garp_master_delay",
                        "0",
                        "86400",
                        "`vrrp_garp_master_delay`",
                        "From becoming master to the second round of gratuitous ARP; 0 = none."),
                number(
                        "garp_master_repeat",
                        1,
                        1000,
                        "`vrrp_garp_master_repeat`",
                        "Gratuitous ARPs of an address in one round."),
                time(
                        "garp_master_refresh",
                        "0",
                        "86400",
                        "`vrrp_garp_master_refresh`",
                        "Between gratuitous ARPs while master; 0 = none."),
                number(
                        "garp_master_refresh_repeat",
                        1,
                        1000,
                        "`vrrp_garp_master_refresh_repeat`",
                        "Gratuitous ARPs of an address each time."),
                time(
                        "garp_lower_prio_delay",
                        "0",
                        "86400",
                        "`vrrp_garp_lower_prio_delay`",
                        "To a second round after a master of lower priority was heard."),
                number(
                        "garp_lower_prio_repeat",
                        0,
                        1000,
                        "`vrrp_garp_lower_prio_repeat`",
                        "Gratuitous ARPs of an address then."));
    }

    private static List<Key> notices(String priorityChanges) {
        return List.of(
                command("notify_master", "Started on becoming master."),
                command("notify_backup", "Started on becoming backup."),
                command("notify_fault", "Started on a fault."),
                command("notify_stop", "Started on stopping."),
                command("notify_master_rx_lower_pri", "Started when a master hears one of lower priority."),
                command(
                        "notify",
                        "Started after the others, with INSTANCE or GROUP, the name, the state and the priority."),
                flag("smtp_alert", "`smtp_alert_vrrp`", "Mails of transitions."),
                flag("notify_priority_changes", priorityChanges, "Notify of priority changes too."));
    }

    private static List<Block> tracks() {
        return List.of(
                Block.list(
                        "track_interface", new EntryType.Track(TrackKeys.SCRIPT_LIMIT), "Interfaces that must be up."),
                Block.list("track_script", new EntryType.Track(TrackKeys.SCRIPT_LIMIT), "Of vrrp_script."),
                Block.list("track_file", new EntryType.Track(TrackKeys.FILE_LIMIT), "Of vrrp_track_file."),
                Block.list("track_process", new EntryType.Track(TrackKeys.FILE_LIMIT), "Of vrrp_track_process."),
                Block.unused("track_bfd", "there is no BFD"));
    }

    private static List<Key> without() {
        return List.of(
                unused("track_src_ip", "the source address need not be watched: without it nothing is sent"),
                unused("accept", "dpvs serves the addresses of any master"),
                unused("no_accept", "dpvs serves the addresses of any master"),
                unused("promote_secondaries", "dpvs has no secondary addresses"),
                unused("kernel_rx_buf_size", "the receive buffer is large enough"),
                unused("debug", "-D logs in detail"),
                unused("native_ipv6", "the addresses tell the family"),
                unused("use_vmac", "the interface of dpvs keeps its MAC address"),
                unused("use_vmac_addr", "the interface of dpvs keeps its MAC address"),
                unused("vmac_xmit_base", "the interface of dpvs keeps its MAC address"),
                unused("use_ipvlan", "the interface of dpvs keeps its MAC address"),
                unused("old_unicast_checksum", "checksums follow RFC 5798"),
                unused("linkbeat_use_polling", "the kernel tells of carriers"),
                unused("lvs_sync_daemon_interface", "connections are not synchronised"),
                unused("garp_extra_if", "gratuitous ARP leaves by the device that has the address"));
    }

    static Block syncGroup() {
        List<Key> keys = new ArrayList<>(notices("off"));
        keys.add(flag("sync_group_tracking_weight", "Weights of members' tracks count."));
        keys.add(unused("global_tracking", "tracks of members count for the group in any case"));
        List<Block> blocks = new ArrayList<>(tracks());
        blocks.addFirst(Block.list("group", NAME, "Names of instances."));
        return Block.named(
                "vrrp_sync_group",
                "NAME",
                "Instances that are master, backup or faulty together.",
                keys,
                blocks.toArray(Block[]::new));
    }
}
