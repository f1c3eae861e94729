package jdpvs.daemon.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdpvs.control.Views;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.TapException;
import jdpvs.stack.Device;
import jdpvs.stack.VlanTable;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of all devices: of ports and bonds from the start on, of VLAN devices for as long as these are there. One control thread changes it, any thread asks. */
public final class KernelInterfaces implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("Kni");

    /** What the interface of a VLAN device is called after it, as in DPVS. */
    private static final String SUFFIX = ".kni";

    private static final int LONGEST_NAME = 15;

    private final TapMaker maker;
    private final int limit;
    private volatile State state;

    /** Those of one moment, by everything they are asked for. */
    private static final class State {
        final int version;
        /** In the order of their devices. */
        final List<KernelInterface> all;

        final @Nullable KernelInterface[] byDevice;
        /** By device with VLANs, then by VLAN. */
        final @Nullable KernelInterface[] @Nullable [] byVlan;

        State(int version, int limit, List<KernelInterface> interfaces) {
            this.version = version;
            all = interfaces.stream()
                    .sorted(Comparator.comparingInt(KernelInterface::device))
                    .toList();
            byDevice = new KernelInterface[limit];
            byVlan = new KernelInterface[limit][];
            for (KernelInterface one : all) {
                Device device = one.of();
                byDevice[device.id()] = one;
                if (device.isVlan()) {
                    onParent(device.parent())[device.vlan()] = one;
                }
            }
        }

        private @Nullable KernelInterface[] onParent(int parent) {
            @Nullable KernelInterface[] known = byVlan[parent];
            if (known == null) {
                known = new KernelInterface[VlanTag.HIGHEST_ID + 1];
                byVlan[parent] = known;
            }
            return known;
        }
    }

    /**
     * @param deviceCount one more than the highest id of a port or bond
     * @param interfaces theirs
     * @param maker of VLAN devices' interfaces
     */
    public KernelInterfaces(int deviceCount, List<KernelInterface> interfaces, TapMaker maker) {
        this.maker = maker;
        this.limit = deviceCount + VlanTable.MOST;
        this.state = new State(0, limit, interfaces);
    }

    public static KernelInterfaces none() {
        return new KernelInterfaces(0, List.of(), PersistentTap::open);
    }

    /** What the interface of a VLAN device is called; null = its name is too long, and it has none. */
    public static @Nullable String nameOf(String vlanDevice) {
        String name = vlanDevice + SUFFIX;
        return name.length() <= LONGEST_NAME ? name : null;
    }

    /** The one beside a device, or null. Allocates nothing. */
    public @Nullable KernelInterface beside(int device) {
        @Nullable KernelInterface[] byDevice = state.byDevice;
        return device >= 0 && device < byDevice.length ? byDevice[device] : null;
    }

    /** The one of the VLAN device of a VLAN on a device, or null. Allocates nothing. */
    @Nullable KernelInterface inVlan(int device, int vlan) {
        @Nullable KernelInterface[] onParent = state.byVlan[device];
        return onParent == null ? null : onParent[vlan];
    }

    /** In the order of their devices. */
    public List<KernelInterface> all() {
        return state.all;
    }

    /** Another one whenever {@link #all} is another list. */
    int version() {
        return state.version;
    }

    /**
     * Removes the interfaces of VLAN devices that are gone, and makes those of new ones.
     *
     * @param devices all there are to be
     * @throws TapException with a sentence that names the interface and the way out; those before it are made
     * @throws SystemCallException likewise
     */
    public synchronized void follow(List<Device> devices) throws TapException {
        for (KernelInterface one : all()) {
            if (one.of().isVlan() && !devices.contains(one.of())) {
                List<KernelInterface> others = new ArrayList<>(all());
                others.remove(one);
                state = new State(version() + 1, limit, others);
                remove(one);
            }
        }
        for (Device device : devices) {
            String name = device.isVlan() && device.kernelSide() ? nameOf(device.name()) : null;
            KernelInterface link = beside(device.parent());
            if (name != null && link != null && beside(device.id()) == null) {
                List<KernelInterface> more = new ArrayList<>(all());
                more.add(new KernelInterface(device, name, link.control(), maker));
                state = new State(version() + 1, limit, more);
            }
        }
    }

    private static void remove(KernelInterface one) {
        try {
            one.remove();
        } catch (SystemCallException e) {
            LOG.warn("kernel interface {} stays without its device: {}; 'ip link del {}'", one.name(), e, one.name());
        }
    }

    public boolean isCopying() {
        return all().stream().anyMatch(KernelInterface::isCopying);
    }

    public List<Views.KernelInterface> views() {
        return all().stream().map(KernelInterface::view).toList();
    }

    /** The interfaces stay, without a carrier. */
    @Override
    public void close() {
        all().forEach(KernelInterface::close);
    }
}
