package jdpvs.config.dpvs;

import static jdpvs.config.dpvs.DpvsType.Rounding.POWER_OF_TWO;
import static jdpvs.config.dpvs.DpvsType.Rounding.POWER_OF_TWO_MINUS_ONE;
import static jdpvs.config.dpvs.Key.flag;
import static jdpvs.config.dpvs.Key.number;
import static jdpvs.config.dpvs.Key.onOff;

import java.util.List;
import jdpvs.config.ValueType;

/**
 * Every block and key of dpvs.conf (facts: config §2–§6, version 1.10.2 and, where marked, only 1.8), declared once: the parser, the check
 * and the reference page are made from it.
 */
final class KeyTable {
    static final long LONGEST_SECONDS = 31_535_999;

    static final String SOFTWARE_STEERING = "packets are steered to workers in software";

    static final Block ROOT = Block.of(
            "",
            "CFG_FILE",
            List.of(),
            global(),
            DeviceKeys.netif(),
            DeviceKeys.workers(),
            Block.of(
                    "timer_defs",
                    "DTIMER",
                    List.of(number("schedule_interval", 1, 10_000_000, 10, "Microseconds between turns of the timers.")
                            .reload()
                            .unused("timers turn once per cycle of a worker"))),
            Block.of(
                    "neigh_defs",
                    "NEIGHBOUR",
                    List.of(
                            number(
                                    "unres_queue_length",
                                    16,
                                    8192,
                                    128,
                                    "Packets that may wait for one unresolved next hop."),
                            number("timeout", 1, 3600, 60, "Seconds that an answer of ARP counts as fresh.")
                                    .reload())),
            Block.of(
                    "ipset_defs",
                    "IPSET",
                    List.of(number(
                                    "ipset_hash_pool_size",
                                    65_536,
                                    Integer.MAX_VALUE,
                                    POWER_OF_TWO_MINUS_ONE,
                                    262_143,
                                    "Entries of all sets.")
                            .unused("sets of addresses are not supported yet"))),
            ipv4(),
            ipv6(),
            control(),
            Block.of(
                    "sa_pool",
                    "SAPOOL",
                    List.of(
                            number(
                                    "pool_hash_size",
                                    1,
                                    128,
                                    16,
                                    "Servers told apart when ports of a local address are counted as free."),
                            onOff("flow_enable", true, "Rules for local addresses in the NIC.")
                                    .unused(SOFTWARE_STEERING))),
            BalancerKeys.ipvs());

    private KeyTable() {}

    private static Block global() {
        return Block.of(
                "global_defs",
                "CFG_FILE",
                List.of(
                        flag("daemon", "Go to the background.")
                                .unused("dpvs stays in the foreground; a service manager or & does this"),
                        Key.of(
                                        "log_level",
                                        new ValueType.Word(
                                                List.of(
                                                        "EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO",
                                                        "DEBUG"),
                                                ValueType.Match.PREFIX),
                                        "DEBUG",
                                        "The least important messages that are logged.")
                                .reload(),
                        Key.of(
                                        "log_file",
                                        new ValueType.Text(255, ".+", "path"),
                                        null,
                                        "Where the log goes; absent = syslog.")
                                .reload(),
                        onOff("log_async_mode", false, "Log from a thread of its own.")
                                .unused("no worker ever waits for the log"),
                        number(
                                        "log_async_pool_size",
                                        1023,
                                        Integer.MAX_VALUE,
                                        POWER_OF_TWO_MINUS_ONE,
                                        16_383,
                                        "Messages on their way to the log.")
                                .unused("no worker ever waits for the log"),
                        onOff("log_with_timestamp", false, "Begin each line with the time.")
                                .reload(),
                        Key.of(
                                "session_log",
                                new ValueType.Text(255, ".+", "path or syslog"),
                                null,
                                "One line for each connection's begin and end, into a file or `syslog`; absent = off. Takes 32 bytes"
                                        + " more per connection. Not known to DPVS, which warns and ignores it; see session-log.md."),
                        onOff("pdump", false, "Hook for packet capture.")
                                .unused("what passes is visible to tcpdump on the interface"),
                        onOff(
                                "kni",
                                true,
                                "Whether devices and bonds have the kernel interfaces that `kni_name` names."),
                        onOff("lldp", false, "Tell and learn link neighbours.")
                                .reload()
                                .unused("LLDP is not supported yet")));
    }

