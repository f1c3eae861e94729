package jdpvs.keepalived.check;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Balancer;

/** All checks, and what follows from them for the services. */
public final class Health {
    private Health() {}

    /**
     * @param held which addresses this host has, for {@code ha_suspend}
     * @param changed called after every change of a check's, server's or service's state, on any thread: it must not wait
     */
    public static Health start(
            Balancer balancer, Notices notices, ScriptRunner scripts, Supplier<Set<IpAddress>> held, Runnable changed) {
        return new Health();
    }

    /** Makes services and checks those of a configuration; what did not change goes on undisturbed, with its state. */
    public void load(KeepalivedConfiguration configuration) {}

    public List<KeepalivedReport.VirtualServer> report() {
        return List.of();
    }

    /**
     * Ends the checks.
     *
     * @param keep whether services stay on dpvs
     */
    public void stop(boolean keep) {}
}
