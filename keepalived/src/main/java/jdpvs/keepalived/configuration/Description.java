package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdpvs.control.Forwarding;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.configuration.VrrpInstance.Notices;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration consists of, in words of the file.
 *
 * @param things by keyword and name; each one's keys and their values
 */
record Description(Map<String, Map<String, String>> things) {
    private static final String NONE = "none";

    static Description of(KeepalivedConfiguration configuration) {
        Description all = new Description(new LinkedHashMap<>());
        all.global(configuration.global());
        configuration.scripts().forEach(all::script);
        configuration.files().forEach(all::file);
        configuration.processes().forEach(all::process);
        configuration.instances().forEach(all::instance);
        configuration.syncGroups().forEach(all::group);
        configuration
                .addresses()
                .forEach(address -> all.thing("static_ipaddress " + address(address) + " dev " + address.device()));
        configuration.routes().forEach(route -> all.thing("static_routes " + route(route)));
        configuration.virtualServers().forEach(all::virtualServer);
        return all;
    }

    private Map<String, String> thing(String name) {
        return things.computeIfAbsent(name, k -> new LinkedHashMap<>());
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case Boolean on -> on ? "on" : "off";
            case Duration time -> WordType.seconds(time);
            case Script script ->
                "\"" + script + "\"" + (script.user() == null ? "" : " " + script.user())
                        + (script.group() == null ? "" : " " + script.group());
            case List<?> list ->
                list.isEmpty() ? NONE : list.stream().map(Description::text).collect(Collectors.joining(", "));
            default -> value.toString();
        };
    }

    private void global(GlobalSettings global) {
        Map<String, String> to = thing("global_defs");
        to.put("router_id", global.routerId());
        to.put("vrrp_mcast_group4", text(global.groupIpv4()));
        to.put("vrrp_mcast_group6", text(global.groupIpv6()));
        to.put("vrrp_startup_delay", text(global.startupDelay()));
        to.put("vrrp_garp_interval", text(global.garpInterval()));
        to.put("vrrp_gna_interval", text(global.gnaInterval()));
        to.put("vrrp_rt_priority", text(global.realTimePriority()));
        to.put("enable_script_security", text(global.scriptSecurity()));
        to.put("notify_fifo", fifo(global.fifo()));
        to.put("vrrp_notify_fifo", fifo(global.vrrpFifo()));
        to.put("lvs_notify_fifo", fifo(global.serviceFifo()));
        to.put("rs_init_notifies", text(global.initialNotices()));
        to.put("lvs_flush", text(global.flushAtStart()));
        GlobalSettings.Mail mail = global.mail();
        to.put("notification_email", mail == null ? NONE : text(mail.recipients()));
        to.put("notification_email_from", mail == null ? NONE : mail.from());
        to.put("smtp_server", mail == null ? NONE : mail.server() + " " + mail.port());
        to.put("smtp_helo_name", mail == null ? NONE : mail.greeting());
        to.put("smtp_connect_timeout", mail == null ? NONE : text(mail.connectTimeout()));
    }

    private static String fifo(GlobalSettings.@Nullable Fifo fifo) {
        return fifo == null ? NONE : fifo.path() + (fifo.reader() == null ? "" : " read by " + text(fifo.reader()));
    }

    private void script(TrackScript script) {
        Map<String, String> to = thing("vrrp_script " + script.name());
        to.put("script", text(script.script()));
        to.put("interval", text(script.interval()));
        to.put("timeout", text(script.timeout()));
        to.put("weight", weight(script.weight(), script.reverse()));
        to.put("rise", text(script.rise()));
        to.put("fall", text(script.fall()));
        to.put("init_fail", text(script.startsFailed()));
    }

    private static String weight(int weight, boolean reverse) {
        return new LineType.Weight.Amount(weight, reverse).toString();
    }

    private void file(TrackFile file) {
        Map<String, String> to = thing("vrrp_track_file " + file.name());
        to.put("file", file.path());
        to.put("weight", weight(file.weight(), file.reverse()));
    }

    private void process(TrackProcess process) {
        Map<String, String> to = thing("vrrp_track_process " + process.name());
        to.put("process", String.join(" ", process.command()));
        to.put("full_command", text(process.matchArguments()));
        to.put("weight", text(process.weight()));
        to.put("quorum", text(process.quorum()));
        to.put("quorum_max", text(process.maximum()));
        to.put("terminate_delay", text(process.terminateDelay()));
        to.put("fork_delay", text(process.forkDelay()));
    }

    private void instance(VrrpInstance instance) {
        Map<String, String> to = thing("vrrp_instance " + instance.name());
        to.put("interface", instance.networkInterface());
        to.put("dpdk_interface", text(instance.device()));
        to.put("virtual_router_id", text(instance.virtualRouterId()));
        to.put("version", text(instance.version()));
        to.put("state", instance.startsAsMaster() ? "MASTER" : "BACKUP");
        to.put("priority", text(instance.priority()));
        to.put("advert_int", text(instance.advertisementInterval()));
        to.put("auth_pass", text(instance.password()));
        to.put("unicast_src_ip", text(instance.source()));
        to.put("unicast_peer", text(instance.peers()));
        to.put(
                "virtual_ipaddress",
                text(instance.addresses().stream().map(Description::address).toList()));
        to.put(
                "virtual_ipaddress_excluded",
                text(instance.excluded().stream().map(Description::address).toList()));
        to.put(
                "virtual_routes",
                text(instance.routes().stream().map(Description::route).toList()));
        to.put("preempt", text(instance.preempt()));
        to.put("preempt_delay", text(instance.preemptDelay()));
        tracks(instance.track(), to);
        to.put("dont_track_primary", text(!instance.trackOwnInterface()));
        VrrpInstance.Announcements garp = instance.announcements();
        to.put("garp_master_repeat", text(garp.repeat()));
        to.put("garp_master_delay", text(garp.delay()));
        to.put("garp_master_refresh", text(garp.refresh()));
        to.put("garp_master_refresh_repeat", text(garp.refreshRepeat()));
        to.put("garp_lower_prio_repeat", text(garp.lowerPriorityRepeat()));
        to.put("garp_lower_prio_delay", text(garp.lowerPriorityDelay()));
        to.put("lower_prio_no_advert", text(instance.lowerPriorityNoAdvertisement()));
        to.put("higher_prio_send_advert", text(instance.higherPrioritySendAdvertisement()));
        to.put("skip_check_adv_addr", text(instance.acceptsAdvertisedAddressesUnchecked()));
        to.put("check_unicast_src", text(instance.checkUnicastSource()));
        to.put("strict_mode", text(instance.strict()));
        notices(instance.notices(), to);
    }

    private static void tracks(List<Track> tracks, Map<String, String> to) {
        for (Track.Kind kind : Track.Kind.values()) {
            to.put(
                    "track_" + kind.name().toLowerCase(Locale.ROOT),
                    text(tracks.stream()
                            .filter(track -> track.kind() == kind)
                            .map(track -> track.name() + " weight " + weight(track.weight(), track.reverse()))
                            .toList()));
        }
    }

    private static void notices(Notices notices, Map<String, String> to) {
        to.put("notify_master", text(notices.master()));
        to.put("notify_backup", text(notices.backup()));
        to.put("notify_fault", text(notices.fault()));
        to.put("notify_stop", text(notices.stop()));
        to.put("notify_master_rx_lower_pri", text(notices.masterHeardLower()));
        to.put("notify", text(notices.any()));
        to.put("smtp_alert", text(notices.mail()));
        to.put("notify_priority_changes", text(notices.priorityChanges()));
    }

    private void group(SyncGroup group) {
        Map<String, String> to = thing("vrrp_sync_group " + group.name());
        to.put("group", text(group.instances()));
        tracks(group.track(), to);
        to.put("sync_group_tracking_weight", text(group.memberWeights()));
        notices(group.notices(), to);
    }

    private static String address(VirtualAddress address) {
        return address.address() + "/" + address.prefixLength()
                + (address.scope().equals("global") ? "" : " scope " + address.scope());
    }

    private static String route(VirtualRoute route) {
        return route.prefix() + "/" + route.prefixLength()
                + (route.gateway() == null ? "" : " via " + route.gateway())
                + (route.source() == null ? "" : " src " + route.source())
                + (route.device() == null ? "" : " dev " + route.device())
                + (route.scope() == null ? "" : " scope " + route.scope());
    }

    private void virtualServer(VirtualServer server) {
        String name = "virtual_server " + server.name();
        Map<String, String> to = thing(name);
        to.put("services", text(server.services()));
        ServiceOptions options = server.options();
        to.put("lb_algo", options.scheduler());
        to.put("persistence_timeout", text(options.persistentSeconds()));
        to.put("persistence_granularity", text(options.persistenceMask()));
        to.put("ops", text(options.onePacket()));
        to.put("syn_proxy", text(options.synProxy()));
        to.put("hash_target", text(options.hashTarget()));
        to.put("expire_quiescent_conn", text(options.expireQuiescent()));
        to.put("establish_timeout", text(options.connectionTimeoutSeconds()));
        to.put("proxy_protocol", text(options.proxyProtocol()));
        to.put("quic", text(options.quic()));
        to.put(
                "laddr_group_name",
                text(server.localAddresses().stream()
                        .map(each -> each.address() + " " + each.device())
                        .toList()));
        to.put("daddr_group_name, waddr_group_name", text(server.unsupported()));
        to.put("quorum", text(server.quorum()));
        to.put("hysteresis", text(server.hysteresis()));
        to.put("quorum_up", text(server.quorumUp()));
        to.put("quorum_down", text(server.quorumDown()));
        VirtualServer.SorryServer sorry = server.sorryServer();
        to.put(
                "sorry_server",
                sorry == null
                        ? NONE
                        : sorry.endpoint() + " " + forwarding(sorry.options().forwarding()));
        to.put("sorry_server_inhibit", text(sorry != null && sorry.inhibited()));
        to.put("ha_suspend", text(server.suspended()));
        to.put("omega", text(server.omega()));
        to.put("smtp_alert", text(server.mail()));
        server.servers().forEach(real -> realServer(real, thing("real_server " + real.endpoint() + " of " + name)));
    }

    private static void realServer(RealServer real, Map<String, String> to) {
        ServerOptions options = real.options();
        to.put("weight", text(options.weight()));
        to.put("lvs_method", forwarding(options.forwarding()));
        to.put("uthreshold", text(options.upperThreshold()));
        to.put("lthreshold", text(options.lowerThreshold()));
        to.put("inhibit_on_failure", text(real.inhibited()));
        to.put("notify_up", text(real.up()));
        to.put("notify_down", text(real.down()));
        to.put("smtp_alert", text(real.mail()));
        to.put("checks", text(real.checks().stream().map(CheckDescription::of).toList()));
    }

    private static String forwarding(Forwarding forwarding) {
        return switch (forwarding) {
            case MASQUERADE, LOCAL -> "NAT";
            case TUNNEL -> "TUN";
            case ROUTE -> "DR";
            case FULLNAT -> "FNAT";
            case SNAT -> "SNAT";
        };
    }
}
