package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.balancer.connection.TcpState;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.port.DropReason;
import jdpvs.stack.Route;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * Forwards packets of known connections that need more than the plain rewrite: a change of state, a next hop, the client's address. The pipeline keeps the
 * plain case to itself.
 */
final class Forwarder {
    private final BalancerState state;
    private final Lifecycle lifecycle;
    private final ClientAddressOption clientAddress = new ClientAddressOption();
    private long optionsWithoutRoom;

    Forwarder(BalancerState state, Lifecycle lifecycle) {
        this.state = state;
        this.lifecycle = lifecycle;
    }

    /** Packets that went to a server without the client's address for want of room; any thread may see it late. */
    long optionsWithoutRoom() {
        return optionsWithoutRoom;
    }

    /** Whether a client's SYN means a new connection although the old one is still remembered (facts: behaviour §7 step 4). */
    static boolean isReusable(long record) {
        int number = Connection.state(record);
        return number == TcpState.CLOSE.ordinal() || number == TcpState.TIME_WAIT.ordinal();
    }

    void tcp(int connection, boolean outbound, long frame, int length, int transportOffset) {
        long record = state.connections.record(connection);
        long line = outbound ? record + Connection.OUT : record;
        if (isServerUnwanted(connection, record, line)) {
            return;
        }
        long tcp = frame + transportOffset;
        int flags = Tcp.flags(tcp);
        @Nullable Route route = null;
        if (needsRoute(line) || (Connection.flags(line) & Connection.CLIENT_ADDRESS_DUE) != 0) {
            route = route(line, frame);
            if (route == null) {
                return;
            }
            refresh(line, route);
        }
        stamp(line);
        int ahead = Tcp.acknowledgement(tcp) - Memory.getInt(line + Connection.LAST_ACKNOWLEDGEMENT);
        boolean due = !outbound && (Connection.flags(line) & Connection.CLIENT_ADDRESS_DUE) != 0;
        if ((flags & Tcp.ACK) != 0 && (!due || ahead > 0)) {
            Memory.putInt(line + Connection.LAST_ACKNOWLEDGEMENT, Tcp.acknowledgement(tcp));
        }
        lifecycle.tcp(connection, record, outbound, flags);
        count(outbound, line, frame);
        long sent = frame;
        if (outbound) {
            if ((flags & (Tcp.SYN | Tcp.RST)) == Tcp.SYN) {
                ClientAddressOption.lowerSegmentSize(frame, tcp);
                Memory.putInt(record + Connection.LAST_ACKNOWLEDGEMENT, Tcp.sequence(tcp) + 1);
                Connection.setFlag(record, Connection.CLIENT_ADDRESS_DUE);
            }
        } else if (due && route != null) {
            sent = withClientAddress(record, frame, transportOffset, flags, ahead, route);
        }
        Rewrite.tcp(sent, sent + Ethernet.LENGTH, sent + transportOffset, line);
        send(line, route, sent, length + (int) (frame - sent));
    }

    void udp(int connection, boolean outbound, long frame, int length, int transportOffset) {
        long record = state.connections.record(connection);
        long line = outbound ? record + Connection.OUT : record;
        if (isServerUnwanted(connection, record, line)) {
            return;
        }
        @Nullable Route route = null;
        if (needsRoute(line)) {
            route = route(line, frame);
            if (route == null) {
                return;
            }
            refresh(line, route);
        }
        stamp(line);
        lifecycle.udp(connection, record, outbound);
        count(outbound, line, frame);
        Rewrite.udp(frame, frame + Ethernet.LENGTH, frame + transportOffset, line);
        send(line, route, frame, length);
    }

    /**
     * Ends a connection to a server that was removed or has weight 0, where the service asks for that (facts: behaviour §8); looked at only when
     * something in the configuration has changed.
     */
    private boolean isServerUnwanted(int connection, long record, long line) {
        if (!needsRoute(line)) {
            return false;
        }
        Service service = state.services.service(Connection.service(record));
        if (service == null || !service.expireQuiescent()) {
            return false;
        }
        Server server = state.services.server(Connection.server(record));
        if (server != null && server.weight() > 0) {
            return false;
        }
        state.drop(DropReason.SERVER_GONE);
        lifecycle.close(connection);
        return true;
    }

