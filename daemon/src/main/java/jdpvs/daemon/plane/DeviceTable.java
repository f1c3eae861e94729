package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Views;
import jdpvs.daemon.kernel.KernelInterface;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.port.LinkState;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.stack.Device;
import jdpvs.stack.VlanTable;
import jdpvs.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** The devices on the control side: what an operator set on them, and what their ports say. One control thread changes it at a time. */
public final class DeviceTable {
    private final List<DeviceEntry> entries;
    private final LinkFlags flags;
    private final boolean[] setDown;
    private final boolean[] promiscuous;
    private final boolean[] allMulticast;
    private final KernelInterfaces kernel;
    /** In the order of adding. */
    private List<Device> vlans = List.of();

    private IntFunction<PortCounters> vlanCounters = id -> PortCounters.ZERO;
    /** By id of a VLAN device: what had passed others with its id before. */
    private final Map<Integer, PortCounters> vlanCountersBefore = new HashMap<>();
    /** Where the search for a free id of a VLAN device goes on: an id rests for as long as possible. */
    private int nextVlan;

    /** Without kernel interfaces. */
    public DeviceTable(List<DeviceEntry> entries, LinkFlags flags) {
        this(entries, flags, KernelInterfaces.none());
    }

    /** @param flags what workers look at before they send; kept up to date by {@link #refresh} */
    public DeviceTable(List<DeviceEntry> entries, LinkFlags flags, KernelInterfaces kernel) {
        this.kernel = kernel;
        this.entries = List.copyOf(entries);
        this.flags = flags;
        this.setDown = new boolean[entries.size() + VlanTable.MOST];
        this.promiscuous = new boolean[entries.size()];
        this.allMulticast = new boolean[entries.size()];
        refresh();
    }

    KernelInterfaces kernel() {
        return kernel;
    }

    /** Those that work by themselves; bonds pass on to their slaves what these must know. */
    List<Port> ports() {
        return entries.stream()
                .filter(entry -> entry.bond() == null)
                .map(DeviceEntry::port)
                .toList();
    }

