package jdpvs.port.packet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Sockets;
import jdpvs.linux.bpf.Program;
import jdpvs.port.Burst;
import jdpvs.port.PortCounters;
import jdpvs.port.PortQueue;
import jdpvs.port.QueueCounters;

/**
 * What {@link jdpvs.port.Port#control} answers: several rings beside those of the workers, so that a flood fills the ring of its kind only ({@link ControlRing}) and LACP, VRRP and
 * routing live on.
 *
 * <pre>
 *  every frame ──→ one tap, a fan-out group ──→ {@link ControlCode} ──┬──→ NONE: a socket that takes nothing
 *                                                        └──→ SLOW, LINK, NEIGHBOURS, ROUTING, OTHERS ──→ read in turn, a burst of each
 * </pre>
 *
 * One tap, because every tap costs the workers' frames its time.
 */
final class ControlQueue implements PortQueue, AutoCloseable {
    private final QueueCounters counters = new QueueCounters();
    private final Map<ControlRing, ReceiveRing> rings = new EnumMap<>(ControlRing.class);
    private final Transmitter transmitter;
    /** What to close, last opened first. */
    private final Deque<Runnable> undo = new ArrayDeque<>();
    /** The rings in the order of their turns. */
    private final ReceiveRing[] turns;

    /** Of the ring that was read last. */
    private int turn;

    private ControlQueue(int interfaceIndex, AddressMap kernels) {
        try {
            transmitter = Transmitter.open(interfaceIndex, counters);
            undo.push(transmitter::close);
            PacketSockets.sendFirst(transmitter.socket());
            openGroup(interfaceIndex, kernels);
            turns = rings.values().toArray(ReceiveRing[]::new);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    static long memoryBytes() {
        long sum = 0;
        for (ControlRing ring : ControlRing.values()) {
            sum += ring.memoryBytes();
        }
        return sum;
    }

    /** @param kernels the kernel's addresses */
    static ControlQueue open(int interfaceIndex, AddressMap kernels) {
        return new ControlQueue(interfaceIndex, kernels);
    }

    /**
     * A socket's place in the group is that of its joining; when the interface was down, that of its making. Until all have theirs, each refuses what comes.
     */
    private void openGroup(int interfaceIndex, AddressMap kernels) {
        int group = 0;
        try (Program rejectAll = Programs.rejectAll();
                Program received = Programs.receivedFilter();
                Program steering = Programs.controlSteering(kernels.map())) {
            for (ControlRing ring : ControlRing.values()) {
                int socket = openSocket(ring);
                rejectAll.attachToSocket(socket);
                Sockets.bindPacket(socket, interfaceIndex, PacketSockets.ETH_P_ALL);
                if (ring == ControlRing.NONE) {
                    group = PacketSockets.foundGroup(socket);
                    PacketSockets.steerGroup(socket, steering);
                } else {
                    PacketSockets.joinGroup(socket, group);
                }
            }
            rings.values().forEach(ring -> received.attachToSocket(ring.socket()));
        }
        // The kernel's groups are joined on another interface, of which this one knows nothing.
        PacketSockets.setAllMulticast(ring(ControlRing.OTHERS).socket(), interfaceIndex, true);
    }

    private int openSocket(ControlRing ring) {
        RingShape shape = ring.shape();
        if (shape == null) {
            int socket = PacketSockets.open();
            undo.push(() -> Descriptors.close(socket));
            return socket;
        }
        ReceiveRing opened = ReceiveRing.open(shape, counters);
        undo.push(opened::close);
        rings.put(ring, opened);
        return opened.socket();
    }

    /** @param ring not {@link ControlRing#NONE} */
    ReceiveRing ring(ControlRing ring) {
        ReceiveRing found = rings.get(ring);
        if (found == null) {
            throw new IllegalArgumentException(ring + " has no ring");
        }
        return found;
    }

    @Override
    public int receive(Burst burst) {
        for (int asked = 0; asked < turns.length; asked++) {
            turn = turn + 1 == turns.length ? 0 : turn + 1;
            int count = turns[turn].receive(burst);
            if (count > 0) {
                return count;
            }
            // Frames that were too long may have been taken all the same.
            turns[turn].release();
        }
        return 0;
    }

    @Override
    public void release() {
        turns[turn].release();
    }

    @Override
    public void transmit(Burst burst) {
        if (burst.count > 0) {
            transmitter.send(burst);
        }
    }

    /** Any thread. */
    @Override
    public PortCounters counters() {
        long lost = 0;
        for (ReceiveRing ring : turns) {
            lost += ring.lost();
        }
        return counters.read(lost);
    }

    @Override
    public int[] pollDescriptors() {
        int[] sockets = new int[turns.length];
        for (int i = 0; i < turns.length; i++) {
            sockets[i] = turns[i].socket();
        }
        return sockets;
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
