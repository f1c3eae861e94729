package jdpvs.config.dpvs;

import static jdpvs.config.dpvs.DpvsType.Rounding.POWER_OF_TWO;
import static jdpvs.config.dpvs.DpvsType.Rounding.POWER_OF_TWO_MINUS_ONE;
import static jdpvs.config.dpvs.Key.flag;
import static jdpvs.config.dpvs.Key.number;
import static jdpvs.config.dpvs.Key.onOff;

import java.util.List;
import jdpvs.config.ValueType;

/** The part of the table about devices, bonds and workers; all of it counts at the start only (facts: config §3, §4). */
final class DeviceKeys {
    /** IFNAMSIZ less the closing zero. */
    static final int NAME_LENGTH = 15;

    private static final String OLD_LIMIT = "it had no effect in DPVS either";
    private static final ValueType NAME =
            new ValueType.Text(NAME_LENGTH, "\\S+", "name, at most " + NAME_LENGTH + " characters");

    private DeviceKeys() {}

    static Block netif() {
        return Block.of(
                "netif_defs",
                "NETIF",
                List.of(
                        number(
                                        "pktpool_size",
                                        1023,
                                        134_217_727,
                                        POWER_OF_TWO_MINUS_ONE,
                                        65_535,
                                        "Frame buffers per NUMA node.")
                                .unused("frames live in the rings of the ports: `descriptor_number` sizes them"),
                        number("pktpool_cache", 32, 8192, POWER_OF_TWO, 256, "Frame buffers kept by each core.")
                                .unused("frames live in the rings of the ports"),
                        Key.of(
                                        "fdir_mode",
                                        new ValueType.Word(List.of("perfect", "signature"), ValueType.Match.EXACT),
                                        "perfect",
                                        "How the NIC matches flows.")
                                .unused(KeyTable.SOFTWARE_STEERING)),
                device(),
                bonding());
    }

    private static Block device() {
        ValueType rss = new DpvsType.Words(List.of("all", "ip", "tcp", "udp", "sctp", "ether", "port", "tunnel"), "|");
        Block fdir = Block.of(
                        "fdir",
                        "NETIF",
                        List.of(
                                onOff("filter", true, "Match flows in the NIC, in version 1.8."),
                                word(
                                        "mode",
                                        "perfect",
                                        "Kind of match, in version 1.8.",
                                        "none",
                                        "signature",
                                        "perfect",
                                        "perfect_mac_vlan",
                                        "perfect_tunnel"),
                                word("pballoc", "64k", "Memory of the match, in version 1.8.", "64k", "128k", "256k"),
                                word(
                                        "status",
                                        "matched",
                                        "What is reported, in version 1.8.",
                                        "close",
                                        "matched",
                                        "always")))
                .unused(KeyTable.SOFTWARE_STEERING);
        return Block.named(
                "device",
                "NETIF",
                List.of(
                        Key.of(
                                "port",
                                new ValueType.Text(255, "[a-z][a-z0-9_-]*(:.*)?", "KIND:ARGS, for example packet:eth1"),
                                null,
                                "How the device is reached; absent = the Linux interface of the device's name. jdpvs only; `--port` on the command line overrides it."),
                        number("mtu", 1, 9000, 1500, "Largest IP packet in bytes."),
                        flag("promisc_mode", "Receive frames for other stations too."),
                        flag("allmulticast", "Receive every multicast frame."),
                        Key.of(
                                "kni_name",
                                NAME,
                                null,
                                "Name of the interface that the kernel gets beside the device; absent = none. A bond's slaves have none, the bond has.")),
                Block.of(
                        "rx",
                        "NETIF",
                        List.of(
                                queueNumber(),
                                number(
                                        "descriptor_number",
                                        16,
                                        8192,
                                        POWER_OF_TWO,
                                        256,
                                        "Frames that a receive queue holds. Three or more queues of a `packet` port have this many together, but at least 32 each: a frame takes 64 KB, for segments come in whole."),
                                Key.of("rss", rss, "tcp", "What the NIC spreads over queues by.")
                                        .unused(KeyTable.SOFTWARE_STEERING),
                                number("max_burst_size", 1, 1024, 32, "Frames per burst, in version 1.8.")
                                        .unused(OLD_LIMIT))),
                Block.of(
                        "tx",
                        "NETIF",
                        List.of(
                                queueNumber(),
                                number(
                                        "descriptor_number",
                                        16,
                                        8192,
                                        POWER_OF_TWO,
                                        512,
                                        "Frames that a transmit queue holds."),
                                onOff("mbuf_fast_free", true, "Free buffers without looking at them.")
                                        .unused("frames live in the rings of the ports"),
                                number("max_burst_size", 1, 1024, 32, "Frames per burst, in version 1.8.")
                                        .unused(OLD_LIMIT))),
                fdir);
    }

