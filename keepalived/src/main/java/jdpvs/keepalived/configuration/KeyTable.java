package jdpvs.keepalived.configuration;

import java.util.List;

/** Every block and key of keepalived.conf (facts: config §10–§12), declared once: the parser and the reference page are made from it. */
final class KeyTable {
    static final Block ROOT = Block.of(
            "",
            "",
            List.of(
                    Key.unused("net_namespace", "start keepalived in the namespace, with ip netns exec"),
                    Key.unused("instance", "-i names the instance"),
                    Key.unused("use_pid_dir", "-p names the pid file"),
                    Key.unused("child_wait_time", "keepalived is one process"),
                    Key.unused("linkbeat_use_polling", "the kernel tells of carriers")),
            GlobalKeys.block(),
            Block.list("local_address_group", new EntryType.Local(), "Local addresses for full NAT and SNAT.")
                    .named("NAME"),
            Block.list("deny_address_group", new EntryType.Member(), "Clients that are refused.")
                    .named("NAME"),
            Block.list("allow_address_group", new EntryType.Member(), "Clients that are served, no others.")
                    .named("NAME"),
            Block.unused("tunnel_group", "keepalived makes no tunnels"),
            TrackKeys.script(),
            TrackKeys.file(),
            TrackKeys.process(),
            VrrpKeys.instance(),
            VrrpKeys.syncGroup(),
            Block.unused("garp_group", "vrrp_garp_interval and vrrp_gna_interval count for each interface"),
            Block.unused("track_group", "static addresses and routes depend on no instance"),
            Block.list(
                    "static_ipaddress",
                    new AddressEntry(),
                    "Addresses of dpvs devices, whatever the instances' states are; `dev` is needed."),
            Block.list(
                    "static_routes",
                    new RouteEntry(),
                    "Routes of dpvs, whatever the instances' states are; `dev` is needed."),
            Block.unused("static_rules", "dpvs has no routing rules"),
            Block.unused("linkbeat_interfaces", "the kernel tells of carriers"),
            Block.unused("bfd_instance", "there is no BFD"),
            Block.list(
                            "virtual_server_group",
                            new EntryType.Service(),
                            "Services of dpvs that have their real servers and checks in common; of one family.")
                    .named("NAME"),
            ServerKeys.virtualServer(),
            Block.unused("SSL", "SSL_GET shows no certificate and accepts any"));

    private KeyTable() {}
}
