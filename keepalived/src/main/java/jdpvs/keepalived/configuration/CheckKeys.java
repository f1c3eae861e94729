package jdpvs.keepalived.configuration;

import static jdpvs.keepalived.configuration.Key.flag;
import static jdpvs.keepalived.configuration.Key.number;
import static jdpvs.keepalived.configuration.Key.text;
import static jdpvs.keepalived.configuration.Key.time;
import static jdpvs.keepalived.configuration.Key.unused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdpvs.config.ValueType;

/** Keys of checks (facts: config §11.6). */
final class CheckKeys {
    static final String LONGEST = "86400";

    /** RFC 1035 §3.2.2 and its successors. */
    static final Map<String, Integer> QUERY_TYPES =
            Map.of("A", 1, "NS", 2, "CNAME", 5, "SOA", 6, "MX", 15, "TXT", 16, "AAAA", 28, "RRSIG", 46, "DNSKEY", 48);

    private CheckKeys() {}

    /** @param retry the default in words, and so on */
    static List<Key> timing(String retry, String interval, String delay) {
        return List.of(
                time("delay_loop", "0.001", LONGEST, interval, "Between two checks."),
                number("retry", 0, 1_000_000, retry, "Further attempts before a failure counts."),
                time("delay_before_retry", "0", LONGEST, delay, "Before each of them."),
                time("warmup", "0", LONGEST, "`delay_loop`", "The first check comes at a random time within it."),
                time(
                        "connect_timeout",
                        "0.001",
                        LONGEST,
                        interval.equals("60") ? "5" : "of the service",
                        "For a connection, and for an answer."));
    }

    static List<Block> checks() {
        return List.of(
                check("TCP_CHECK", "Well when a connection is made.", "1", "1", true, List.of()),
                check("HTTP_GET", "Well when each url answers as it should.", "1", "3", true, web(), url()),
                check("SSL_GET", "HTTP_GET over TLS.", "1", "3", true, web(), url()),
                check(
                        "SMTP_CHECK",
                        "Well when the greeting goes well.",
                        "1",
                        "1",
                        true,
                        List.of(Key.of(
                                "helo_name",
                                new ValueType.Text(255, "\\S+", "NAME"),
                                "`smtp_helo_name`",
                                "The name in HELO.")),
                        Block.of("host", "Where to connect to, in old words.", target())),
                check(
                        "DNS_CHECK",
                        "Well when a query is answered without an error.",
                        "3",
                        "`delay_loop`",
                        true,
                        List.of(
                                Key.of(
                                                "type",
                                                new ValueType.Word(
                                                        QUERY_TYPES.keySet().stream()
                                                                .sorted()
                                                                .toList(),
                                                        ValueType.Match.ANY_CASE),
                                                "",
                                                "What is asked for.")
                                        .value("SOA"),
                                Key.of("name", new ValueType.Text(255, "\\S+", "NAME"), "", "Whose it is.")
                                        .value("."))),
                check(
                        "UDP_CHECK",
                        "Well unless the port is unreachable, or no answer comes where one must.",
                        "1",
                        "1",
                        true,
                        List.of(
                                text("payload", "TEXT", "What is sent, as it is; absent = random bytes."),
                                Key.of(
                                        "require_reply",
                                        new LineType.Words(1, "[TEXT]", true),
                                        "",
                                        "An answer must come, and begin with the text."),
                                number("min_reply_length", 0, 65_535, 0, "Bytes of an answer at least."),
                                number("max_reply_length", 0, 65_535, 255, "Bytes of an answer at most."))),
                check(
                        "PING_CHECK",
                        "Well when an echo request is answered. Not known to DPVS.",
                        "1",
                        "1",
                        true,
                        List.of()),
                check(
                        "MISC_CHECK",
                        "Well when a program ends with exit code 0.",
                        "0",
                        "1",
                        false,
                        List.of(
                                Key.command("misc_path", "The program; needed."),
                                time(
                                        "misc_timeout",
                                        "0.001",
                                        LONGEST,
                                        "`delay_loop`",
                                        "After which it is ended and counts as failed."),
                                flag("misc_dynamic", "Exit code 2 … 255 is well too and sets the weight, to 2 less."),
                                Key.of(
                                        "user",
                                        new LineType.Words(2, "USER [GROUP]", false),
                                        "`script_user`",
                                        "Who runs the program."))),
                Block.unused("BFD_CHECK", "there is no BFD, the server counts as well"),
                Block.unused("FILE_CHECK", "no file is watched, the server counts as well"));
    }