    /** @throws ControlException NOT_EXIST, naming the devices there are, slaves among them */
    DeviceEntry entry(String name) throws ControlException {
        for (DeviceEntry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        throw new ControlException(
                ErrorCode.NOT_EXIST,
                "device " + name + "; the devices are "
                        + String.join(
                                ", ", entries.stream().map(DeviceEntry::name).toList()));
    }

    /** The bond that a device is a slave of; null = none, or there is no such device. */
    @Nullable String bondOf(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .map(DeviceEntry::bond)
                .orElse(null);
    }

    /** Tells workers which links are up; to be called about once a second and after changes. */
    public synchronized void refresh() {
        for (DeviceEntry entry : entries) {
            flags.set(entry.id(), !setDown[entry.id()] && entry.port().link().up());
        }
        for (Device vlan : vlans) {
            flags.set(vlan.id(), !setDown[vlan.id()] && flags.isUp(vlan.parent()));
        }
    }

    /** @param passed by id of a VLAN device what passed it, and others that had its id before; any thread may ask */
    synchronized void vlanCounters(IntFunction<PortCounters> passed) {
        vlanCounters = passed;
    }

    /** To be told of all devices before workers are. */
    synchronized void follow(List<Device> devices) {
        List<Device> now = devices.stream().filter(Device::isVlan).toList();
        if (now.equals(vlans)) {
            return;
        }
        for (Device vlan : vlans) {
            if (!now.contains(vlan)) {
                flags.set(vlan.id(), false);
                setDown[vlan.id()] = false;
            }
        }
        for (Device vlan : now) {
            if (!vlans.contains(vlan)) {
                vlanCountersBefore.put(vlan.id(), vlanCounters.apply(vlan.id()));
            }
        }
        vlans = now;
        refresh();
    }

    /** An id for one more VLAN device beside these devices; −1 = there are as many as possible. */
    synchronized int nextVlanId(List<Device> devices) {
        Set<Integer> used = devices.stream().map(Device::id).collect(Collectors.toSet());
        for (int tried = 0; tried < VlanTable.MOST; tried++) {
            int id = entries.size() + nextVlan;
            nextVlan = (nextVlan + 1) % VlanTable.MOST;
            if (!used.contains(id)) {
                return id;
            }
        }
        return -1;
    }

    /** Whether a port has this name, a slave of a bond among them. */
    boolean isPort(String name) {
        return entries.stream().anyMatch(entry -> entry.name().equals(name));
    }

    /** The VLAN device of this name, or null. */
    synchronized @Nullable Device vlan(String name) {
        return vlans.stream()
                .filter(vlan -> vlan.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The port that carries a VLAN device's frames. */
    String linkOf(Device vlan) {
        return entries.get(vlan.parent()).name();
    }

    /** Whether workers may send by a device; any thread. */
    boolean isUp(int device) {
        return device >= 0 && device < setDown.length && flags.isUp(device);
    }

    /** Whether promiscuous mode was asked for by the configuration. */
    public synchronized void promiscuous(int device, boolean on) {
        entries.get(device).port().setPromiscuous(on);
        promiscuous[device] = on;
    }

    public synchronized void allMulticast(int device, boolean on) {
        entries.get(device).port().setAllMulticast(on);
        allMulticast[device] = on;
    }

    synchronized void up(int device, boolean up) {
        setDown[device] = !up;
        refresh();
    }

    synchronized List<Views.Link> views() {
        return Stream.concat(entries.stream().map(this::view), vlans.stream().map(this::view))
                .toList();
    }

    /** Everything but name, state, counters and flags is its link's. */
    private Views.Link view(Device vlan) {
        DeviceEntry link = entries.get(vlan.parent());
        LinkState state = link.port().link();
        return new Views.Link(
                vlan.id() + 1,
                vlan.name(),
                0,
                vlan.mtu(),
                link.receiveQueues(),
                link.transmitQueues(),
                flags.isUp(vlan.id()),
                state.speedMegabits(),
                state.fullDuplex(),
                state.autoNegotiated(),
                MacAddress.format(vlan.macAddress()).toUpperCase(Locale.ROOT),
                List.of(),
                offloads(link.port()),
                "vlan:" + link.name() + "," + vlan.vlan(),
                vlan.id() + 1,
                link.queues(),
                counters(
                        vlanCounters
                                .apply(vlan.id())
                                .minus(vlanCountersBefore.getOrDefault(vlan.id(), PortCounters.ZERO)),
                        link.bufferCount()),
                null,
                new Views.Vlan(link.name(), VlanRules.PROTOCOL, vlan.vlan()));
    }

    private Views.Link view(DeviceEntry entry) {
        Port port = entry.port();
        LinkState link = port.link();
        List<String> words = new ArrayList<>();
        if (promiscuous[entry.id()]) {
            words.add("promisc");
        }
        if (allMulticast[entry.id()]) {
            words.add("allmulticast");
        }
        KernelInterface beside = kernel.beside(entry.id());
        if (beside != null && beside.isCopying()) {
            // Sic: the word that DPVS prints.
            words.add("foward2kni");
        }
        return new Views.Link(
                entry.id() + 1,
                port.name(),
                0,
                entry.mtu(),
                entry.receiveQueues(),
                entry.transmitQueues(),
                link.up() && !setDown[entry.id()],
                link.speedMegabits(),
                link.fullDuplex(),
                link.autoNegotiated(),
                MacAddress.format(port.macAddress()).toUpperCase(Locale.ROOT),
                words,
                offloads(port),
                port.specification(),
                entry.id() + 1,
                entry.queues(),
                counters(port.counters(), entry.bufferCount()),
                BondViews.of(port),
                null);
    }

    /** A packet socket carries partial checksums both ways: dpvs leaves them to whoever sends the frame at last. */
    private static List<String> offloads(Port port) {
        return port.specification().startsWith("packet:") ? List.of("OF_TX_TCP_CSUM", "OF_TX_UDP_CSUM") : List.of();
    }

    private static Views.LinkCounters counters(PortCounters counters, long bufferCount) {
        return new Views.LinkCounters(
                counters.receivedPackets(),
                counters.sentPackets(),
                counters.receivedBytes(),
                counters.sentBytes(),
                counters.receiveErrors(),
                counters.transmitErrors(),
                counters.receiveMissed(),
                0,
                bufferCount,
                0);
    }
}
