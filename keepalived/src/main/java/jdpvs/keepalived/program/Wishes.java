package jdpvs.keepalived.program;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.VirtualRoute;

/** Where those who want something leave it, and the programmer's thread finds it. Nobody waits here. */
final class Wishes {
    /** A bundle that is not complete by then is not waited for: an address of a new master is worth more than a single transaction. */
    private static final long LONGEST_BUNDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Runnable news;
    private Wanted latest = Wanted.NOTHING;
    private Wanted complete = Wanted.NOTHING;
    private int bundling;
    private long bundlingSinceNanos;
    private boolean bundled;
    private boolean allServicesOurs;
    private boolean servicesTold;
    private boolean addressesTold;
    private final Set<WantedAddress> announcements = new LinkedHashSet<>();

    /** @param news called after each change, by whoever makes it */
    Wishes(Runnable news) {
        this.news = news;
    }

    void services(Map<ServiceKey, WantedService> wanted) {
        // In the order of the configuration, which is then that of dpvs's listings.
        Map<ServiceKey, WantedService> copy = Collections.unmodifiableMap(new LinkedHashMap<>(wanted));
        replace(before -> {
            servicesTold = true;
            return new Wanted(copy, before.addresses(), before.routes());
        });
    }

    void addresses(Set<WantedAddress> wanted) {
        Set<WantedAddress> copy = Set.copyOf(wanted);
        replace(before -> {
            addressesTold = true;
            return new Wanted(before.services(), copy, before.routes());
        });
    }

    void routes(Set<VirtualRoute> wanted) {
        replace(before -> new Wanted(before.services(), before.addresses(), Set.copyOf(wanted)));
    }

    void announce(Collection<WantedAddress> addresses) {
        synchronized (this) {
            announcements.addAll(addresses);
        }
        news.run();
    }

    void together(Runnable action) {
        synchronized (this) {
            if (bundling++ == 0) {
                bundlingSinceNanos = System.nanoTime();
            }
        }
        try {
            action.run();
        } finally {
            synchronized (this) {
                bundling--;
                bundled = true;
            }
            news.run();
        }
    }

    /** @param change called with the lock held */
    private void replace(UnaryOperator<Wanted> change) {
        synchronized (this) {
            latest = change.apply(latest);
        }
        news.run();
    }

    /** What is wanted but for bundles that are not complete. */
    synchronized Wanted now() {
        if (bundling == 0 || System.nanoTime() - bundlingSinceNanos > LONGEST_BUNDLE_NANOS) {
            complete = latest;
        }
        return complete;
    }

    synchronized void takeOverServices(boolean all) {
        allServicesOurs = all;
    }

    synchronized boolean areAllServicesOurs() {
        return allServicesOurs;
    }

    /** Whether it was said which services are wanted, be it none: {@link #now()} has them from here on, also when another bundle begins before it is called. */
    synchronized boolean isServicesTold() {
        return servicesTold && isComplete();
    }

    synchronized boolean isAddressesTold() {
        return addressesTold && isComplete();
    }

    private synchronized boolean isComplete() {
        if (bundling == 0) {
            complete = latest;
        }
        return bundling == 0;
    }

    /** Whether a bundle is complete since the last call. */
    synchronized boolean takeBundled() {
        boolean was = bundled && bundling == 0;
        bundled &= !was;
        return was;
    }

    /** Announcements since the last call; none while a bundle is not complete, for they may be of addresses that belong to it. */
    synchronized List<WantedAddress> takeAnnouncements() {
        if (bundling > 0 && System.nanoTime() - bundlingSinceNanos <= LONGEST_BUNDLE_NANOS) {
            return List.of();
        }
        List<WantedAddress> taken = new ArrayList<>(announcements);
        announcements.clear();
        return taken;
    }
}
