package jdpvs.daemon.plane;

import java.util.List;
import jdpvs.control.Views;
import jdpvs.port.Port;
import org.jspecify.annotations.Nullable;

/**
 * A device with the port behind it.
 *
 * @param id its place in the device table, from 0
 * @param mtu the largest IP packet in bytes
 * @param queues which worker serves which queue
 * @param receiveQueues as listed
 * @param transmitQueues as listed
 * @param bond name of the bond that it is a slave of; null = it works by itself
 * @param bufferCount what {@code dpip link show -s} prints as available buffers
 */
public record DeviceEntry(
        int id,
        Port port,
        int mtu,
        List<Views.QueueBinding> queues,
        int receiveQueues,
        int transmitQueues,
        @Nullable String bond,
        long bufferCount) {
    public DeviceEntry {
        queues = List.copyOf(queues);
    }

    String name() {
        return port.name();
    }
}
