package jdpvs.daemon.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.forward.BalancerEvents;
import jdpvs.stack.Device;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.StackEvents;
import jdpvs.wire.Address;
import jdpvs.wire.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker's stack and balancer noticed, kept until a control thread writes it down; what does not fit is left out, for more of the same is coming. */
final class EventLog implements StackEvents, BalancerEvents {
    private static final Logger LOG = LoggerFactory.getLogger("NEIGHBOUR");
    private static final Logger BALANCER_LOG = LoggerFactory.getLogger("IPVS");

    private record Event(boolean conflict, int device, Address address, long macAddress) {}

    private final ArrayBlockingQueue<Event> events = new ArrayBlockingQueue<>(16);
    private final ArrayBlockingQueue<Duplicate> duplicates = new ArrayBlockingQueue<>(256);
    private final ArrayBlockingQueue<ConnectionSnapshot> noRoom = new ArrayBlockingQueue<>(4);

    @Override
    public void addressConflict(int device, Address address, long macAddress) {
        events.offer(new Event(true, device, address, macAddress));
    }

    @Override
    public void duplicateAddress(int device, Address address, long macAddress) {
        duplicates.offer(new Duplicate(device, address, macAddress));
    }

    /** A control thread: what other hosts have said since the last time. */
    List<Duplicate> duplicates() {
        List<Duplicate> taken = new ArrayList<>();
        duplicates.drainTo(taken);
        return taken;
    }

    @Override
    public void unresolvedQueueFull(int device, Address nextHop) {
        events.offer(new Event(false, device, nextHop, 0));
    }

    @Override
    public void noRoomForClientAddress(ConnectionSnapshot connection) {
        noRoom.offer(connection);
    }

    /** A control thread, about once a second. */
    void write(NetworkConfiguration network) {
        for (ConnectionSnapshot c = noRoom.poll(); c != null; c = noRoom.poll()) {
            BALANCER_LOG.warn(
                    "TOA add failed(no room): {}; {}",
                    flow(c.clientAddress(), c.clientPort(), c.virtualAddress(), c.virtualPort()),
                    flow(c.localAddress(), c.localPort(), c.serverAddress(), c.serverPort()));
        }
        List<Event> taken = new ArrayList<>();
        events.drainTo(taken);
        for (Event event : taken) {
            Device found = network.device(event.device);
            String device = found == null ? "?" : found.name();
            Address address = event.address;
            if (event.conflict) {
                LOG.warn("{}: {} claims our address {}", device, MacAddress.format(event.macAddress), address);
            } else {
                LOG.warn(
                        "arp_unres_queue is full, drop packet: {} does not tell its MAC address on {}",
                        address,
                        device);
            }
        }
    }

    private static String flow(Address source, int sourcePort, Address destination, int destinationPort) {
        return "[" + source + "]:" + sourcePort + " -> [" + destination + "]:" + destinationPort;
    }
}
