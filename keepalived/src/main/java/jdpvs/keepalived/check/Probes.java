package jdpvs.keepalived.check;

import java.util.regex.PatternSyntaxException;
import jdpvs.keepalived.configuration.CheckSettings;
import jdpvs.keepalived.notice.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes probes of settings, and holds what they share. */
final class Probes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_healthcheckers");

    private final ScriptRunner scripts;
    private final Pinger pinger = new Pinger();

    Probes(ScriptRunner scripts) {
        this.scripts = scripts;
    }

    /** Settings that nobody can ask with make a check that fails, and says why: a server must not pass for checked when it is not. */
    Probe of(CheckSettings settings) {
        try {
            return switch (settings) {
                case CheckSettings.Tcp tcp -> new TcpProbe(tcp);
                case CheckSettings.Http http -> new HttpProbe(http);
                case CheckSettings.Smtp smtp -> new SmtpProbe(smtp);
                case CheckSettings.Dns dns -> new DnsProbe(dns);
                case CheckSettings.Udp udp -> new UdpProbe(udp);
                case CheckSettings.Ping ping -> new PingProbe(ping, pinger);
                case CheckSettings.Misc misc -> new MiscProbe(misc, scripts);
            };
        } catch (PatternSyntaxException e) {
            return impossible(settings, "regex '" + e.getPattern() + "' is none: " + e.getDescription());
        } catch (IllegalArgumentException e) {
            return impossible(settings, String.valueOf(e.getMessage()));
        }
    }

    private static Probe impossible(CheckSettings settings, String reason) {
        LOG.error("{} always fails: {}", settings.keyword(), reason);
        return up -> Probe.Result.failure(reason);
    }

    @Override
    public void close() {
        pinger.close();
    }
}
