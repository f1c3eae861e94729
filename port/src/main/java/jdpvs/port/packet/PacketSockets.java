package jdpvs.port.packet;

import jdpvs.linux.Sockets;
import jdpvs.linux.bpf.Program;

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
    private static final int MEMBERSHIP_PROMISCUOUS = 1;
    private static final int MEMBERSHIP_ALL_MULTICAST = 2;

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

    /**
     * Lasts as long as the socket; the kernel counts the memberships of an interface.
     *
     * <pre>
     * struct packet_mreq: 0 interface index | 4 type (2) | 6 address length (2), 0 | 8 address (8)
     * </pre>
     */
    static void setPromiscuous(int socket, int interfaceIndex, boolean on) {
        setMembership(socket, interfaceIndex, MEMBERSHIP_PROMISCUOUS, on);
    }

    /** As {@link #setPromiscuous}. */
    static void setAllMulticast(int socket, int interfaceIndex, boolean on) {
        setMembership(socket, interfaceIndex, MEMBERSHIP_ALL_MULTICAST, on);
    }

    private static void setMembership(int socket, int interfaceIndex, int type, boolean on) {
        Sockets.setOption(
                socket,
                SOL_PACKET,
                on ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP,
                on ? "PACKET_ADD_MEMBERSHIP" : "PACKET_DROP_MEMBERSHIP",
                interfaceIndex,
                type,
                0,
                0);
    }

    /** Frames lost since the last call because the ring was full (struct tpacket_stats: 0 frames, those lost included | 4 lost). */
    static int takeLost(int socket) {
        return Sockets.optionWords(socket, SOL_PACKET, PACKET_STATISTICS, "PACKET_STATISTICS", 2)[1];
    }

    private static void set(int socket, int option, String name, int value) {
        Sockets.setOption(socket, SOL_PACKET, option, name, value);
    }
}
