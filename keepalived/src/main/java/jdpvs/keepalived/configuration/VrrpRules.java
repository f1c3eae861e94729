package jdpvs.keepalived.configuration;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VrrpInstance.Announcements;
import jdpvs.keepalived.configuration.VrrpInstance.Notices;
import org.jspecify.annotations.Nullable;

/** Makes the instances (facts: config §10.2 and §11.3). */
final class VrrpRules {
    private static final int OWNER = 255;
    private static final int LONGEST_PASSWORD = 8;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration LONGEST_IN_VERSION_3 = Duration.ofMillis(40_950);

    private final Context context;
    private final Messages messages;
    private final Node global;
    private final TrackRules tracks;
    private final VrrpAddresses addressRules;
    private final Map<String, String> routerIds = new HashMap<>();

    VrrpRules(Context context, TrackRules tracks) {
        this.context = context;
        this.messages = context.messages;
        this.global = context.global;
        this.tracks = tracks;
        addressRules = new VrrpAddresses(messages);
    }

    Map<String, VrrpInstance> instances() {
        Map<String, VrrpInstance> all = new LinkedHashMap<>();
        for (Node node : context.root.all("vrrp_instance")) {
            VrrpInstance instance = instance(node);
            if (instance != null) {
                all.put(instance.name(), instance);
            }
        }
        return all;
    }

    private @Nullable VrrpInstance leftOut(Location at, String thing, String why) {
        messages.error(at, thing + ": " + why + "; the instance is left out");
        return null;
    }

    private @Nullable VrrpInstance instance(Node node) {
        String name = node.name();
        String thing = "vrrp_instance " + name;
        String networkInterface = Objects.requireNonNullElse(
                node.text("interface"), Objects.requireNonNullElse(global.text("default_interface"), ""));
        if (networkInterface.isEmpty()) {
            return leftOut(
                    node.at, thing, "interface is missing: name the KNI it runs on, for example interface dpdk0.kni");
        }
        if (networkInterface.equals("lo")) {
            return leftOut(node.place("interface"), thing, "interface lo: VRRP needs an interface with a link");
        }
        if (!node.isSet("virtual_router_id")) {
            return leftOut(node.at, thing, "virtual_router_id is missing: a number 1 … 255, the same on all routers");
        }
        VrrpAddresses.Found found = addressRules.of(node, thing);
        if (found.addresses().isEmpty()) {
            return leftOut(node.at, thing, "virtual_ipaddress is missing or empty: it needs at least one address");
        }
        boolean strict = node.flag("strict_mode", global.flag("vrrp_strict"));
        if (strict && node.has("unicast_peer")) {
            return leftOut(
                    node.one("unicast_peer").at,
                    thing,
                    "strict_mode: VRRP has no unicast peers (RFC 9568); remove unicast_peer, or strict_mode");
        }
        boolean ipv6 = found.addresses().getFirst().address().ipv6();
        int routerId = node.number("virtual_router_id");
        String key = networkInterface + " " + ipv6 + " " + routerId;
        String same = routerIds.get(key);
        if (same != null) {
            return leftOut(
                    node.place("virtual_router_id"),
                    thing,
                    "vrrp_instance " + same + " has virtual_router_id " + routerId + " on " + networkInterface
                            + " already");
        }
        if (!context.first(thing, node.at)) {
            return null;
        }
        routerIds.put(key, name);
        int version = version(node, ipv6);
        int priority = node.number("priority");
        boolean master = master(node, priority);
        boolean preempt = preempt(node, master, priority);
        return new VrrpInstance(
                name,
                networkInterface,
                device(node, thing),
                routerId,
                ipv6,
                version,
                master,
                priority,
                interval(node, version),
                password(node, version, strict),
                source(node, ipv6),
                addressRules.peers(node, ipv6),
                found.addresses(),
                found.excluded(),
                addressRules.routes(node),
                preempt,
                preemptDelay(node, preempt, master, strict),
                tracks.of(node),
                !node.flag("dont_track_primary"),
                announcements(node),
                silentToLower(node, version, strict),
                answersHigher(node, strict),
                node.flag("skip_check_adv_addr", global.flag("vrrp_skip_check_adv_addr")),
                node.flag("check_unicast_src", global.flag("vrrp_check_unicast_src")),
                strict,
                notices(node, global.flag("vrrp_notify_priority_changes")));
    }

