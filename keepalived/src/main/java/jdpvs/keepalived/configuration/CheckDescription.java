package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jdpvs.keepalived.configuration.CheckSettings.Dns;
import jdpvs.keepalived.configuration.CheckSettings.Http;
import jdpvs.keepalived.configuration.CheckSettings.Misc;
import jdpvs.keepalived.configuration.CheckSettings.Ping;
import jdpvs.keepalived.configuration.CheckSettings.Smtp;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.configuration.CheckSettings.Tcp;
import jdpvs.keepalived.configuration.CheckSettings.Timing;
import jdpvs.keepalived.configuration.CheckSettings.Udp;

/** A check in words of the file, in full: two that differ anywhere have different texts. */
final class CheckDescription {
    private CheckDescription() {}

    static String of(CheckSettings check) {
        String own = switch (check) {
            case Tcp tcp -> target(tcp.target());
            case Ping ping -> target(ping.target());
            case Smtp smtp -> target(smtp.target()) + " helo_name " + smtp.greeting();
            case Dns dns -> target(dns.target()) + " type " + dns.type() + " name " + dns.name();
            case Udp udp ->
                target(udp.target())
                        + (udp.payload() == null ? "" : " payload " + udp.payload())
                        + (udp.replyRequired() ? " require_reply" : "")
                        + (udp.reply() == null ? "" : " " + udp.reply())
                        + " min_reply_length " + udp.minimumLength() + " max_reply_length " + udp.maximumLength()
                        + (udp.proxyProtocol() == null ? "" : " proxy_protocol " + udp.proxyProtocol());
            case Http http ->
                target(http.target()) + " http_protocol " + http.version()
                        + (http.serverName() ? " enable_sni" : "")
                        + (http.fastRecovery() ? " fast_recovery" : "")
                        + (http.proxyProtocol() == null ? "" : " proxy_protocol " + http.proxyProtocol())
                        + http.urls().stream().map(CheckDescription::url).collect(Collectors.joining());
            case Misc misc ->
                "misc_path \"" + misc.script() + "\""
                        + (misc.script().user() == null
                                ? ""
                                : " user " + misc.script().user())
                        + (misc.script().group() == null
                                ? ""
                                : " " + misc.script().group())
                        + " misc_timeout " + WordType.seconds(misc.timeout())
                        + (misc.dynamic() ? " misc_dynamic" : "");
        };
        return check.keyword() + " { " + own + " " + timing(check.timing()) + " }";
    }

    private static String target(Target target) {
        return "connect_ip " + target.destination().address() + " connect_port "
                + target.destination().port()
                + (target.source() == null ? "" : " bindto " + target.source())
                + (target.sourcePort() == 0 ? "" : " bind_port " + target.sourcePort())
                + (target.sourceInterface() == null ? "" : " bind_if " + target.sourceInterface())
                + (target.mark() == 0 ? "" : " fwmark " + target.mark());
    }

    private static String timing(Timing timing) {
        return "delay_loop " + WordType.seconds(timing.interval()) + " retry " + timing.retries()
                + " delay_before_retry "
                + WordType.seconds(timing.retryDelay()) + " warmup " + WordType.seconds(timing.warmup())
                + " connect_timeout " + WordType.seconds(timing.connectTimeout()) + (timing.alpha() ? " alpha" : "")
                + (timing.logAllFailures() ? " log_all_failures" : "");
    }

    private static String url(Http.Url url) {
        List<String> words = new ArrayList<>(List.of(" url { path", url.path(), "status_code"));
        url.statusCodes()
                .forEach(range -> words.add(range.from() + (range.to() == range.from() ? "" : "-" + range.to())));
        if (url.digest() != null) {
            words.add("digest " + url.digest());
        }
        if (url.host() != null) {
            words.add("virtualhost " + url.host());
        }
        if (url.regex() != null) {
            words.add("regex \"" + url.regex() + "\" flags " + url.regexFlags()
                    + (url.regexAbsent() ? " regex_no_match" : "") + " regex_min_offset " + url.regexMinimumOffset()
                    + " regex_max_offset " + url.regexMaximumOffset());
        }
        words.add("}");
        return String.join(" ", words);
    }
}
