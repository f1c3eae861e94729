package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import jdpvs.config.Messages;
import jdpvs.config.ValueType;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** Makes the global settings. */
final class GlobalRules {
    private static final IpAddress GROUP_IPV4 = IpAddress.parse("224.0.0.18");
    private static final IpAddress GROUP_IPV6 = IpAddress.parse("ff02::12");
    private static final int SMTP_PORT = 25;

    private final Context context;
    private final Node global;

    GlobalRules(Context context) {
        this.context = context;
        global = context.global;
    }

    GlobalSettings settings() {
        return new GlobalSettings(
                Objects.requireNonNullElse(global.text("router_id"), context.hostName),
                group("vrrp_mcast_group4", GROUP_IPV4),
                group("vrrp_mcast_group6", GROUP_IPV6),
                global.time("vrrp_startup_delay", Duration.ZERO),
                global.time("vrrp_garp_interval", Duration.ZERO),
                global.time("vrrp_gna_interval", Duration.ZERO),
                global.number("vrrp_rt_priority"),
                global.flag("enable_script_security"),
                fifo("notify_fifo"),
                fifo("vrrp_notify_fifo"),
                fifo("lvs_notify_fifo"),
                global.flag("rs_init_notifies"),
                global.flag("lvs_flush"),
                mail());
    }

    private IpAddress group(String key, IpAddress otherwise) {
        IpAddress address = global.address(key);
        if (address == null) {
            return otherwise;
        }
        if (address.ipv6() != otherwise.ipv6() || !address.toAddress().isMulticast()) {
            context.messages.warn(
                    global.place(key),
                    key + " " + address + " must be an IPv" + (otherwise.ipv6() ? 6 : 4) + " multicast address; "
                            + otherwise + " is used");
            return otherwise;
        }
        return address;
    }

    private GlobalSettings.@Nullable Fifo fifo(String key) {
        List<String> words = global.words(key);
        if (words.isEmpty()) {
            return null;
        }
        if (words.size() > 1) {
            context.messages.noticeOnce(
                    key + " user",
                    global.place(key),
                    key + ": the pipe belongs to who runs keepalived; what follows its path is ignored");
        }
        return new GlobalSettings.Fifo(words.getFirst(), context.commands.of(global, key + "_script"));
    }

    private GlobalSettings.@Nullable Mail mail() {
        List<String> recipients = global.one("notification_email").entries().stream()
                .map(entry -> (String) entry.value())
                .toList();
        List<String> server = global.words("smtp_server");
        if (recipients.isEmpty()) {
            return null;
        }
        if (server.isEmpty()) {
            context.messages.warn(
                    global.one("notification_email").at,
                    "notification_email without smtp_server: there are no mails; name the server, for example smtp_server 127.0.0.1");
            return null;
        }
        int port = SMTP_PORT;
        if (server.size() > 1) {
            if (new ValueType.Whole(1, 65_535, null).value(server.get(1)) instanceof Long number) {
                port = number.intValue();
            } else {
                context.messages.warn(
                        global.place("smtp_server"),
                        "smtp_server: port " + Messages.quote(server.get(1)) + " must be 1 … 65535; " + SMTP_PORT
                                + " is used");
            }
        }
        return new GlobalSettings.Mail(
                recipients,
                Objects.requireNonNullElse(global.text("notification_email_from"), "keepalived@" + context.hostName),
                server.getFirst(),
                port,
                greeting(context),
                global.time("smtp_connect_timeout", Duration.ZERO));
    }

    /** The name in HELO. */
    static String greeting(Context context) {
        return Objects.requireNonNullElse(context.global.text("smtp_helo_name"), context.hostName);
    }
}
