package jdpvs.config.dpvs;

import java.util.List;
import jdpvs.config.Location;

/**
 * A {@code worker} block.
 *
 * @param cpu the CPU to run on, unique; -1 when the file does not say, which is an error among the messages
 */
public record WorkerSettings(String name, Role role, int cpu, List<PortSettings> ports, Location at) {
    /** What {@code type} says. */
    public enum Role {
        MASTER,
        SLAVE,
        /** Its CPU is where the thread runs that serves kernel interfaces and what links say to each other. */
        KNI
    }

    /**
     * A {@code port} block: the queues of a device that this worker serves.
     *
     * @param device name of a device or bond
     */
    public record PortSettings(String device, List<Integer> receiveQueues, List<Integer> transmitQueues, Location at) {
        public PortSettings {
            receiveQueues = List.copyOf(receiveQueues);
            transmitQueues = List.copyOf(transmitQueues);
        }
    }

    public WorkerSettings {
        ports = List.copyOf(ports);
    }
}
