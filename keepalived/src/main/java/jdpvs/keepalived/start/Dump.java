package jdpvs.keepalived.start;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import jdpvs.control.KeepalivedReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state as text, for SIGUSR1 and SIGUSR2 (facts: config §9). It works without dpvs, which {@code dpvsctl ha} does not. */
final class Dump {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private Dump() {}

    /**
     * Writes a file that nobody else can read.
     *
     * @param state the whole state; else counters only
     */
    static void write(Path file, KeepalivedReport report, boolean state) {
        try {
            PrivateFile.write(file, state ? state(report) : statistics(report));
            LOG.info("wrote {}", file);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, Launch.reason(e));
        }
    }

    private static String state(KeepalivedReport report) {
        StringBuilder text = new StringBuilder();
        text.append("keepalived ")
                .append(report.pid())
                .append(", ")
                .append(report.configurationFile())
                .append(", started ")
                .append(time(report.startedMillis()))
                .append(", loaded ")
                .append(time(report.loadedMillis()))
                .append('\n');
        for (var instance : report.instances()) {
            text.append("vrrp_instance ").append(instance.name());
            text.append("\n    state ")
                    .append(instance.state())
                    .append(" since ")
                    .append(time(instance.sinceMillis()));
            text.append("\n    reason ").append(instance.reason());
            text.append("\n    interface ").append(instance.networkInterface());
            text.append("\n    virtual_router_id ").append(instance.virtualRouterId());
            text.append("\n    priority ")
                    .append(instance.priority())
                    .append(" of ")
                    .append(instance.basePriority());
            instance.addresses()
                    .forEach(address -> text.append("\n    address ").append(address));
            for (var transition : instance.transitions()) {
                text.append("\n    ")
                        .append(time(transition.atMillis()))
                        .append(' ')
                        .append(transition.from())
                        .append(" -> ")
                        .append(transition.to())
                        .append(": ")
                        .append(transition.reason());
            }
            text.append('\n');
        }
        for (var server : report.virtualServers()) {
            text.append("virtual_server ").append(server.name()).append(server.up() ? " UP" : " DOWN");
            text.append(" weight ")
                    .append(server.weight())
                    .append(" quorum ")
                    .append(server.quorum())
                    .append('\n');
            for (var real : server.servers()) {
                text.append("    real_server ").append(real.endpoint()).append(real.up() ? " UP" : " DOWN");
                text.append(" weight ").append(real.weight()).append('\n');
                for (var check : real.checks()) {
                    text.append("        ").append(check.keyword()).append(' ').append(check.target());
                    text.append(check.up() ? " UP" : " DOWN").append(" since ").append(time(check.sinceMillis()));
                    if (!check.error().isEmpty()) {
                        text.append(", last error ")
                                .append(time(check.errorMillis()))
                                .append(": ")
                                .append(check.error());
                    }
                    text.append('\n');
                }
            }
        }
        report.refused()
                .forEach(sentence -> text.append("refused ").append(sentence).append('\n'));
        return text.toString();
    }

    private static String statistics(KeepalivedReport report) {
        StringBuilder text = new StringBuilder();
        for (var instance : report.instances()) {
            text.append("vrrp_instance ").append(instance.name());
            text.append("\n    advertisements sent ").append(instance.sent());
            text.append("\n    advertisements received ").append(instance.received());
            text.append("\n    advertisements refused ").append(instance.refused());
            text.append("\n    transitions ")
                    .append(instance.transitions().size())
                    .append('\n');
        }
        return text.toString();
    }

    private static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }
}
