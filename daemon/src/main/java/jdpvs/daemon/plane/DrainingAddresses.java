package jdpvs.daemon.plane;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Service;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.wire.Address;

/**
 * Local addresses that were removed, from their services or from their device, while connections may use them: they stay local, are steered to
 * workers and answer ARP until the last connection has ended, but no new connection gets one and no listing shows them.
 */
final class DrainingAddresses {
    private record Draining(int id, Device device) {}

    private final Map<Address, Draining> addresses = new HashMap<>();

    /** The next snapshot with what drains in it; to be called for every snapshot before it is published. */
    Snapshot follow(Snapshot before, Snapshot next) {
        for (Service service : before.services().services()) {
            for (LocalAddress local : service.localAddresses()) {
                InterfaceAddress on = before.network().address(local.address());
                if (on != null) {
                    addresses.putIfAbsent(local.address(), new Draining(local.id(), on.device()));
                }
            }
        }
        addresses.keySet().removeIf(address -> isInUse(next, address));
        return with(next);
    }

    private static boolean isInUse(Snapshot next, Address address) {
        return next.services().localAddress(address) != null && next.network().address(address) != null;
    }

    /**
     * Lets those go that nothing uses any more; every worker must have adopted the current snapshot before.
     *
     * @param idle whether no connection uses the local address with this id
     * @return the snapshot without them; the same one when there are none
     */
    Snapshot release(Snapshot current, IntPredicate idle) {
        Predicate<Draining> over = draining -> idle.test(draining.id);
        return addresses.values().removeIf(over) ? with(current) : current;
    }

    private Snapshot with(Snapshot snapshot) {
        Map<Address, Device> devices = new HashMap<>();
        addresses.forEach((address, draining) -> {
            Device device = snapshot.network().device(draining.device.id());
            if (device != null) {
                devices.put(address, device);
            }
        });
        return devices.equals(snapshot.network().draining())
                ? snapshot
                : snapshot.with(snapshot.network().withDraining(devices), snapshot.services());
    }

    boolean isEmpty() {
        return addresses.isEmpty();
    }
}
