package jdpvs.port.packet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.bpf.AttachType;
import jdpvs.linux.bpf.Link;
import jdpvs.linux.bpf.Program;
import jdpvs.port.BasePort;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.PortOptions;
import jdpvs.port.PortQueue;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * A Linux interface. All it does to the system hangs on descriptors (sockets, the link of the TC program), so that the kernel undoes it
 * however the process ends.
 */
final class PacketPort extends BasePort<PacketQueue> {
    /** For interfaces that do not know their speed, as DPVS's tools show it. */
    private static final int UNKNOWN_SPEED_MEGABITS = 10_000;

    private final NetworkDevice device;
    private final boolean exclusive;
    private final AddressMap addresses;
    /** What to close, last opened first. */
    private final Deque<Runnable> undo = new ArrayDeque<>();

    private @Nullable ControlQueue control;
    private @Nullable AddressMap kernelAddresses;
    private final Set<Long> alsoTaken = new HashSet<>();
    private boolean promiscuous;
    private boolean allMulticast;
    private boolean closed;

    private PacketPort(String name, String specification, NetworkDevice device, boolean exclusive) {
        super(name, specification, device.macAddress(), device.mtu(), new ArrayList<>());
        this.device = device;
        this.exclusive = exclusive;
        this.addresses = new AddressMap("jdpvs_owned");
        undo.push(addresses::close);
    }

    /**
     * @param device closed with the port, but not when this fails
     * @throws SystemCallException after which nothing is left
     */
    static PacketPort open(
            String name, String specification, NetworkDevice device, boolean exclusive, PortOptions options) {
        var port = new PacketPort(name, specification, device, exclusive);
        try {
            port.openQueues(options);
            if (options.control()) {
                port.openControl();
            }
            port.attachIngress();
            port.startQueues();
            port.setPromiscuous(options.promiscuous());
            port.undo.addLast(device::close);
            return port;
        } catch (RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** Binds all receive sockets and groups them, with a filter that keeps them dry until every one has its place. */
    private void openQueues(PortOptions options) {
        try (Program rejectAll = Programs.rejectAll()) {
            int group = 0;
            for (int i = 0; i < options.queueCount(); i++) {
                PacketQueue queue = PacketQueue.open(device.index(), options.descriptorsPerQueue());
                undo.push(queue::close);
                queues().add(queue);
                int socket = queue.receiveSocket();
                rejectAll.attachToSocket(socket);
                Sockets.bindPacket(socket, device.index(), PacketSockets.ETH_P_ALL);
                if (options.queueCount() == 1) {
                    break;
                }
                if (i == 0) {
                    group = PacketSockets.foundGroup(socket);
                    try (Program steering = Programs.steering(addresses.map())) {
                        PacketSockets.steerGroup(socket, steering);
                    }
                } else {
                    PacketSockets.joinGroup(socket, group);
                }
            }
        }
    }

    private void openControl() {
        AddressMap kernels = new AddressMap("jdpvs_kernels");
        undo.push(kernels::close);
        ControlQueue queue = ControlQueue.open(device.index(), kernels);
        undo.push(queue::close);
        kernelAddresses = kernels;
        control = queue;
    }

    private void attachIngress() {
        try (Program program = exclusive ? Programs.dropIngress() : Programs.ownedIngress(addresses.map())) {
            Link link = Link.toInterface(program, device.index(), AttachType.TCX_INGRESS, 0);
            undo.push(link::close);
        }
    }

    private void startQueues() {
        try (Program filter = exclusive ? Programs.receivedFilter() : Programs.ownedFilter(addresses.map())) {
            queues().forEach(queue -> filter.attachToSocket(queue.receiveSocket()));
        }
    }

    @Override
    public LinkState link() {
        boolean running;
        try {
            // Sockets belong to an interface, not to its name: to one that was made anew nothing goes, whatever its
            // carrier.
            running = device.isThere() && device.isRunning();
        } catch (SystemCallException gone) {
            running = false;
        }
        boolean up = running;
        return device.wire()
                .map(wire -> new LinkState(up, wire.speedMegabits(), wire.fullDuplex(), wire.autoNegotiated()))
                .orElseGet(() -> new LinkState(up, UNKNOWN_SPEED_MEGABITS, true, false));
    }

    @Override
    public boolean sharedWithKernel() {
        return !exclusive;
    }

    @Override
    public void own(OwnedAddresses owned) {
        addresses.replace(owned);
    }

    @Override
    public @Nullable PortQueue control() {
        return control;
    }

    @Override
    public void kernelOwns(Set<Address> kernels) {
        if (kernelAddresses != null) {
            kernelAddresses.replace(new OwnedAddresses(kernels, Set.of(), 0));
        }
    }

    @Override
    public synchronized void setPromiscuous(boolean on) {
        if (on != promiscuous) {
            PacketSockets.setPromiscuous(queues().getFirst().receiveSocket(), device.index(), on);
            promiscuous = on;
        }
    }

    @Override
    public synchronized void alsoTakes(long macAddress) {
        if (alsoTaken.add(macAddress)) {
            PacketSockets.take(queues().getFirst().receiveSocket(), device.index(), macAddress);
        }
    }

    @Override
    public synchronized void setAllMulticast(boolean on) {
        if (on != allMulticast) {
            PacketSockets.setAllMulticast(queues().getFirst().receiveSocket(), device.index(), on);
            allMulticast = on;
        }
    }

    /** The workers have stopped: the rings' memory goes. The kernel gets its frames back first. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