    private @Nullable String device(Node node, String thing) {
        String device = node.text("dpdk_interface");
        if (device == null) {
            messages.warn(
                    node.at,
                    thing
                            + ": dpdk_interface is missing, so its addresses go nowhere: name the dpvs device, for example"
                            + " dpdk_interface dpdk0");
        }
        return device;
    }

    private int version(Node node, boolean ipv6) {
        int version = node.number("version", ipv6 ? 3 : global.number("vrrp_version"));
        if (ipv6 && version == 2) {
            messages.warn(node.place("version"), "version 2 has no IPv6; 3 is used");
            return 3;
        }
        return version;
    }

    private boolean master(Node node, int priority) {
        boolean master = "MASTER".equals(node.text("state"));
        if (priority == OWNER && !master) {
            messages.warn(
                    node.place("priority"),
                    "priority 255 is the owner of the addresses, which starts as master; state MASTER is used");
        }
        return master || priority == OWNER;
    }

    private boolean preempt(Node node, boolean master, int priority) {
        if (!node.flag("nopreempt")) {
            return node.flag("preempt");
        }
        if (priority == OWNER || master) {
            messages.warn(
                    node.place("nopreempt"),
                    "nopreempt needs state BACKUP" + (priority == OWNER ? " and a priority below 255" : "")
                            + "; it is ignored");
            return true;
        }
        return false;
    }

    /** @return whether an advertisement of lower priority is not answered (RFC 3768 §6.4.3 discards it, RFC 9568 §6.4.3 answers it) */
    private boolean silentToLower(Node node, int version, boolean strict) {
        boolean silent = node.flag("lower_prio_no_advert", global.flag("vrrp_lower_prio_no_advert"));
        if (strict && version == 2) {
            return true;
        }
        if (silent && strict) {
            messages.warn(
                    node.place("lower_prio_no_advert"),
                    "strict_mode: a master answers an advertisement of lower priority; lower_prio_no_advert is ignored");
            return false;
        }
        return silent;
    }

    private boolean answersHigher(Node node, boolean strict) {
        boolean answers = node.flag("higher_prio_send_advert", global.flag("vrrp_higher_prio_send_advert"));
        if (answers && strict) {
            messages.warn(
                    node.place("higher_prio_send_advert"),
                    "strict_mode: who hears an advertisement of higher priority is silent; higher_prio_send_advert is ignored");
            return false;
        }
        return answers;
    }

    private Duration preemptDelay(Node node, boolean preempt, boolean master, boolean strict) {
        Duration delay = node.time("preempt_delay", Duration.ZERO);
        if (delay.isZero()) {
            return delay;
        }
        if (strict) {
            messages.warn(node.place("preempt_delay"), "strict_mode: VRRP has no preempt_delay; it is ignored");
            return Duration.ZERO;
        }
        if (preempt && !master) {
            return delay;
        }
        messages.warn(
                node.place("preempt_delay"),
                master
                        ? "preempt_delay needs state BACKUP; it is ignored"
                        : "preempt_delay means nothing with nopreempt; it is ignored");
        return Duration.ZERO;
    }

