package jdpvs.port.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdpvs.linux.Sockets;
import jdpvs.linux.bpf.Program;
import jdpvs.wire.Ethernet;

/** Options of AF_PACKET sockets (linux/if_packet.h), each with why we set it. */
final class PacketSockets {
    static final int ETH_P_ALL = 3;
    static final int ETH_P_NONE = 0;

    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_DROP_MEMBERSHIP = 2;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_RESERVE = 12;
    private static final int PACKET_VNET_HDR = 15;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_FANOUT_DATA = 22;
    private static final int PACKET_IGNORE_OUTGOING = 23;

    private static final int TPACKET_V2 = 1;
    private static final int FANOUT_EBPF = 7;
    private static final int FANOUT_UNIQUE_ID = 0x2000;
    private static final int FANOUT_IGNORE_OUTGOING = 0x4000;
    private static final int MEMBERSHIP_MULTICAST = 0;
    private static final int MEMBERSHIP_PROMISCUOUS = 1;
    private static final int MEMBERSHIP_ALL_MULTICAST = 2;
    private static final int MEMBERSHIP_UNICAST = 3;
    private static final int MAC_BYTES = 6;

    /** TC_PRIO_CONTROL (linux/pkt_sched.h): the band that the default queueing discipline serves first. */
    private static final int PRIORITY_CONTROL = 7;

    /** As large as it gets: 32 MB, some hundred 64 KB segments, so that a burst of them does not meet EAGAIN. */
    private static final int SEND_BUFFER_BYTES = 16 << 20;

    private PacketSockets() {}

    /** A socket that does not receive yet. */
    static int open() {
        return Sockets.open(Sockets.AF_PACKET, Sockets.SOCK_RAW, 0);
    }

    /** Frames come and go with a virtio_net_hdr: 64 KB segments and partial checksums stay whole. Before the ring. */
    static void enableVirtioHeader(int socket) {
        set(socket, PACKET_VNET_HDR, "PACKET_VNET_HDR", 1);
    }

    /** What we send ourselves does not come back. A fan-out group has a flag of its own for it. */
    static void ignoreOutgoing(int socket) {
        set(socket, PACKET_IGNORE_OUTGOING, "PACKET_IGNORE_OUTGOING", 1);
    }

    /**
     * <pre>
     * struct tpacket_req: 0 block bytes | 4 blocks | 8 frame bytes | 12 frames
     * </pre>
     *
     * @param reserve bytes that the kernel leaves free before each frame in addition to its own headers
     */
    static void makeReceiveRing(int socket, int reserve, int blockBytes, int blocks, int frameBytes, int frames) {
        set(socket, PACKET_VERSION, "PACKET_VERSION", TPACKET_V2);
        set(socket, PACKET_RESERVE, "PACKET_RESERVE", reserve);
        Sockets.setOption(socket, SOL_PACKET, PACKET_RX_RING, "PACKET_RX_RING", blockBytes, blocks, frameBytes, frames);
    }

    static void enlargeSendBuffer(int socket) {
        Sockets.setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_SNDBUFFORCE, "SO_SNDBUFFORCE", SEND_BUFFER_BYTES);
    }

    /** What the link itself says passes what waits at the interface: a LACP partner gives up after three seconds. */
    static void sendFirst(int socket) {
        Sockets.setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_PRIORITY, "SO_PRIORITY", PRIORITY_CONTROL);
    }

    /** Makes a fan-out group of this socket alone, which is bound, and returns the group's number. */
    static int foundGroup(int socket) {
        set(socket, PACKET_FANOUT, "PACKET_FANOUT", (FANOUT_EBPF | FANOUT_IGNORE_OUTGOING | FANOUT_UNIQUE_ID) << 16);
        return Sockets.option(socket, SOL_PACKET, PACKET_FANOUT, "PACKET_FANOUT") & 0xffff;
    }

    /** The socket's place in the group, which the steering program's result names, is that of its joining. */
    static void joinGroup(int socket, int group) {
        set(socket, PACKET_FANOUT, "PACKET_FANOUT", group | ((FANOUT_EBPF | FANOUT_IGNORE_OUTGOING) << 16));
    }

    static void steerGroup(int socket, Program program) {
        set(socket, PACKET_FANOUT_DATA, "PACKET_FANOUT_DATA", program.descriptor());
    }

    /** Of this socket's; the kernel counts the memberships of an interface. */
    static void setPromiscuous(int socket, int interfaceIndex, boolean on) {
        member(socket, interfaceIndex, on, MEMBERSHIP_PROMISCUOUS, 0);
    }

    /** The interface takes every group's frames: the kernel's groups are joined on another interface, of which this one knows nothing. */
    static void setAllMulticast(int socket, int interfaceIndex, boolean on) {
        member(socket, interfaceIndex, on, MEMBERSHIP_ALL_MULTICAST, 0);
    }

    /** The interface's filter lets frames to another station's or a group's MAC address in. */
    static void take(int socket, int interfaceIndex, long macAddress) {
        boolean group = Ethernet.isGroup(macAddress);
        member(socket, interfaceIndex, true, group ? MEMBERSHIP_MULTICAST : MEMBERSHIP_UNICAST, macAddress);
    }

    /**
     * A membership lasts as long as the socket.
     *
     * <pre>
     * struct packet_mreq: 0 interface index | 4 type (2) | 6 address length (2) | 8 address (8)
     * </pre>
     */
    private static void member(int socket, int interfaceIndex, boolean add, int type, long macAddress) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(16, 8);
            request.set(JAVA_INT, 0, interfaceIndex);
            request.set(JAVA_SHORT, 4, (short) type);
            request.set(JAVA_SHORT, 6, (short) (macAddress == 0 ? 0 : MAC_BYTES));
            for (int i = 0; i < MAC_BYTES; i++) {
                request.set(JAVA_BYTE, 8 + i, (byte) (macAddress >>> (40 - 8 * i)));
            }
            String name = add ? "PACKET_ADD_MEMBERSHIP" : "PACKET_DROP_MEMBERSHIP";
            Sockets.setOption(socket, SOL_PACKET, add ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP, name, request);
        }
    }

    /** Frames lost since the last call because the ring was full (struct tpacket_stats: 0 frames, those lost included | 4 lost). */
    static int takeLost(int socket) {
        return Sockets.optionWords(socket, SOL_PACKET, PACKET_STATISTICS, "PACKET_STATISTICS", 2)[1];
    }

    private static void set(int socket, int option, String name, int value) {
        Sockets.setOption(socket, SOL_PACKET, option, name, value);
    }
}
