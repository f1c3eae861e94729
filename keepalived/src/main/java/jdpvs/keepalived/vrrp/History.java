package jdpvs.keepalived.vrrp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Refusal;

/** What there is to tell of a virtual router. */
final class History {
    private static final int TRANSITIONS = 20;
    private static final long REPEAT_MILLIS = 60_000;

    private final Deque<KeepalivedReport.Transition> transitions = new ArrayDeque<>();
    private long sinceMillis = System.currentTimeMillis();
    private long sent;
    private long unreadable;
    private int sendError;
    private final Map<Refusal, Long> refusalMillis = new EnumMap<>(Refusal.class);

    void entered(State from, State to, String reason) {
        sinceMillis = System.currentTimeMillis();
        if (transitions.size() == TRANSITIONS) {
            transitions.removeFirst();
        }
        transitions.addLast(new KeepalivedReport.Transition(sinceMillis, from.name(), to.name(), reason));
    }

    /**
     * @param errno 0 = it went
     * @return whether it is another than the last time
     */
    boolean sent(int errno) {
        if (errno == 0) {
            sent++;
        }
        boolean other = errno != sendError;
        sendError = errno;
        return other;
    }

    /** Whether a refusal is worth a line: not for the same reason as another one of the last minute. */
    boolean isNews(Refusal refusal) {
        long now = System.currentTimeMillis();
        Long before = refusalMillis.get(refusal);
        boolean news = before == null || now - before > REPEAT_MILLIS;
        if (news) {
            refusalMillis.put(refusal, now);
        }
        return news;
    }

    /** An advertisement for the router that could not be read. */
    void unreadable() {
        unreadable++;
    }

    KeepalivedReport.Instance report(VirtualRouter router) {
        VrrpInstance instance = router.instance();
        Address master = router.master();
        return new KeepalivedReport.Instance(
                instance.name(),
                instance.networkInterface(),
                instance.device(),
                instance.virtualRouterId(),
                instance.ipv6(),
                instance.version(),
                router.state().name(),
                sinceMillis,
                router.reason(),
                router.priority(),
                instance.priority(),
                master == null ? null : IpAddress.of(master),
                router.group().name(),
                instance.addresses().stream()
                        .map(address -> address.address() + "/" + address.prefixLength())
                        .toList(),
                sent,
                router.received(),
                router.refused() + unreadable,
                List.copyOf(transitions));
    }
}