    private static Block ipv4() {
        Block fragment = Block.of(
                        "fragment",
                        "IPV4",
                        List.of(
                                number("bucket_number", 32, 65_536, 4096, "Buckets of the reassembly table."),
                                number("bucket_entries", 1, 256, 16, "Entries of a bucket."),
                                number("max_entries", 32, 65_536, 4096, "Packets under reassembly."),
                                number("ttl", 1, 255, 1, "Seconds to wait for missing fragments.")))
                .unused("each worker keeps up to 2,048 incomplete datagrams, in 6 MiB, for 5 seconds");
        return Block.of(
                "ipv4_defs",
                "IPV4",
                List.of(
                        onOff("forwarding", false, "Pass packets on that are not for dpvs.")
                                .reload(),
                        number(
                                "default_ttl",
                                0,
                                255,
                                64,
                                "Time to live of packets that dpvs makes itself; 0 means 64.")),
                fragment);
    }

    private static Block ipv6() {
        Block lpm = Block.of(
                "lpm",
                "IPV6",
                List.of(
                        number("lpm6_max_rules", 16, Integer.MAX_VALUE, 256, "Routes."),
                        number("lpm6_num_tbl8s", 256, 1_048_576, 4096, "Tables of the longest-prefix match."),
                        number("rt6_hash_bucket", 16, 65_536, 256, "Buckets of routes."),
                        number("rt6_array_size", 1, Integer.MAX_VALUE, 65_536, "Routes, in version 1.8.")));
        return Block.of(
                "ipv6_defs",
                "IPV6",
                List.of(
                        onOff("disable", false, "No IPv6 at all.").reload(),
                        onOff("forwarding", false, "Pass IPv6 packets on.").reload(),
                        Key.of(
                                        "addr_gen_mode",
                                        new ValueType.Word(
                                                List.of("eui64", "none", "stable-privacy", "random"),
                                                ValueType.Match.EXACT),
                                        "eui64",
                                        "How each device's link-local address is made: from its MAC address (RFC 4291), from a secret (RFC 7217), at random, or not at all. A"
                                                + " device that is shared with the kernel gets none, for the kernel has its own.")
                                .reload(),
                        Key.of(
                                        "stable_secret",
                                        new ValueType.Text(32, "[0-9a-fA-F]{32}", "32 hexadecimal digits"),
                                        null,
                                        "Secret of stable-privacy addresses; without it they are stable until the next start only.")
                                .reload()),
                Block.of(
                                "route6",
                                "IPV6",
                                List.of(
                                        Key.of(
                                                "method",
                                                new ValueType.Word(List.of("hlist", "lpm"), ValueType.Match.EXACT),
                                                "hlist",
                                                "How routes are looked up."),
                                        number("recycle_time", 1, 36_000, 10, "Seconds until removed routes are freed.")
                                                .reload()),
                                lpm)
                        .unused("routes are looked up by longest prefix, as many as there are"));
    }

    private static Block control() {
        String oneDoor = "commands never go through the workers' queues";
        return Block.of(
                "ctrl_defs",
                "MSGMGR",
                List.of(),
                Block.of(
                                "lcore_msg",
                                "MSGMGR",
                                List.of(
                                        number(
                                                "ring_size",
                                                256,
                                                524_288,
                                                POWER_OF_TWO,
                                                4096,
                                                "Messages between master and worker."),
                                        number(
                                                        "sync_msg_timeout_us",
                                                        1,
                                                        Integer.MAX_VALUE,
                                                        2000,
                                                        "Microseconds to wait for a worker's answer.")
                                                .reload(),
                                        Key.of(
                                                        "priority_level",
                                                        new ValueType.Word(
                                                                List.of("low", "norm", "high", "ign"),
                                                                ValueType.Match.EXACT),
                                                        "low",
                                                        "Least priority of messages that are served.")
                                                .reload()))
                        .unused(oneDoor),
                Block.of(
                                "ipc_msg",
                                "MSGMGR",
                                List.of(Key.of(
                                        "unix_domain",
                                        new ValueType.Text(255, ".+", "path, at most 255 characters"),
                                        "/var/run/dpvs_ctrl",
                                        "Control socket, in version 1.8.")))
                        .unused("the control socket is /var/run/dpvs.ipc or what `-x` says"));
    }
}
