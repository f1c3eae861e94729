package jdpvs.keepalived.vrrp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.linux.EventDescriptor;
import jdpvs.linux.PollSet;
import jdpvs.linux.RawSocket;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.netlink.InterfaceAddress;
import jdpvs.linux.netlink.InterfaceState;
import jdpvs.linux.netlink.Interfaces;
import jdpvs.process.Defects;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interfaces that instances run on, and a socket for each and family. The kernel is asked on a thread of its own: it answers only when nobody else changes interfaces, which takes seconds where a driver
 * resets its device, and a master must not be silent for that.
 */
final class Links implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_vrrp");
    /** Between two looks at the kernel at least, when one failed. */
    private static final long PAUSE_NANOS = 100_000_000;

    private static final long LONGEST_WAIT_NANOS = 500_000_000;

    private final Interfaces kernel;
    /** Never closed, for the watching thread may be about to signal it. */
    private final EventDescriptor news = new EventDescriptor();

    private volatile Map<String, InterfaceState> newest;
    private volatile boolean closed;
    private Map<String, InterfaceState> interfaces = Map.of();
    private final Map<Key, RawSocket> sockets = new HashMap<>();
    private final Map<Key, String> failures = new HashMap<>();
    private Address groupIpv4 = Address.NONE;
    private Address groupIpv6 = Address.NONE;

    record Key(int interfaceIndex, boolean ipv6) {}

    /**
     * How an instance's interface is.
     *
     * @param key null = it does not exist
     * @param source of advertisements; null = there is none
     * @param fault a sentence; null = it can be used
     */
    record Link(
            @Nullable Key key,
            @Nullable Address source,
            @Nullable String fault) {}

    /**
     * Knows the interfaces as they are now.
     *
     * @param kernel of the calling thread's network namespace; closed in the end
     */
    Links(Interfaces kernel) {
        this.kernel = kernel;
        boolean ignored = kernel.update();
        newest = kernel.interfaces();
        Thread.ofPlatform().name("interfaces").daemon().start(this::watch);
    }

    private void watch() {
        PollSet poll = new PollSet(kernel.descriptor());
        while (!closed) {
            if (!Defects.survive(LOG, "watching the interfaces", () -> look(poll))) {
                pause();
            }
        }
        kernel.close();
    }

    private void look(PollSet poll) {
        try {
            int ignored = poll.awaitNanos(LONGEST_WAIT_NANOS);
            if (kernel.update()) {
                newest = kernel.interfaces();
                news.signal();
            }
        } catch (SystemCallException e) {
            LOG.warn("the kernel does not say which interfaces there are: {}", e.getMessage());
            pause();
        }
    }

    private static void pause() {
        int ignored = new PollSet().awaitNanos(PAUSE_NANOS);
    }

    /** Readable when {@link #update} is to be called. */
    int newsDescriptor() {
        return news.descriptor();
    }

    /** @return whether an interface or address is another now */
    boolean update() {
        news.clear();
        Map<String, InterfaceState> now = newest;
        boolean changed = !now.equals(interfaces);
        interfaces = now;
        return changed;
    }

    Map<String, InterfaceState> interfaces() {
        return interfaces;
    }

    Map<Key, RawSocket> sockets() {
        return sockets;
    }

    /** Other groups mean other sockets, made with the next {@link #open}. */
    void setGroups(Address ipv4, Address ipv6) {
        if (!ipv4.equals(groupIpv4) || !ipv6.equals(groupIpv6)) {
            groupIpv4 = ipv4;
            groupIpv6 = ipv6;
            close(Set.of());
        }
    }

    Address group(boolean ipv6) {
        return ipv6 ? groupIpv6 : groupIpv4;
    }

    /** Has sockets for these instances' interfaces as they are, and no others. */
    void open(Iterable<VrrpInstance> instances) {
        Set<Key> wanted = new HashSet<>();
        for (VrrpInstance instance : instances) {
            InterfaceState state = interfaces.get(instance.networkInterface());
            if (state != null) {
                wanted.add(new Key(state.index(), instance.ipv6()));
            }
        }
        close(wanted);
        failures.clear();
        for (Key key : wanted) {
            if (!sockets.containsKey(key)) {
                open(key);
            }
        }
    }

    private void open(Key key) {
        RawSocket socket = null;
        try {
            socket = RawSocket.open(key.ipv6, Advertisement.PROTOCOL, key.interfaceIndex);
            Address group = group(key.ipv6);
            socket.join(group.high(), group.low());
            sockets.put(key, socket);
        } catch (SystemCallException e) {
            if (socket != null) {
                socket.close();
            }
            failures.put(key, e.getMessage());
        }
    }

    /** Whether a socket could not be opened. */
    boolean hasFailures() {
        return !failures.isEmpty();
    }

    /** The kernel said that it is of no further use. */
    void drop(Key key) {
        RawSocket socket = sockets.remove(key);
        if (socket != null) {
            socket.close();
        }
    }

    private void close(Set<Key> except) {
        for (Key key : List.copyOf(sockets.keySet())) {
            if (!except.contains(key)) {
                drop(key);
            }
        }
    }

    Link link(VrrpInstance instance) {
        String name = instance.networkInterface();
        InterfaceState state = interfaces.get(name);
        if (state == null) {
            return new Link(null, null, "interface " + name + " does not exist");
        }
        Key key = new Key(state.index(), instance.ipv6());
        Address source = source(instance, state);
        String failure = failures.get(key);
        String fault = null;
        if (instance.trackOwnInterface() && !state.up()) {
            fault = "interface " + name + " is down (ip link set " + name + " up)";
        } else if (instance.trackOwnInterface() && !state.running()) {
            fault = "interface " + name + " has no carrier";
        } else if (source == null) {
            fault = missing(instance, name);
        } else if (failure != null) {
            fault = "no socket can be opened at interface " + name + ": " + failure;
        }
        return new Link(key, source, fault);
    }

    private static String missing(VrrpInstance instance, String name) {
        if (instance.source() != null) {
            return "this host has no address " + instance.source()
                    + ", which advertisements are to come from (mcast_src_ip or unicast_src_ip)";
        }
        return "interface " + name + (instance.ipv6() ? " has no link-local IPv6 address" : " has no IPv4 address");
    }

    /** The configured one, anywhere on this host, or the interface's first that is not one of the virtual addresses. */
    private @Nullable Address source(VrrpInstance instance, InterfaceState state) {
        IpAddress configured = instance.source();
        if (configured != null) {
            Address wanted = configured.toAddress();
            return interfaces.values().stream()
                            .flatMap(each -> each.addresses().stream())
                            .anyMatch(address -> of(address).equals(wanted))
                    ? wanted
                    : null;
        }
        List<IpAddress> peers = instance.peers();
        boolean linkLocal = peers == null
                || peers.stream().allMatch(peer -> peer.toAddress().isLinkLocal());
        List<Address> own = new ArrayList<>();
        for (InterfaceAddress each : state.addresses()) {
            Address address = of(each);
            if (each.isIpv4() != instance.ipv6() && (!instance.ipv6() || address.isLinkLocal() == linkLocal)) {
                own.add(address);
            }
        }
        return own.stream()
                .filter(address -> instance.priority() == VirtualRouter.OWNER
                        || instance.addresses().stream()
                                .noneMatch(
                                        virtual -> virtual.address().toAddress().equals(address)))
                .findFirst()
                .orElse(null);
    }

    private static Address of(InterfaceAddress address) {
        return new Address(address.high(), address.low());
    }

    @Override
    public void close() {
        close(Set.of());
        closed = true;
    }
}
