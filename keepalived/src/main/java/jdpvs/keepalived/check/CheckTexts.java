package jdpvs.keepalived.check;

import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.keepalived.notice.Notices;

/** What the log and the report say of a check; the texts of facts config §11.7 are kept to the letter, for scripts look for them. */
final class CheckTexts {
    private final CheckSettings settings;
    private final String server;
    private final String service;

    /**
     * @param server {@code [192.0.2.11]:tcp:8080}
     * @param service the virtual server's name
     */
    CheckTexts(CheckSettings settings, String server, String service) {
        this.settings = settings;
        this.server = server;
        this.service = service;
    }

    /** What is asked: {@code 10.0.0.1:80}, an address alone for a ping, or a command. */
    String target() {
        return switch (settings) {
            case CheckSettings.Misc misc -> misc.script().toString();
            case CheckSettings.Ping ping ->
                ping.target().destination().address().toString();
            case CheckSettings.Tcp tcp -> tcp.target().destination().toString();
            case CheckSettings.Http http -> http.target().destination().toString();
            case CheckSettings.Smtp smtp -> smtp.target().destination().toString();
            case CheckSettings.Dns dns -> dns.target().destination().toString();
            case CheckSettings.Udp udp -> udp.target().destination().toString();
        };
    }

    String success() {
        return switch (settings) {
            case CheckSettings.Tcp _ -> "TCP connection to " + asked() + " success.";
            case CheckSettings.Http _ -> "Remote Web server " + asked() + " succeed on service.";
            case CheckSettings.Misc _ -> misc() + " success.";
            default -> settings.keyword() + " on service " + asked() + " success.";
        };
    }

    /** @param retries that failed too */
    String failure(int retries, String reason) {
        return switch (settings) {
            case CheckSettings.Http _ ->
                "HTTP_CHECK on service " + asked() + " failed" + (retries == 0 ? "." : " after " + retries + " retry.");
            case CheckSettings.Misc _ -> misc() + " failed (" + reason + ").";
            default ->
                settings.keyword() + " on service " + asked() + " failed"
                        + (retries == 0 ? "." : " after " + retries + " retries.");
        };
    }

    /** {@code TCP_CHECK on service [192.0.2.11]:tcp:8080}. */
    String subject() {
        return settings.keyword() + " on service " + asked();
    }

    /** One attempt's failure, which need not have consequences. */
    String attempt(String reason) {
        return subject() + ": " + reason;
    }

    private String misc() {
        return "Misc check for [" + server + " VS " + service + "] by [" + target() + "]";
    }

    private String asked() {
        return switch (settings) {
            case CheckSettings.Misc _ -> server;
            case CheckSettings.Tcp tcp -> asked("TCP", tcp.target());
            case CheckSettings.Http http -> asked("TCP", http.target());
            case CheckSettings.Smtp smtp -> asked("TCP", smtp.target());
            case CheckSettings.Dns dns -> asked("UDP", dns.target());
            case CheckSettings.Udp udp -> asked("UDP", udp.target());
            case CheckSettings.Ping ping -> "[" + ping.target().destination().address() + "]";
        };
    }

    private static String asked(String protocol, Target target) {
        return Notices.text(protocol, target.destination());
    }
}
