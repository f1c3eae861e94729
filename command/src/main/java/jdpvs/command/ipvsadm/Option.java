package jdpvs.command.ipvsadm;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may follow the command on a line; several letters may feed one option of the legality table, whose name ({@link Group}) the messages use.
 */
enum Option {
    NUMERIC('n', "numeric", Value.NONE, Group.NUMERIC),
    CONNECTION('c', "connection", Value.NONE, Group.CONNECTION),
    TCP('t', "tcp-service", Value.NEEDED, Group.SERVICE),
    UDP('u', "udp-service", Value.NEEDED, Group.SERVICE),
    SCTP('\0', "sctp-service", Value.NEEDED, Group.SERVICE),
    ICMP('q', "icmp-service", Value.NEEDED, Group.SERVICE),
    ICMPV6('1', "icmpv6-service", Value.NEEDED, Group.SERVICE),
    FWMARK('f', "fwmark-service", Value.NEEDED, Group.SERVICE),
    MATCH('H', "match", Value.NEEDED, Group.SERVICE),
    SCHEDULER('s', "scheduler", Value.NEEDED, Group.SCHEDULER),
    PERSISTENT('p', "persistent", Value.OPTIONAL, Group.PERSISTENT),
    NETMASK('M', "netmask", Value.NEEDED, Group.NETMASK),
    REAL_SERVER('r', "real-server", Value.NEEDED, Group.SERVER),
    GATEWAYING('g', "gatewaying", Value.NONE, Group.FORWARD),
    MASQUERADING('m', "masquerading", Value.NONE, Group.FORWARD),
    TUNNELING('i', "ipip", Value.NONE, Group.FORWARD),
    FULLNAT('b', "fullnat", Value.NONE, Group.FORWARD),
    SNAT('J', "snat", Value.NONE, Group.FORWARD),
    WEIGHT('w', "weight", Value.NEEDED, Group.WEIGHT),
    UPPER('x', "u-threshold", Value.NEEDED, Group.UPPER),
    LOWER('y', "l-threshold", Value.NEEDED, Group.LOWER),
    MULTICAST('\0', "mcast-interface", Value.NEEDED, Group.MULTICAST),
    TIMEOUT('\0', "timeout", Value.NONE, Group.TIMEOUT),
    DAEMON('\0', "daemon", Value.NONE, Group.DAEMON),
    STATS('\0', "stats", Value.NONE, Group.STATS),
    RATE('\0', "rate", Value.NONE, Group.RATE),
    THRESHOLDS('\0', "thresholds", Value.NONE, Group.THRESHOLDS),
    PERSISTENT_CONN('\0', "persistent-conn", Value.NONE, Group.PERSISTENT_CONN),
    NO_SORT('\0', "nosort", Value.NONE, Group.NO_SORT),
    SORT('\0', "sort", Value.NONE, Group.FREE),
    SYNC_ID('\0', "syncid", Value.NEEDED, Group.SYNC_ID),
    EXACT('X', "exact", Value.NONE, Group.EXACT),
    ONE_PACKET('o', "ops", Value.NONE, Group.ONE_PACKET),
    ENGINE('\0', "pe", Value.NEEDED, Group.ENGINE),
    LOCAL_ADDRESS('z', "laddr", Value.NEEDED, Group.LOCAL_ADDRESS),
    BLACKLIST('k', "blklst", Value.NEEDED, Group.BLACKLIST),
    SYN_PROXY('j', "synproxy", Value.NEEDED, Group.SYN_PROXY),
    INTERFACE('F', "ifname", Value.NEEDED, Group.INTERFACE),
    SOCKPAIR('\0', "sockpair", Value.NEEDED, Group.SOCKPAIR),
    HASH_TARGET('\0', "hash-target", Value.NEEDED, Group.HASH_TARGET),
    CPU('\0', "cpu", Value.NEEDED, Group.CPU),
    EXPIRE_QUIESCENT('\0', "expire-quiescent", Value.NONE, Group.EXPIRE_QUIESCENT),
    WHITELIST('2', "whtlst", Value.NEEDED, Group.WHITELIST),
    DEST_CHECK('\0', "dest-check", Value.NEEDED, Group.FREE),
    CONN_TIMEOUT('\0', "conn-timeout", Value.NEEDED, Group.FREE),
    PROXY_PROTOCOL('\0', "proxy-protocol", Value.NEEDED, Group.FREE),
    QUIC('\0', "quic", Value.NONE, Group.FREE),
    IPV6('6', "ipv6", Value.NONE, Group.FREE);

    /** Whether a value follows. */
    enum Value {
        NONE,
        NEEDED,
        OPTIONAL
    }

    /** The columns of the legality table, in the order in which conflicts are looked for (facts: cli §4.5). */
    enum Group {
        NUMERIC("numeric"),
        CONNECTION("connection"),
        SERVICE("service-address"),
        SCHEDULER("scheduler"),
        PERSISTENT("persistent"),
        NETMASK("netmask"),
        SERVER("real-server"),
        FORWARD("forwarding-method"),
        WEIGHT("weight"),
        UPPER("u-threshold"),
        LOWER("l-threshold"),
        MULTICAST("mcast-interface"),
        TIMEOUT("timeout"),
        DAEMON("daemon"),
        STATS("stats"),
        RATE("rate"),
        THRESHOLDS("thresholds"),
        PERSISTENT_CONN("persistent-conn"),
        NO_SORT("nosort"),
        SYNC_ID("syncid"),
        EXACT("exact"),
        ONE_PACKET("ops"),
        ENGINE("pe"),
        LOCAL_ADDRESS("local-address"),
        BLACKLIST("blklst-address"),
        SYN_PROXY("synproxy"),
        INTERFACE("ifname"),
        SOCKPAIR("sockpair"),
        HASH_TARGET("hash-target"),
        CPU("cpu"),
        EXPIRE_QUIESCENT("expire-quiescent"),
        WHITELIST("whtlst-address"),
        /** Not in the table: taken with every command. */
        FREE("");

        private final String listed;

        Group(String listed) {
            this.listed = listed;
        }

        String listed() {
            return listed;
        }
    }

    private static final Map<Character, Option> BY_LETTER = new HashMap<>();
    private static final Map<String, Option> BY_NAME = new HashMap<>();

    static {
        for (Option option : values()) {
            if (option.letter != '\0') {
                BY_LETTER.put(option.letter, option);
            }
            BY_NAME.put(option.longName, option);
        }
    }

    private final char letter;
    private final String longName;
    private final Value value;
    private final Group group;

    Option(char letter, String longName, Value value, Group group) {
        this.letter = letter;
        this.longName = longName;
        this.value = value;
        this.group = group;
    }

    Value value() {
        return value;
    }

    Group group() {
        return group;
    }

    static @Nullable Option of(char letter) {
        return BY_LETTER.get(letter);
    }

    static @Nullable Option of(String longName) {
        return BY_NAME.get(longName);
    }
}
