package jdpvs.daemon.start;

import jdpvs.port.Port;
import jdpvs.port.PortException;

/** Opens the ports of a start; tests bring their own. */
public interface PortOpener {
    /** @throws PortException with one sentence that names the device and the way out */
    Port open(DaemonPlan.DevicePlan device) throws PortException;

    /** Native memory that opening will take, in bytes. */
    long memoryBytes(DaemonPlan.DevicePlan device) throws PortException;
}
