package jdpvs.daemon.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.StackEvents;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker's stack noticed, kept until a control thread writes it down; what does not fit is left out, for more of the same is coming. */
final class EventLog implements StackEvents {
    private static final Logger LOG = LoggerFactory.getLogger("NEIGHBOUR");

    private record Event(boolean conflict, int device, int address, long macAddress) {}

    private final ArrayBlockingQueue<Event> events = new ArrayBlockingQueue<>(16);

    @Override
    public void addressConflict(int device, int address, long macAddress) {
        events.offer(new Event(true, device, address, macAddress));
    }

    @Override
    public void unresolvedQueueFull(int device, int nextHop) {
        events.offer(new Event(false, device, nextHop, 0));
    }

    /** A control thread, about once a second. */
    void write(NetworkConfiguration network) {
        List<Event> taken = new ArrayList<>();
        events.drainTo(taken);
        for (Event event : taken) {
            Device found = network.device(event.device);
            String device = found == null ? "?" : found.name();
            String address = Ipv4Address.format(event.address);
            if (event.conflict) {
                LOG.warn("{}: {} claims our address {}", device, MacAddress.format(event.macAddress), address);
            } else {
                LOG.warn("arp_unres_queue is full, drop packet: {} does not answer ARP on {}", address, device);
            }
        }
    }
}
