package jdpvs.daemon.worker;

import jdpvs.port.PortCounters;
import jdpvs.port.QueueCounters;
import jdpvs.stack.VlanTable;
import jdpvs.wire.Segmentation;

/** What passed the VLAN devices of one worker, by device, tags not counted; written by the worker, read by anyone. */
final class VlanCounters {
    private final int first;
    private final QueueCounters[] byDevice = new QueueCounters[VlanTable.MOST];

    /** @param first the lowest id of a VLAN device */
    VlanCounters(int first) {
        this.first = first;
        for (int i = 0; i < byDevice.length; i++) {
            byDevice[i] = new QueueCounters();
        }
    }

    void received(int device, long frame, int length) {
        byDevice[device - first].received(Segmentation.packets(frame, length), Segmentation.wireBytes(frame, length));
    }

    void sent(int device, long frame, int length) {
        byDevice[device - first].sent(Segmentation.packets(frame, length), Segmentation.wireBytes(frame, length));
    }

    PortCounters read(int device) {
        int index = device - first;
        return index >= 0 && index < byDevice.length ? byDevice[index].read(0) : PortCounters.ZERO;
    }
}
