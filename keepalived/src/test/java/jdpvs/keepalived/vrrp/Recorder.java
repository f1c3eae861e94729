package jdpvs.keepalived.vrrp;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.keepalived.program.Balancer;
import jdpvs.keepalived.program.WantedAddress;
import jdpvs.keepalived.program.WantedService;

/** Remembers what a balancer is told. */
final class Recorder implements Balancer {
    volatile Set<WantedAddress> addresses = Set.of();
    final List<Set<WantedAddress>> all = new CopyOnWriteArrayList<>();
    final List<Collection<WantedAddress>> announced = new CopyOnWriteArrayList<>();
    /** What an announcement brings about before it is remembered. */
    volatile Consumer<Collection<WantedAddress>> announcing = now -> {};

    @Override
    public void services(Map<ServiceKey, WantedService> wanted) {}

    @Override
    public void addresses(Set<WantedAddress> wanted) {
        addresses = wanted;
        all.add(wanted);
    }

    @Override
    public void routes(Set<VirtualRoute> wanted) {}

    @Override
    public void announce(Collection<WantedAddress> announcedNow) {
        announcing.accept(announcedNow);
        announced.add(announcedNow);
    }

    @Override
    public void together(Runnable action) {
        action.run();
    }
}
