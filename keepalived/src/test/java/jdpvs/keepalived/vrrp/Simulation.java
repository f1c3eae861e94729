package jdpvs.keepalived.vrrp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;
import jdpvs.wire.vrrp.Refusal;
import org.jspecify.annotations.Nullable;

/** Hosts at one link on a virtual clock. */
final class Simulation {
    static final long SECOND = 1_000_000_000L;
    static final Address GROUP = Address.parse("224.0.0.18");

    final Random random;
    final List<Host> hosts = new ArrayList<>();
    long now = 1_000 * SECOND;
    /** Of advertisements that get lost. */
    double loss;

    long longestDelay;
    private final PriorityQueue<Delivery> deliveries =
            new PriorityQueue<>(Comparator.comparingLong(Delivery::at).thenComparingLong(Delivery::number));
    private long number;

    private record Delivery(long at, long number, Host to, Heard heard) {}

    Simulation(long seed) {
        random = new Random(seed);
    }

    /** One transition, and when. */
    record Entered(long at, String router, State from, State to, String reason) {}

    /** A host with its instances, all in one group when that has a name. */
    final class Host implements Surroundings {
        final Address address;
        final Map<String, VirtualRouter> routers = new LinkedHashMap<>();
        final List<RouterGroup> groups = new ArrayList<>();
        final List<Entered> entered = new ArrayList<>();
        final List<Advertisement> sent = new ArrayList<>();
        final List<Long> announced = new ArrayList<>();
        int heardLower;
        boolean alive = true;
        /** Which hosts cannot hear it or be heard. */
        int partition;

        Host(Address address, @Nullable String group, List<VrrpInstance> instances) {
            this.address = address;
            for (VrrpInstance instance : instances) {
                RouterGroup alone = new RouterGroup(null, random);
                VirtualRouter router = new VirtualRouter(instance, alone, this);
                alone.setMembers(List.of(router));
                routers.put(instance.name(), router);
                groups.add(alone);
            }
            if (group != null) {
                RouterGroup together = new RouterGroup(group, random);
                together.setMembers(List.copyOf(routers.values()));
                groups.clear();
                groups.add(together);
            }
        }

        VirtualRouter router() {
            return routers.values().iterator().next();
        }

        State state() {
            return router().state();
        }

        void conditions(@Nullable String fault) {
            routers.values().forEach(router -> router.conditions(fault, address));
            judge();
        }

        void fault(String name, @Nullable String fault) {
            Objects.requireNonNull(routers.get(name)).conditions(fault, address);
            judge();
        }

        private void judge() {
            groups.forEach(group -> group.conditions(now));
        }

        Entered last() {
            return entered.getLast();
        }

        @Nullable Refusal hear(Address from, Advertisement advertisement) {
            return router().heard(new Heard(from, GROUP, 255, advertisement), now);
        }

        @Override
        public void send(VirtualRouter router, int priority) {
            Advertisement advertisement = router.advertisement(priority);
            sent.add(advertisement);
            if (!alive) {
                return;
            }
            for (Host other : hosts) {
                if (other != this && other.partition == partition && random.nextDouble() >= loss) {
                    long delay = longestDelay == 0 ? 0 : random.nextLong(longestDelay);
                    deliveries.add(
                            new Delivery(now + delay, number++, other, new Heard(address, GROUP, 255, advertisement)));
                }
            }
        }

        @Override
        public void announce(VirtualRouter router) {
            announced.add(now);
        }

        @Override
        public void entered(VirtualRouter router, State from, String reason) {
            entered.add(new Entered(now, router.instance().name(), from, router.state(), reason));
        }

        @Override
        public void heardLower(VirtualRouter router, Address sender, int priority) {
            heardLower++;
        }

        @Override
        public void priorityChanged(VirtualRouter router) {}
    }

    Host host(int number, VrrpInstance... instances) {
        return host(number, null, instances);
    }

    /** A host 192.0.2.NUMBER that has started. */
    Host host(int number, @Nullable String group, VrrpInstance... instances) {
        Host host = new Host(Address.parse("192.0.2." + number), group, List.of(instances));
        hosts.add(host);
        host.conditions(null);
        return host;
    }

    void run(double seconds) {
        runUntil(now + (long) (seconds * SECOND));
    }

    private void runUntil(long end) {
        while (true) {
            long next = deliveries.isEmpty() ? Long.MAX_VALUE : deliveries.peek().at;
            for (Host host : hosts) {
                if (host.alive) {
                    for (VirtualRouter router : host.routers.values()) {
                        next = Math.min(next, router.deadline());
                    }
                }
            }
            if (next > end) {
                now = end;
                return;
            }
            now = Math.max(now, next);
            while (!deliveries.isEmpty() && deliveries.peek().at <= now) {
                deliver(deliveries.remove());
            }
            for (Host host : hosts) {
                if (host.alive) {
                    for (VirtualRouter router : host.routers.values()) {
                        int before = host.entered.size();
                        router.timers(now);
                        oneTransition(host, before);
                    }
                }
            }
        }
    }

    private void deliver(Delivery delivery) {
        if (!delivery.to.alive) {
            return;
        }
        for (VirtualRouter router : delivery.to.routers.values()) {
            if (router.instance().virtualRouterId()
                    == delivery.heard.advertisement().virtualRouterId()) {
                int before = delivery.to.entered.size();
                Refusal ignored = router.heard(delivery.heard, now);
                oneTransition(delivery.to, before);
            }
        }
    }

    private static void oneTransition(Host host, int before) {
        List<String> names = host.entered.subList(before, host.entered.size()).stream()
                .map(Entered::router)
                .toList();
        if (names.stream().distinct().count() != names.size()) {
            throw new AssertionError("two transitions at one event: " + host.entered);
        }
    }

    long masters(String name) {
        return hosts.stream()
                .filter(host -> host.alive)
                .filter(host -> Objects.requireNonNull(host.routers.get(name)).state() == State.MASTER)
                .count();
    }
}
