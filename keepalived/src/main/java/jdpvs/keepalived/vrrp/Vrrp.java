package jdpvs.keepalived.vrrp;

import java.util.List;
import java.util.Set;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Balancer;

/** All instances of this host, on one thread. */
public final class Vrrp {
    private Vrrp() {}

    /** @param changed called after every transition, on VRRP's thread: it must not wait */
    public static Vrrp start(Balancer balancer, Notices notices, ScriptRunner scripts, Runnable changed) {
        return new Vrrp();
    }

    /** Makes the instances those of a configuration; what did not change goes on undisturbed. Returns when that is done. */
    public void load(KeepalivedConfiguration configuration) {}

    /** Which addresses this host's masters hold. */
    public Set<IpAddress> held() {
        return Set.of();
    }

    public List<KeepalivedReport.Instance> report() {
        return List.of();
    }

    /**
     * Masters say that they leave.
     *
     * @param keep whether addresses stay on dpvs
     */
    public void stop(boolean keep) {}
}
