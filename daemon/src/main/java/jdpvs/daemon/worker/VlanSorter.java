package jdpvs.daemon.worker;

import jdpvs.port.Burst;
import jdpvs.stack.VlanTable;
import jdpvs.wire.VlanTag;

/**
 * Divides a burst from a device with VLANs into one burst for each device that its frames are for: tagged frames belong to the VLAN device of their tag, which is
 * taken off; the others, and those of VLANs without a device, stay the parent's. Within a device frames keep their order, and so does every flow.
 */
final class VlanSorter {
    private static final int GIVEN = -1;

    private final long[] address = new long[Burst.CAPACITY];
    private final int[] length = new int[Burst.CAPACITY];
    /** By frame: the device that it is for, or {@link #GIVEN}. */
    private final int[] device = new int[Burst.CAPACITY];

    private final VlanCounters counters;
    private int count;
    /** The first frame that is not given yet; {@link #count} = none. */
    private int first;

    VlanSorter(VlanCounters counters) {
        this.counters = counters;
    }

    /** Takes the burst's frames and empties it. */
    void take(Burst burst, int parent, VlanTable vlans) {
        count = burst.count;
        first = 0;
        for (int i = 0; i < count; i++) {
            long frame = burst.address[i];
            int bytes = burst.length[i];
            int to = VlanTag.isOn(frame, bytes) ? vlans.device(parent, VlanTag.id(frame)) : parent;
            if (to == VlanTable.NONE) {
                to = parent;
            } else if (to != parent) {
                frame = VlanTag.takeOff(frame);
                bytes -= VlanTag.LENGTH;
                counters.received(to, frame, bytes);
            }
            address[i] = frame;
            length[i] = bytes;
            device[i] = to;
        }
        burst.count = 0;
    }

    /** Fills an empty burst with all frames for the next device. @return its id; {@link VlanTable#NONE} = nothing is left */
    int next(Burst burst) {
        while (first < count && device[first] == GIVEN) {
            first++;
        }
        if (first == count) {
            return VlanTable.NONE;
        }
        int to = device[first];
        for (int i = first; i < count; i++) {
            if (device[i] == to) {
                burst.add(address[i], length[i]);
                device[i] = GIVEN;
            }
        }
        return to;
    }
}
