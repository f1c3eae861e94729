package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Views;
import jdpvs.daemon.kernel.KernelInterface;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.port.LinkState;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
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

    /** Without kernel interfaces. */
    public DeviceTable(List<DeviceEntry> entries, LinkFlags flags) {
        this(entries, flags, KernelInterfaces.none());
    }

    /** @param flags what workers look at before they send; kept up to date by {@link #refresh} */
    public DeviceTable(List<DeviceEntry> entries, LinkFlags flags, KernelInterfaces kernel) {
        this.kernel = kernel;
        this.entries = List.copyOf(entries);
        this.flags = flags;
        this.setDown = new boolean[entries.size()];
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
    }

    /** Whether workers may send by a device; any thread. */
    boolean isUp(int device) {
        return device >= 0 && device < entries.size() && flags.isUp(device);
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
        return entries.stream().map(this::view).toList();
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
                counters(entry),
                BondViews.of(port));
    }

    /** A packet socket carries partial checksums both ways: dpvs leaves them to whoever sends the frame at last. */
    private static List<String> offloads(Port port) {
        return port.specification().startsWith("packet:") ? List.of("OF_TX_TCP_CSUM", "OF_TX_UDP_CSUM") : List.of();
    }

    private static Views.LinkCounters counters(DeviceEntry entry) {
        PortCounters counters = entry.port().counters();
        return new Views.LinkCounters(
                counters.receivedPackets(),
                counters.sentPackets(),
                counters.receivedBytes(),
                counters.sentBytes(),
                counters.receiveErrors(),
                counters.transmitErrors(),
                counters.receiveMissed(),
                0,
                entry.bufferCount(),
                0);
    }
}
