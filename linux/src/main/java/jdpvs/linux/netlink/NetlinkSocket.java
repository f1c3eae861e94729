package jdpvs.linux.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import jdpvs.linux.CallState;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Errno;
import jdpvs.linux.Sockets;
import jdpvs.linux.SystemCallException;

/** A socket of NETLINK_ROUTE in the network namespace of the thread that opened it (netlink(7)); used by one thread at a time. */
final class NetlinkSocket implements AutoCloseable {
    /** Groups of notifications (linux/rtnetlink.h {@code RTMGRP_…}). */
    static final int GROUP_LINK = 0x1;

    static final int GROUP_IPV4_ADDRESS = 0x10;
    static final int GROUP_IPV6_ADDRESS = 0x100;

    private static final int NETLINK_ROUTE = 0;
    private static final int NLM_F_REQUEST = 0x1;
    private static final int NLM_F_ACK = 0x4;
    private static final int NLM_F_DUMP = 0x300;

    /** Twice the kernel's largest part of a dump. */
    private static final int BUFFER_BYTES = 1 << 16;
    /** The largest structure that a request of ours has, struct ifinfomsg; all zero it means everything. */
    private static final int REQUEST_BYTES = 16;
    /** So long the kernel answers nothing only if something is badly wrong. */
    private static final long ANSWER_SECONDS = 5;

    private static final int DUMP_ATTEMPTS = 8;
    private static final int MOST_NOTIFICATIONS = 1 << 14;

    private final int descriptor;
    private final CallState state = new CallState();
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, 8);
    private int sequence;

    private NetlinkSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /** @param groups whose notifications come, 0 for none */
    static NetlinkSocket open(int groups) {
        int descriptor = Sockets.open(Sockets.AF_NETLINK, Sockets.SOCK_RAW, NETLINK_ROUTE);
        try {
            Sockets.bindNetlink(descriptor, groups);
            Sockets.setReceiveTimeout(descriptor, ANSWER_SECONDS);
            return new NetlinkSocket(descriptor);
        } catch (RuntimeException e) {
            Descriptors.close(descriptor);
            throw e;
        }
    }

    int descriptor() {
        return descriptor;
    }

    /**
     * Asks for a whole table, again when it changed meanwhile; if it never stands still, what was said last is taken: then another notification has come as well.
     *
     * @param request RTM_GET…
     * @param begin called before the table's first message, of every attempt
     * @param each gets the messages of the type RTM_NEW…
     * @throws SystemCallException when the kernel refuses
     */
    void dump(int request, Runnable begin, Consumer<Message> each) {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            begin.run();
            send(request, NLM_F_REQUEST | NLM_F_DUMP, 0);
            if (!answerWasInterrupted(request, each)) {
                return;
            }
        }
    }

    /**
     * Asks for a change of one interface and waits for the kernel's word.
     *
     * @param request RTM_…LINK
     * @throws SystemCallException when the kernel refuses
     */
    void change(int request, int interfaceIndex) {
        send(request, NLM_F_REQUEST | NLM_F_ACK, interfaceIndex);
        boolean ignored = answerWasInterrupted(request, message -> {});
    }

    /** With a struct ifinfomsg: 0 family | 2 type | 4 index | 8 flags | 12 change. */
    private void send(int request, int flags, int interfaceIndex) {
        int bytes = Message.HEADER_BYTES + REQUEST_BYTES;
        buffer.asSlice(0, bytes).fill((byte) 0);
        buffer.set(JAVA_INT, 0, bytes);
        buffer.set(JAVA_SHORT, 4, (short) request);
        buffer.set(JAVA_SHORT, 6, (short) flags);
        buffer.set(JAVA_INT, 8, ++sequence);
        buffer.set(JAVA_INT, Message.HEADER_BYTES + 4, interfaceIndex);
        state.check("send to netlink", Sockets.send(state, descriptor, buffer.address(), bytes, 0));
    }

    private boolean answerWasInterrupted(int request, Consumer<Message> each) {
        boolean interrupted = false;
        while (true) {
            for (Message message : receive()) {
                if (message.sequence() != sequence) {
                    continue;
                }
                interrupted |= (message.flags() & Message.DUMP_INTERRUPTED) != 0;
                if (message.type() == Message.ERROR || message.type() == Message.DONE) {
                    if (message.errno() != 0) {
                        throw new SystemCallException("netlink request " + request, message.errno());
                    }
                    return interrupted;
                }
                each.accept(message);
            }
        }
    }

    private Iterable<Message> receive() {
        while (true) {
            long bytes =
                    Sockets.receive(state, descriptor, buffer.address(), BUFFER_BYTES, Sockets.MSG_TRUNCATED_LENGTH);
            if (bytes > BUFFER_BYTES) {
                throw new NetlinkException("a datagram of " + bytes + " bytes");
            }
            if (bytes >= 0) {
                return Message.split(buffer.asSlice(0, bytes).asByteBuffer());
            }
            if (state.errno() != Errno.EINTR) {
                throw new SystemCallException("recv from netlink", state.errno());
            }
        }
    }

    /** Throws all notifications away and tells whether there were any, or some were lost. */
    boolean drain() {
        boolean any = false;
        for (int i = 0; i < MOST_NOTIFICATIONS; i++) {
            long bytes = Sockets.receive(state, descriptor, buffer.address(), BUFFER_BYTES, Sockets.MSG_DONTWAIT);
            int errno = bytes >= 0 ? 0 : state.errno();
            if (errno == Errno.EAGAIN) {
                break;
            }
            if (errno != 0 && errno != Errno.ENOBUFS && errno != Errno.EINTR) {
                throw new SystemCallException("recv from netlink", errno);
            }
            any |= errno != Errno.EINTR;
        }
        return any;
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}
