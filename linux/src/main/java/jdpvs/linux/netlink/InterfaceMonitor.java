package jdpvs.linux.netlink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which interfaces a network namespace has, whether they work, their addresses, and when any of that changes; as {@link AddressMonitor}, everything is read anew for every notification. Used by one
 * thread.
 */
public final class InterfaceMonitor implements Interfaces {
    /** {@code struct ifinfomsg}. */
    private static final int FLAGS = 8;

    private static final int IFF_UP = 0x1;
    private static final int IFF_RUNNING = 0x40;
    /** {@code struct ifaddrmsg}. */
    private static final int ADDRESS_FLAGS = 2;

    private static final int IFA_F_DADFAILED = 0x08;
    private static final int IFA_F_TENTATIVE = 0x40;

    private final NetlinkSocket notifications;
    private final NetlinkSocket requests;
    private Map<String, InterfaceState> interfaces = Map.of();
    private boolean stale = true;

    private InterfaceMonitor(NetlinkSocket notifications, NetlinkSocket requests) {
        this.notifications = notifications;
        this.requests = requests;
    }

    /** Of the calling thread's network namespace; knows nothing before the first {@link #update}. */
    public static InterfaceMonitor open() {
        NetlinkSocket notifications = NetlinkSocket.open(
                NetlinkSocket.GROUP_LINK | NetlinkSocket.GROUP_IPV4_ADDRESS | NetlinkSocket.GROUP_IPV6_ADDRESS);
        try {
            return new InterfaceMonitor(notifications, NetlinkSocket.open(0));
        } catch (RuntimeException e) {
            notifications.close();
            throw e;
        }
    }

    @Override
    public int descriptor() {
        return notifications.descriptor();
    }

    @Override
    public boolean update() {
        stale |= notifications.drain();
        if (!stale) {
            return false;
        }
        Map<String, InterfaceState> now = read();
        stale = false;
        boolean changed = !now.equals(interfaces);
        interfaces = now;
        return changed;
    }

    @Override
    public Map<String, InterfaceState> interfaces() {
        return interfaces;
    }

    private Map<String, InterfaceState> read() {
        Map<Integer, List<InterfaceAddress>> addresses = new HashMap<>();
        requests.dump(InterfaceAddress.GET, addresses::clear, message -> {
            InterfaceAddress found = message.type() == InterfaceAddress.NEW ? InterfaceAddress.of(message) : null;
            if (found != null && (message.payload().get(ADDRESS_FLAGS) & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0) {
                addresses
                        .computeIfAbsent(found.interfaceIndex(), index -> new ArrayList<>())
                        .add(found);
            }
        });
        Map<String, InterfaceState> found = new HashMap<>();
        requests.dump(InterfaceName.GET, found::clear, message -> {
            if (message.type() == InterfaceName.NEW) {
                InterfaceName name = InterfaceName.of(message);
                int flags = message.payload().getInt(FLAGS);
                found.put(
                        name.name(),
                        new InterfaceState(
                                name.index(),
                                name.name(),
                                (flags & IFF_UP) != 0,
                                (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0,
                                addresses.getOrDefault(name.index(), List.of())));
            }
        });
        return Map.copyOf(found);
    }

    @Override
    public void close() {
        notifications.close();
        requests.close();
    }
}