    private static Block check(
            String name, String about, String retry, String delay, boolean connects, List<Key> own, Block... blocks) {
        List<Key> keys = new ArrayList<>(own);
        keys.addAll(timing(retry, "of the server", delay));
        keys.add(flag("alpha", "of the server", "Down until a first success."));
        keys.add(
                flag("log_all_failures", "`checker_log_all_failures`", "Log each failure, not only those that count."));
        if (connects) {
            keys.addAll(target());
        } else {
            keys.removeIf(key -> key.name().equals("connect_timeout"));
        }
        return Block.of(name, about, keys, blocks).repeat();
    }

    private static List<Key> target() {
        return List.of(
                Key.of("connect_ip", new WordType.Ip(), "the server's", "Where to connect to."),
                number("connect_port", 1, 65_535, "the server's", "Where to connect to."),
                Key.of("bindto", new WordType.Ip(), "any", "Where to connect from."),
                number("bind_port", 1, 65_535, "any", "Where to connect from."),
                Key.of(
                        "bind_if",
                        new ValueType.Text(15, "[^\\s/]+", "INTERFACE"),
                        "as routed",
                        "Where to connect from."),
                number("fwmark", 0, Integer.MAX_VALUE, 0, "Mark of the packets, for the kernel's rules."));
    }

    private static List<Key> web() {
        return List.of(
                text("virtualhost", "HOST", "Host header of urls that do not say; absent = the server's."),
                Key.of(
                                "http_protocol",
                                new ValueType.Word(List.of("1.0", "1.0C", "1.1"), ValueType.Match.EXACT),
                                "",
                                "1.0C is 1.0 with Connection: close.")
                        .value("1.0"),
                flag("enable_sni", "Name the host in TLS."),
                flag("fast_recovery", "After a failure all urls are asked at once."),
                number("nb_get_retry", 0, 1_000_000, "", "Old word for retry."));
    }

    private static Block url() {
        return Block.of(
                        "url",
                        "One of those that are asked in turn.",
                        List.of(
                                text("path", "PATH", "With the query; needed."),
                                Key.of(
                                                "status_code",
                                                new LineType.Words(100, "CODE[-CODE] …", false),
                                                "200-299",
                                                "What is well.")
                                        .repeat(),
                                Key.of(
                                        "digest",
                                        new ValueType.Text(32, "[0-9a-fA-F]{32}", "MD5 in hexadecimal"),
                                        "any",
                                        "Of the body."),
                                text("virtualhost", "HOST", "Host header."),
                                text("regex", "EXPRESSION", "What the body must match."),
                                flag("regex_no_match", "It must not match."),
                                Key.of(
                                                "regex_options",
                                                new LineType.Words(100, "OPTION …", false),
                                                "",
                                                "caseless, multiline, dotall, extended …")
                                        .repeat(),
                                number(
                                        "regex_min_offset",
                                        0,
                                        Integer.MAX_VALUE,
                                        0,
                                        "Where a match begins at the earliest."),
                                number(
                                        "regex_max_offset",
                                        0,
                                        Integer.MAX_VALUE,
                                        "anywhere",
                                        "Where a match begins at the latest."),
                                unused("regex_stack", "expressions need no stack of their own")))
                .repeat();
    }
}
