package jdpvs.command.dpip;

/** Usage texts. */
final class DpipHelp {
    static final String GENERAL = """
            Usage:
                dpip [OPTIONS] OBJECT { COMMAND | help } [arguments]
            Objects:
                link     network devices
                vlan     VLAN devices
                addr     addresses on devices
                route    routing table
                neigh    neighbours (ARP)
                ipv6     counters of IPv6 datagrams
            Commands:
                add | del | set | show | flush | help       (change = set, list = show)
            Options:
                -4, -6, -f, --family inet|inet6    address family
                -s, --stats                        statistics
                -v, --verbose                      more, also for each worker
                -i, --interval SECONDS             repeat
                -c, --count N                      stop after N repeats
                -C, --color                        colour every other repeat
                -h, --help                         help
                -V, --version                      version
            """;

    static final String ADDRESS = """
            Usage:
                dpip [-4|-6] [-s] [-v] addr show [dev DEV]
                dpip addr { add | set } IFADDR dev DEV [broadcast ADDR] [scope SCOPE]
                          [valid_lft LFT] [prefered_lft LFT] [sapool]
                dpip addr del IFADDR dev DEV
                dpip addr flush dev DEV
            Where:
                IFADDR := ADDR[/PLEN]
                SCOPE  := host | link | global | NUMBER
                LFT    := forever | SECONDS
                sapool    the address lends its ports to connections
            """;

    static final String ROUTE = """
            Usage:
                dpip [-4|-6] [-v] route show [dev DEV]
                dpip [-4|-6] route flush [dev DEV]
                dpip [-4|-6] route { add | del } PREFIX [via ADDR] [dev DEV] [src ADDR] [mtu N] [metric N]
                                   [scope SCOPE] [local]
            Where:
                PREFIX := ADDR[/PLEN] | default
                SCOPE  := host | kni_host | link | global
            """;

    static final String NEIGHBOUR = """
            Usage:
                dpip [-4|-6] neigh show [dev DEV]
                dpip neigh { add | del } ADDR [lladdr MAC] dev DEV
            """;

    static final String IPV6 = """
            Usage:
                dpip ipv6 show [ total | all | cpu N ]
            Where:
                total     sums over all workers, the default
                all       the sums, then each worker's counters
                cpu N     those of the worker on this CPU
            """;

    static final String VLAN = """
            Usage:
                dpip vlan add [NAME] link DEV [proto PROTO] id ID
                dpip vlan del { NAME | link DEV id ID }
                dpip vlan show [ NAME | link DEV [proto PROTO] [id ID] ]
            Where:
                NAME  := name of the VLAN device, DEV.ID by default
                DEV   := the device that carries its frames
                PROTO := 802.1q | vlan
                ID    := 1 ... 4095
            """;

    static final String LINK = """
            Usage:
                dpip [-s] [-v] [-i N [-c N]] [-C] link show [ DEV | cpu | cpuN | BOND status ]
                dpip link set DEV ITEM VALUE
                dpip link { add | del } BOND bond-slave DEV
            Where:
                ITEM := promisc | allmulticast | forward2kni | tc-egress | tc-ingress | lldp   VALUE := on | off
                        link                                                                   VALUE := up | down
                        addr                                                                   VALUE := MAC
                        bond-mode                                                              VALUE := 0 ... 6
                        bond-primary                                                           VALUE := DEV
                        bond-xmit-policy                                                       VALUE := LAYER2 | LAYER23 | LAYER34
                        bond-monitor-interval | bond-link-down-prop | bond-link-up-prop        VALUE := MILLISECONDS
            """;

    private DpipHelp() {}
}
