package jdpvs.port.packet;

import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Errno;
import jdpvs.linux.Mapping;
import jdpvs.linux.NativeMemory;
import jdpvs.linux.Sockets;
import jdpvs.port.Burst;
import jdpvs.port.QueueCounters;
import jdpvs.wire.Segmentation;
import jdpvs.wire.VirtioNetHeader;

/**
 * Sends frames from where they lie, a burst with one call. The queueing discipline is not bypassed, so that tcpdump on the interface sees
 * what we send.
 *
 * <pre>
 * memory: CAPACITY × struct mmsghdr (64 bytes: … 16 iovec pointer, 24 iovec count, … 56 length), then
 *         CAPACITY × struct iovec   (16 bytes: 0 address, 8 bytes)
 * </pre>
 */
final class Transmitter implements AutoCloseable {
    private static final int MESSAGE_BYTES = 64;
    private static final int VECTOR_BYTES = 16;

    /** How often a burst may find the socket's buffer full before the rest of it is dropped. */
    private static final int PATIENCE = 16;

    private final int socket;
    private final Mapping memory;
    private final long messages;
    private final long vectors;
    private final CallState state = new CallState();
    private final QueueCounters counters;

    private Transmitter(int socket, Mapping memory, QueueCounters counters) {
        this.socket = socket;
        this.memory = memory;
        this.messages = memory.address();
        this.vectors = messages + (long) Burst.CAPACITY * MESSAGE_BYTES;
        this.counters = counters;
        for (int i = 0; i < Burst.CAPACITY; i++) {
            NativeMemory.putLong(messages + (long) i * MESSAGE_BYTES + 16, vectors + (long) i * VECTOR_BYTES);
            NativeMemory.putLong(messages + (long) i * MESSAGE_BYTES + 24, 1);
        }
    }

    static Transmitter open(int interfaceIndex, QueueCounters counters) {
        int socket = PacketSockets.open();
        try {
            PacketSockets.enableVirtioHeader(socket);
            PacketSockets.enlargeSendBuffer(socket);
            Sockets.bindPacket(socket, interfaceIndex, PacketSockets.ETH_P_NONE);
            return new Transmitter(
                    socket, Mapping.anonymous((long) Burst.CAPACITY * (MESSAGE_BYTES + VECTOR_BYTES), true), counters);
        } catch (RuntimeException e) {
            Descriptors.close(socket);
            throw e;
        }
    }

    int socket() {
        return socket;
    }

    /** {@link jdpvs.port.PortQueue#transmit}. */
    void send(Burst burst) {
        int count = burst.count;
        int packets = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long vector = vectors + (long) i * VECTOR_BYTES;
            NativeMemory.putLong(vector, burst.address[i] - VirtioNetHeader.LENGTH);
            NativeMemory.putLong(vector + 8, (long) burst.length[i] + VirtioNetHeader.LENGTH);
            packets += Segmentation.packets(burst.address[i], burst.length[i]);
            bytes += Segmentation.wireBytes(burst.address[i], burst.length[i]);
        }
        int at = 0;
        int refused = 0;
        int patience = PATIENCE;
        while (at < count) {
            int sent = Sockets.sendMany(
                    state, socket, messages + (long) at * MESSAGE_BYTES, count - at, Sockets.MSG_DONTWAIT);
            if (sent > 0) {
                at += sent;
                continue;
            }
            int errno = state.errno();
            if ((errno == Errno.EAGAIN || errno == Errno.EINTR) && patience-- > 0) {
                // The device still holds what we sent before; it gives it back in its interrupt.
                Thread.onSpinWait();
                continue;
            }
            // One bad frame must not take the rest with it, but where the cause lies with the device, trying them all
            // is in vain.
            int lost = isAboutTheFrame(errno) ? 1 : count - at;
            for (int i = at; i < at + lost; i++) {
                packets -= Segmentation.packets(burst.address[i], burst.length[i]);
                bytes -= Segmentation.wireBytes(burst.address[i], burst.length[i]);
            }
            refused += lost;
            at += lost;
        }
        burst.count = 0;
        if (count > refused) {
            counters.sent(packets, bytes);
        }
        if (refused > 0) {
            counters.transmitErrors(refused);
        }
    }

    /** EMSGSIZE: longer than the MTU; EINVAL: the headers do not fit together; ENOBUFS: the queueing discipline dropped this one. */
    private static boolean isAboutTheFrame(int errno) {
        return errno == Errno.EMSGSIZE || errno == Errno.EINVAL || errno == Errno.ENOBUFS;
    }

    @Override
    public void close() {
        Descriptors.close(socket);
        memory.close();
    }
}