    private static Key queueNumber() {
        return number(
                        "queue_number",
                        0,
                        16,
                        0,
                        "For information: the queues set up are those that workers bind; compared with them when given.")
                .absent()
                .otherwise(16L);
    }

    private static Key word(String name, String defaultValue, String about, String... words) {
        return Key.of(name, new ValueType.Word(List.of(words), ValueType.Match.EXACT), defaultValue, about);
    }

    private static Block bonding() {
        return Block.named(
                "bonding",
                "NETIF",
                List.of(
                        Key.of(
                                "mode",
                                new DpvsType.Numbered(BondingModes.POSSIBLE),
                                0L,
                                BondingModes.NAMES + ". Another number is an error."),
                        Key.of(
                                        "slave",
                                        NAME,
                                        null,
                                        "A declared device, once per line; it is dpvs's alone (`packet:IF,exclusive`).")
                                .repeat(),
                        Key.of(
                                "primary",
                                NAME,
                                null,
                                "The slave whose MAC address and queue settings are the bond's, and which mode 1 prefers; absent = the first."),
                        number("numa_node", 0, 255, 0, "Where its memory lies.")
                                .unused("memory is taken where the worker runs"),
                        Key.of(
                                        "options",
                                        new ValueType.Text(
                                                255,
                                                "dedicated_queues=(on|enable|off|disable);?",
                                                "dedicated_queues=on, enable, off or disable"),
                                        "dedicated_queues=on",
                                        "Queues of its own for LACP in mode 4.")
                                .unused("LACP always has a queue of its own"),
                        Key.of(
                                "kni_name",
                                NAME,
                                null,
                                "Name of the interface that the kernel gets beside the bond; absent = none.")));
    }

    static Block workers() {
        ValueType queues = new DpvsType.Numbers(0, 15);
        return Block.of(
                "worker_defs",
                "NETIF",
                List.of(),
                Block.named(
                        "worker",
                        "NETIF",
                        List.of(
                                word(
                                        "type",
                                        "slave",
                                        "master: the control plane; slave: forwards; kni: its CPU serves the kernel interfaces and LACP (absent = any CPU), its queue ids count in listings only.",
                                        "master",
                                        "slave",
                                        "kni"),
                                number(
                                                "cpu_id",
                                                0,
                                                1023,
                                                0,
                                                "The CPU to run on, unique; a CPU that the machine lacks means running unpinned.")
                                        .absent(),
                                flag("icmp_redirect_core", "Handles fragment-needed messages for the kernel.")
                                        .unused("what is for the kernel's addresses reaches it from every worker")),
                        Block.named(
                                "port",
                                "NETIF",
                                List.of(
                                        Key.of(
                                                "rx_queue_ids",
                                                queues,
                                                null,
                                                "Queues to receive from, separated by blanks."),
                                        Key.of("tx_queue_ids", queues, null, "Queues to send by, separated by blanks."),
                                        Key.of(
                                                        "isol_rx_cpu_ids",
                                                        new DpvsType.Numbers(0, 1023),
                                                        null,
                                                        "CPUs that only receive, one per queue.")
                                                .unused("a worker receives for itself"),
                                        number(
                                                        "isol_rxq_ring_sz",
                                                        1024,
                                                        1L << 31,
                                                        POWER_OF_TWO,
                                                        1_048_576,
                                                        "Frames between such a CPU and its worker.")
                                                .unused("a worker receives for itself")))));
    }
}
