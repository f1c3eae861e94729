package jdpvs.keepalived.program;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import jdpvs.control.Control;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;

/** Makes a running dpvs have what is wanted, one thread. */
public final class Programmer implements Balancer, AutoCloseable {
    private Programmer() {}

    /** @param report asked for after each change, and sent to dpvs */
    public static Programmer start(Control control, Supplier<KeepalivedReport> report) {
        return new Programmer();
    }

    @Override
    public void services(Map<ServiceKey, WantedService> wanted) {}

    @Override
    public void addresses(Set<WantedAddress> wanted) {}

    @Override
    public void routes(Set<VirtualRoute> wanted) {}

    @Override
    public void announce(Collection<WantedAddress> addresses) {}

    @Override
    public void together(Runnable action) {
        action.run();
    }

    /** What dpvs would not do, one sentence each. */
    public List<String> refused() {
        return List.of();
    }

    /** The report is another now. */
    public void reportChanged() {}

    /** Carries out what is wanted, for a few seconds at most, then ends. */
    @Override
    public void close() {}
}
