package jdpvs.config.dpvs;

import static jdpvs.config.dpvs.DpvsType.Rounding.POWER_OF_TWO;
import static jdpvs.config.dpvs.DpvsType.Rounding.POWER_OF_TWO_MINUS_ONE;
import static jdpvs.config.dpvs.Key.flag;
import static jdpvs.config.dpvs.Key.number;
import static jdpvs.config.dpvs.Key.onOff;

import java.util.ArrayList;
import java.util.List;
import jdpvs.config.ValueType;

/** The part of the table about connections and protocols (facts: config §6). */
final class BalancerKeys {
    private static final String NOT_YET = "not supported yet";

    private BalancerKeys() {}

    static Block ipvs() {
        return Block.of("ipvs_defs", "IPVS", List.of(), connections(), udp(), tcp());
    }

    private static Block connections() {
        return Block.of(
                "conn",
                "IPVS",
                List.of(
                        number(
                                "conn_pool_size",
                                65_536,
                                1 << 30,
                                POWER_OF_TWO_MINUS_ONE,
                                2_097_151,
                                "Connections at most, over all workers."),
                        number("conn_pool_cache", 1, 8192, POWER_OF_TWO, 256, "Connections kept by each core.")
                                .unused("each worker has a table of its own"),
                        seconds("conn_init_timeout", 3, "Time-out of a connection until its first state."),
                        flag("expire_quiescent_template", "Ignore persistence templates of weight-0 servers.")
                                .reload()
                                .unused("persistence is " + NOT_YET),
                        flag("fast_xmit_close", "Route every packet anew.")
                                .unused("a connection's route is looked up again whenever routes or neighbours change"),
                        flag("xmit_ttl", "Lower the time to live of forwarded packets.")
                                .reload()
                                .unused(NOT_YET),
                        onOff("redirect", false, "Hand packets to the worker that owns their connection.")
                                .unused("always on")));
    }

    private static Block udp() {
        return Block.of(
                "udp",
                "IPVS",
                List.of(
                        flag("defence_udp_drop", "Drop UDP to addresses that have TCP services only.")
                                .reload()
                                .unused(NOT_YET),
                        Key.of(
                                        "uoa_mode",
                                        new ValueType.Word(List.of("opp", "ipo"), ValueType.Match.EXACT),
                                        "opp",
                                        "How UDP carries the client's address.")
                                .reload()
                                .unused("UDP does not carry the client's address yet"),
                        number("uoa_max_trail", 0, 255, 3, "Packets of a connection that carry the client's address.")
                                .reload()
                                .unused("UDP does not carry the client's address yet")),
                Block.of(
                        "timeout",
                        "IPVS",
                        List.of(
                                seconds("oneway", 300, "Time-out until the server has answered."),
                                seconds("normal", 300, "Time-out after that."),
                                seconds("last", 2, "Time-out of a connection that is being removed."))));
    }

    private static Block tcp() {
        List<Key> timeouts = new ArrayList<>();
        Object[][] states = {
            {"none", 2}, {"established", 90}, {"syn_sent", 3}, {"syn_recv", 30}, {"fin_wait", 7}, {"time_wait", 7},
            {"close", 3}, {"close_wait", 7}, {"last_ack", 7}, {"listen", 120}, {"synack", 30}, {"last", 2}
        };
        for (Object[] state : states) {
            timeouts.add(seconds((String) state[0], (Integer) state[1], "Time-out of this state."));
        }
        return Block.of(
                "tcp",
                "IPVS",
                List.of(flag(
                                "defence_tcp_drop",
                                "Drop TCP packets to services that belong to no connection and open none.")
                        .reload()
                        .unused("such packets never reach the kernel: the address belongs to dpvs")),
                Block.of("timeout", "IPVS", timeouts),
                synProxy());
    }

    private static Block synProxy() {
        return Block.of(
                        "synproxy",
                        "IPVS",
                        List.of(
                                flag(
                                                "close_client_window",
                                                "Keep the client from sending until the server has answered.")
                                        .reload(),
                                flag("defer_rs_syn", "Wait for the client's first data.")
                                        .reload(),
                                number("rs_syn_max_retry", 1, 99, 3, "How often a server's SYN is sent again.")
                                        .reload(),
                                number(
                                                "ack_storm_thresh",
                                                1,
                                                999,
                                                10,
                                                "Identical ACKs after which further ones are dropped.")
                                        .reload(),
                                number("max_ack_saved", 1, 63, 3, "Packets kept until the server has answered.")
                                        .reload()),
                        Block.of(
                                "synack_options",
                                "IPVS",
                                List.of(
                                        number("mss", 1, 65_535, 1452, "Largest segment that is announced.")
                                                .reload(),
                                        number("ttl", 1, 255, 63, "Time to live of the answer.")
                                                .reload(),
                                        Key.of(
                                                        "sack",
                                                        new DpvsType.Flag(),
                                                        true,
                                                        "Selective acknowledgement; on by default.")
                                                .reload(),
                                        Key.of(
                                                        "wscale",
                                                        new ValueType.Whole(0, 14, 0L),
                                                        0L,
                                                        "Window scale; a flag in version 1.8.")
                                                .reload(),
                                        flag("timestamp", "Timestamps.").reload())),
                        Block.of(
                                "conn_reuse_state",
                                "IPVS",
                                List.of(
                                        Key.of(
                                                        "close",
                                                        new DpvsType.Flag(),
                                                        true,
                                                        "Connections in this state are taken over by a SYN.")
                                                .reload(),
                                        Key.of("time_wait", new DpvsType.Flag(), true, "As above.")
                                                .reload(),
                                        flag("fin_wait", "As above.").reload(),
                                        flag("close_wait", "As above.").reload(),
                                        flag("last_ack", "As above.").reload())))
                .unused("SYN proxy is " + NOT_YET);
    }

    private static Key seconds(String name, long defaultValue, String about) {
        return number(name, 1, KeyTable.LONGEST_SECONDS, defaultValue, about).reload();
    }
}
