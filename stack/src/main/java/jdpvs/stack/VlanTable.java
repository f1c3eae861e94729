package jdpvs.stack;

import java.util.Arrays;
import java.util.List;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;

/** Which VLAN device is on which device, both ways. Immutable; no question allocates anything. */
public final class VlanTable {
    /** VLAN devices at the same time. */
    public static final int MOST = 256;

    /** No such device. */
    public static final int NONE = -1;

    public static final VlanTable EMPTY = new VlanTable(0, List.of());

    /** By device id, then by VLAN id; null on a device without VLANs. */
    private final short[] @Nullable [] devices;
    /** By id of the VLAN device. */
    private final int[] parents;

    private final int[] ids;

    VlanTable(int deviceLimit, List<Device> all) {
        devices = new short[deviceLimit][];
        parents = new int[deviceLimit];
        ids = new int[deviceLimit];
        Arrays.fill(parents, NONE);
        for (Device device : all) {
            if (device.isVlan()) {
                parents[device.id()] = device.parent();
                ids[device.id()] = device.vlan();
                onParent(device.parent())[device.vlan()] = (short) device.id();
            }
        }
    }

    private short[] onParent(int parent) {
        short[] byId = devices[parent];
        if (byId == null) {
            byId = new short[VlanTag.HIGHEST_ID + 1];
            Arrays.fill(byId, (short) NONE);
            devices[parent] = byId;
        }
        return byId;
    }

    /** Whether a device has VLAN devices. */
    public boolean isTrunk(int device) {
        return device >= 0 && device < devices.length && devices[device] != null;
    }

    /** The VLAN device of a VLAN on a device, or {@link #NONE}. */
    public int device(int parent, int id) {
        if (parent < 0 || parent >= devices.length) {
            return NONE;
        }
        short[] byId = devices[parent];
        return byId == null ? NONE : byId[id];
    }

    /** The device that a VLAN device is on, or {@link #NONE} when it is none or there is none. */
    public int parent(int device) {
        return device >= 0 && device < parents.length ? parents[device] : NONE;
    }

    /** The VLAN id of a VLAN device. */
    public int id(int device) {
        return ids[device];
    }
}