    private boolean needsRoute(long line) {
        return Memory.getInt(line + Connection.EPOCH) != state.epoch;
    }

    /** The route of what this line rewrites, or null when the packet, not rewritten yet, was dropped and its sender told. */
    private @Nullable Route route(long line, long frame) {
        Route route = state.route(destination(line));
        if (route == null) {
            state.drop(DropReason.NO_ROUTE);
            state.stack.error(-1, frame, Icmp.UNREACHABLE, Icmp.NET, 0);
        }
        return route;
    }

    /** Stores the next hop's MAC address for the packets that follow, if it is known. */
    private void refresh(long line, Route route) {
        int device = route.device().id();
        long mac = state.stack.macAddress(device, route.nextHop(destination(line)));
        if (mac == -1 || state.deviceMac(device) == -1) {
            Memory.putInt(line + Connection.EPOCH, 0);
            return;
        }
        Memory.putLong(line + Connection.NEXT_HOP, Rewrite.wireOrder(mac) | (long) device << 48);
        Memory.putInt(line + Connection.EPOCH, state.epoch);
    }

    private void send(long line, @Nullable Route route, long frame, int length) {
        int device = (int) (Memory.getLong(line + Connection.NEXT_HOP) >>> 48);
        boolean large = !needsRoute(line) && length > state.deviceFrames[device];
        @Nullable Route way = large && route == null ? state.route(destination(line)) : route;
        if (large && way == null) {
            state.drop(DropReason.NO_ROUTE);
            return;
        }
        if (way != null && (large || needsRoute(line))) {
            identify(frame + Ethernet.LENGTH);
            state.stack.output(way, destination(line), frame, length);
            return;
        }
        Rewrite.ethernet(frame, Memory.getLong(line + Connection.NEXT_HOP), state.deviceMacs[device]);
        state.context.egress.send(device, frame, length);
    }

    /** A packet that may leave in fragments needs a number that no other client behind the same local address has. */
    private void identify(long ip) {
        if ((Ipv4.flagsAndOffset(ip) & Ipv4.DONT_FRAGMENT) == 0) {
            int identification = state.context.nextIdentification();
            Checksum.apply(ip + 10, Checksum.delta16(Ipv4.identification(ip), identification));
            Memory.putShortNet(ip + 4, identification);
        }
    }

    /** @param ahead of the server's initial sequence number + 1: what the packet acknowledges */
    private long withClientAddress(long record, long frame, int transportOffset, int flags, int ahead, Route route) {
        if ((flags & (Tcp.SYN | Tcp.RST)) != 0 || (flags & Tcp.ACK) == 0 || ahead < 0) {
            return frame;
        }
        if (ahead > 0) {
            // The client has seen payload of the server's, so the server has accepted the connection.
            Connection.clearFlag(record, Connection.CLIENT_ADDRESS_DUE);
            return frame;
        }
        int shift = clientAddress.insert(
                frame, transportOffset, Connection.clientAddress(record), Connection.clientPort(record), route.mtu());
        if (shift == ClientAddressOption.NO_ROOM) {
            optionsWithoutRoom++;
            return frame;
        }
        return frame - shift;
    }

    private void stamp(long line) {
        Connection.setLastSeen(line, (int) state.context.nowMillis);
    }

    private void count(boolean outbound, long line, long frame) {
        int server = Connection.server(line);
        int bytes = Ipv4.totalLength(frame + Ethernet.LENGTH);
        if (outbound) {
            state.counters.out(server, 1, bytes);
        } else {
            state.counters.in(server, 1, bytes);
        }
    }

    private static int destination(long line) {
        return FlowKey.destination(Memory.getLong(line + Connection.ADDRESSES));
    }
}
