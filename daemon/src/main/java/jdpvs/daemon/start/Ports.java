package jdpvs.daemon.start;

import jdpvs.port.Port;
import jdpvs.port.PortException;
import jdpvs.port.PortOptions;

/** Opens ports through the port room's drivers. */
final class Ports implements PortOpener {
    @Override
    public Port open(DaemonPlan.DevicePlan device) throws PortException {
        return jdpvs.port.Ports.open(device.name(), device.specification(), options(device));
    }

    @Override
    public long memoryBytes(DaemonPlan.DevicePlan device) throws PortException {
        return jdpvs.port.Ports.memoryBytes(device.name(), device.specification(), options(device));
    }

    private static PortOptions options(DaemonPlan.DevicePlan device) {
        return new PortOptions(
                Math.max(1, device.queues()), device.receiveDescriptors(), device.promiscuous(), device.control());
    }
}
