package jdpvs.keepalived.program;

import java.util.Map;
import jdpvs.control.Change;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import org.jspecify.annotations.Nullable;

/** From what is there to what is wanted: services with their local addresses and servers (facts: config §10.4). */
final class ServiceDifference {
    /** dpvs applies one transaction at a time: an address that has to wait for another one's end must not wait long. More than these become several transactions. */
    static final int MOST_CHANGES = 1000;

    private final Wanted wanted;
    private final Made made;
    private final LeftOut leftOut;
    private final int most;
    private final Plan plan;
    private int services;

    /** @param most services in this plan */
    ServiceDifference(Wanted wanted, Made made, LeftOut leftOut, int most, Plan plan) {
        this.wanted = wanted;
        this.made = made;
        this.leftOut = leftOut;
        this.most = most;
        this.plan = plan;
    }

    void addTo() {
        wanted.services().forEach(this::service);
        made.services.forEach((key, old) -> {
            if (!wanted.services().containsKey(key)) {
                less(key, old);
            }
        });
    }

    /** Its servers go with a service; its local addresses would stay on their devices. */
    private void less(ServiceKey key, Held old) {
        Item item = new Item.OfService(key);
        if (leftOut.has(item, null) || isFull()) {
            return;
        }
        services++;
        old.localAddresses()
                .forEach((address, device) ->
                        plan.add(Plan.Stage.SERVICES_LESS, item, new Change.LocalAddressDelete(key, address, device)));
        plan.add(Plan.Stage.SERVICES_LESS, item, new Change.ServiceDelete(key));
        plan.then(m -> m.services.remove(key));
    }

    private boolean isFull() {
        return services >= most || plan.size() >= MOST_CHANGES;
    }

    private void service(ServiceKey key, WantedService service) {
        Held next = Held.of(service);
        Held now = made.services.get(key);
        Item item = new Item.OfService(key);
        if (next.equals(now) || leftOut.has(item, service) || isFull()) {
            return;
        }
        services++;
        if (now == null) {
            plan.add(Plan.Stage.SERVICES, item, new Change.ServiceAdd(key, next.options()));
        } else if (!now.options().equals(next.options())) {
            plan.add(Plan.Stage.SERVICES, item, new Change.ServiceEdit(key, next.options()));
        }
        localAddresses(key, now == null ? Map.of() : now.localAddresses(), next.localAddresses(), item);
        servers(key, now == null ? Map.of() : now.servers(), next.servers(), item);
        plan.then(m -> m.services.put(key, next));
    }

    private void localAddresses(ServiceKey key, Map<IpAddress, String> now, Map<IpAddress, String> next, Item item) {
        next.forEach((address, device) -> {
            String before = now.get(address);
            if (device.equals(before)) {
                return;
            }
            if (before != null) {
                // It can be on one device only: it leaves the old one when it has been taken from all services.
                plan.add(Plan.Stage.REPLACED, item, new Change.LocalAddressDelete(key, address, before));
            }
            plan.add(Plan.Stage.SERVICES, item, new Change.LocalAddressAdd(key, address, device));
        });
        now.forEach((address, device) -> {
            if (!next.containsKey(address)) {
                plan.add(Plan.Stage.SERVICES_LESS, item, new Change.LocalAddressDelete(key, address, device));
            }
        });
    }

    private void servers(
            ServiceKey key, Map<Endpoint, ServerOptions> now, Map<Endpoint, ServerOptions> next, Item item) {
        next.forEach((endpoint, options) -> {
            @Nullable ServerOptions before = now.get(endpoint);
            if (before == null) {
                plan.add(Plan.Stage.SERVICES, item, new Change.ServerAdd(key, endpoint, options));
            } else if (!before.equals(options)) {
                plan.add(Plan.Stage.SERVICES, item, new Change.ServerEdit(key, endpoint, options));
            }
        });
        now.forEach((endpoint, options) -> {
            if (!next.containsKey(endpoint)) {
                plan.add(Plan.Stage.SERVICES, item, new Change.ServerDelete(key, endpoint));
            }
        });
    }
}
