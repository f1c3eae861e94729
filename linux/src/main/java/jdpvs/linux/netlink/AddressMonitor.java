package jdpvs.linux.netlink;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which addresses the interfaces of a network namespace have, and when that changes. A notification is only the reason to read everything anew: so none that was lost, and
 * no interface that went and came back, leaves us with an address that is not there. {@link #update} and {@link #close} belong to one thread, the answers to any.
 */
public final class AddressMonitor implements AutoCloseable {
    private final NetlinkSocket notifications;
    private final NetlinkSocket requests;
    private volatile State state = new State(Map.of(), Set.of());
    private boolean stale;

    private record State(Map<String, Integer> indexes, Set<InterfaceAddress> addresses) {}

    private AddressMonitor(NetlinkSocket notifications, NetlinkSocket requests) {
        this.notifications = notifications;
        this.requests = requests;
    }

    /** Of the calling thread's network namespace; knows its addresses on return. */
    public static AddressMonitor open() {
        NetlinkSocket notifications = NetlinkSocket.open(
                NetlinkSocket.GROUP_LINK | NetlinkSocket.GROUP_IPV4_ADDRESS | NetlinkSocket.GROUP_IPV6_ADDRESS);
        try {
            NetlinkSocket requests = NetlinkSocket.open(0);
            AddressMonitor monitor = new AddressMonitor(notifications, requests);
            try {
                monitor.state = monitor.read();
                return monitor;
            } catch (RuntimeException e) {
                requests.close();
                throw e;
            }
        } catch (RuntimeException e) {
            notifications.close();
            throw e;
        }
    }

    /** Readable when something may have changed; then {@link #update}. */
    public int descriptor() {
        return notifications.descriptor();
    }

    /**
     * Looks again if the kernel has told of a change, without waiting for one.
     *
     * @return whether an address or an interface's name has come or gone since the last time
     */
    public boolean update() {
        stale |= notifications.drain();
        if (!stale) {
            return false;
        }
        State now = read();
        stale = false;
        boolean changed = !now.equals(state);
        state = now;
        return changed;
    }

    /** Of all interfaces. */
    public Set<InterfaceAddress> addresses() {
        return state.addresses;
    }

    /** Whether the last {@link #update} failed after a notification, so that another is due without one. */
    public boolean isStale() {
        return stale;
    }

    /** Empty for an interface that does not exist. */
    public Set<InterfaceAddress> addresses(String interfaceName) {
        State now = state;
        Integer index = now.indexes.get(interfaceName);
        return index == null ? Set.of() : of(now, index);
    }

    /** Empty for an interface that does not exist. */
    public Set<InterfaceAddress> addresses(int interfaceIndex) {
        return of(state, interfaceIndex);
    }

    private static Set<InterfaceAddress> of(State state, int index) {
        return state.addresses.stream()
                .filter(address -> address.interfaceIndex() == index)
                .collect(Collectors.toUnmodifiableSet());
    }

    private State read() {
        Map<String, Integer> indexes = new HashMap<>();
        requests.dump(InterfaceName.GET, indexes::clear, message -> {
            if (message.type() == InterfaceName.NEW) {
                InterfaceName found = InterfaceName.of(message);
                indexes.put(found.name(), found.index());
            }
        });
        Set<InterfaceAddress> addresses = new HashSet<>();
        requests.dump(InterfaceAddress.GET, addresses::clear, message -> {
            InterfaceAddress found = message.type() == InterfaceAddress.NEW ? InterfaceAddress.of(message) : null;
            if (found != null) {
                addresses.add(found);
            }
        });
        return new State(Map.copyOf(indexes), Set.copyOf(addresses));
    }

    @Override
    public void close() {
        notifications.close();
        requests.close();
    }
}
