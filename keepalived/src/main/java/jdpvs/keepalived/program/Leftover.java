package jdpvs.keepalived.program;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.process.PidFile;

/**
 * What keepalived processes before this one had on dpvs when they died, as their last reports have it: what of that is not wanted any more goes. Otherwise a master that was killed, and comes back as
 * backup, would keep the addresses for ever.
 */
record Leftover(Set<ServiceKey> services, Set<Item.OfAddress> addresses, Set<VirtualRoute> routes) {
    /** On the command line of every keepalived. */
    private static final String MODULE = "jdpvs.keepalived";

    /** @param last reports before this process has reported */
    static Leftover of(List<Views.Keepalived> last) {
        Leftover all = new Leftover(new HashSet<>(), new HashSet<>(), new HashSet<>());
        last.stream()
                .map(Views.Keepalived::report)
                .filter(report -> !isAnother(report.pid()))
                .map(KeepalivedReport::made)
                .forEach(all::add);
        return all;
    }

    private void add(KeepalivedReport.Made made) {
        services.addAll(made.services());
        made.addresses().forEach(one -> addresses.add(new Item.OfAddress(one.device(), one.address())));
        made.routes()
                .forEach(one -> routes.add(new VirtualRoute(
                        one.prefix(), one.prefixLength(), one.gateway(), one.device(), one.source(), one.scope())));
    }

    /**
     * One that lives, and has a part of the work: VRRP only, checks only. Before its first report, a process has its number from one that is dead: in a container it is always the same. The number may be
     * anybody's by now, or a zombie's that nobody waits for.
     */
    private static boolean isAnother(long pid) {
        return pid != ProcessHandle.current().pid() && PidFile.runs(MODULE, pid);
    }
}