    private Duration interval(Node node, int version) {
        Duration written = node.time("advert_int", SECOND);
        Location at = node.place("advert_int");
        String text = "advert_int " + WordType.seconds(written);
        if (version == 2) {
            if (written.equals(written.truncatedTo(ChronoUnit.SECONDS))) {
                return written;
            }
            Duration whole =
                    Duration.ofSeconds(Math.max(1, written.plusMillis(500).toSeconds()));
            messages.warn(
                    at,
                    text + ": version 2 has whole seconds; " + whole.toSeconds()
                            + " is used, or write version 3 on all routers");
            return whole;
        }
        if (written.compareTo(LONGEST_IN_VERSION_3) > 0) {
            messages.warn(at, text + " must be 0.01 … 40.95 in version 3; 1 is used");
            return SECOND;
        }
        Duration steps = STEP.multipliedBy(Math.max(1, written.dividedBy(STEP)));
        if (!steps.equals(written)) {
            messages.warn(at, text + ": steps are 0.01; " + WordType.seconds(steps) + " is used");
        }
        return steps;
    }

    private @Nullable String password(Node node, int version, boolean strict) {
        if (!node.has("authentication")) {
            return null;
        }
        Node authentication = node.one("authentication");
        String type = authentication.text("auth_type");
        String password = authentication.text("auth_pass");
        if (version == 3) {
            messages.notice(authentication.at, "version 3 has no authentication; it is ignored");
            return null;
        }
        if (strict) {
            messages.warn(
                    authentication.at, "strict_mode: VRRP has no authentication (RFC 3768 §5.3.6); it is ignored");
            return null;
        }
        if (!"PASS".equals(type) || password == null) {
            messages.warn(
                    authentication.at,
                    "AH".equals(type)
                            ? "auth_type AH is not supported; there is no authentication: use PASS on all routers"
                            : "authentication needs auth_type PASS and auth_pass; there is none");
            return null;
        }
        String kept = password;
        while (kept.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD) {
            kept = kept.substring(0, kept.length() - 1);
        }
        if (kept.length() < password.length()) {
            messages.warn(
                    authentication.place("auth_pass"),
                    "auth_pass has more than 8 characters; the first " + kept.length() + " count");
        }
        return kept;
    }

    private @Nullable IpAddress source(Node node, boolean ipv6) {
        IpAddress source = node.address("unicast_src_ip");
        if (source != null && source.ipv6() != ipv6) {
            messages.warn(
                    node.place("unicast_src_ip"),
                    "unicast_src_ip " + source + " is not of the addresses' family; the interface's address is used");
            return null;
        }
        return source;
    }

    private Announcements announcements(Node node) {
        // vrrp_min_garp means one and no second round, but what is written counts.
        boolean least = global.flag("vrrp_min_garp");
        int repeat = node.number(
                "garp_master_repeat",
                least && !global.isSet("vrrp_garp_master_repeat") ? 1 : global.number("vrrp_garp_master_repeat"));
        Duration delay = node.time(
                "garp_master_delay",
                least && !global.isSet("vrrp_garp_master_delay")
                        ? Duration.ZERO
                        : global.time("vrrp_garp_master_delay", Duration.ZERO));
        return new Announcements(
                repeat,
                delay,
                node.time("garp_master_refresh", global.time("vrrp_garp_master_refresh", Duration.ZERO)),
                node.number("garp_master_refresh_repeat", global.number("vrrp_garp_master_refresh_repeat")),
                node.number("garp_lower_prio_repeat", global.number("vrrp_garp_lower_prio_repeat", repeat)),
                node.time("garp_lower_prio_delay", global.time("vrrp_garp_lower_prio_delay", delay)));
    }

    /** Of an instance or group. */
    Notices notices(Node node, boolean priorityChanges) {
        return new Notices(
                context.commands.of(node, "notify_master"),
                context.commands.of(node, "notify_backup"),
                context.commands.of(node, "notify_fault"),
                context.commands.of(node, "notify_stop"),
                context.commands.of(node, "notify_master_rx_lower_pri"),
                context.commands.of(node, "notify"),
                node.flag("smtp_alert", global.flag("smtp_alert_vrrp", global.flag("smtp_alert"))),
                node.flag("notify_priority_changes", priorityChanges));
    }
}
