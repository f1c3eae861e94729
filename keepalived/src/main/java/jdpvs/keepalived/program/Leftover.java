package jdpvs.keepalived.program;

import java.util.HashSet;
import java.util.Set;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import jdpvs.control.Views;
import jdpvs.process.PidFile;
import org.jspecify.annotations.Nullable;

/**
 * What a keepalived before this one had on dpvs when it died, as its last report has it: what of that is not wanted any more goes. Otherwise a master that was killed, and comes back as backup, would keep
 * the addresses for ever.
 */
record Leftover(Set<ServiceKey> services, Set<Item.OfAddress> addresses) {
    /** On the command line of every keepalived. */
    private static final String MODULE = "jdpvs.keepalived";

    static final Leftover NOTHING = new Leftover(Set.of(), Set.of());

    /** @param last before this process has reported; null = nobody has */
    static Leftover of(Views.@Nullable Keepalived last) {
        if (last == null || isAnother(last.report().pid())) {
            return NOTHING;
        }
        Set<ServiceKey> services = new HashSet<>();
        last.report().virtualServers().forEach(one -> services.addAll(one.services()));
        Set<Item.OfAddress> addresses = new HashSet<>();
        for (KeepalivedReport.Instance instance : last.report().instances()) {
            String device = instance.device();
            for (String text : instance.addresses()) {
                IpAddress address = address(text);
                if (device != null && address != null) {
                    addresses.add(new Item.OfAddress(device, address));
                }
            }
        }
        return new Leftover(services, addresses);
    }

    /**
     * One that lives, and has a part of the work: VRRP only, checks only. Before its first report, a process has its number from one that is dead: in a container it is always the same. The number may be
     * anybody's by now, or a zombie's that nobody waits for.
     */
    private static boolean isAnother(long pid) {
        return pid != ProcessHandle.current().pid() && PidFile.runs(MODULE, pid);
    }

    /** The address at the beginning, whatever follows it: a prefix length, a device. */
    private static @Nullable IpAddress address(String text) {
        String first = text.split("[/ ]", 2)[0];
        try {
            return IpAddress.parse(first);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
