package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.TcpState;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.session.EndReason;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.ErrorKind;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Route;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Memory;
import jdpvs.wire.Segmentation;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;
import jdpvs.wire.VirtioNetHeader;
import org.jspecify.annotations.Nullable;

/**
 * Forwards packets of known connections that need more than the plain rewrite: a change of state, a next hop, the client's
 * address, a look at the MTU. The pipeline keeps the
 * plain case to itself.
 */
final class Forwarder {
    private static final int ESTABLISHED = TcpState.ESTABLISHED.ordinal();

    private final BalancerState state;
    private final Lifecycle lifecycle;
    private final FamilyRewrite families;
    private final ClientAddressSender clientAddress;
    private final ProxyStream proxyStream;
    private final ProxyDatagram proxyDatagram;

    Forwarder(BalancerState state, Lifecycle lifecycle) {
        this.state = state;
        this.lifecycle = lifecycle;
        this.families = new FamilyRewrite(state);
        this.clientAddress = new ClientAddressSender(state);
        this.proxyStream = new ProxyStream(state);
        this.proxyDatagram = new ProxyDatagram(state);
    }

    FamilyRewrite families() {
        return families;
    }

    ClientAddressSender clientAddress() {
        return clientAddress;
    }

    /** Frames that went beside those that came, to tell servers the client's address. */
    long addedFrames() {
        return proxyStream.added() + proxyDatagram.added();
    }

    /** Whether a client's SYN means a new connection although the old one is still remembered (facts: behaviour §7 step 4). */
    static boolean isReusable(long record) {
        int number = Connection.state(record);
        return number == TcpState.CLOSE.ordinal() || number == TcpState.TIME_WAIT.ordinal();
    }

    void tcp(int connection, boolean outbound, int device, long frame, int length, int transportOffset) {
        long record = state.connections.record(connection);
        long line = outbound ? record + Connection.OUT : record;
        if (isServerUnwanted(connection, record, line) || isSourceRouted(device, frame, line)) {
            return;
        }
        long tcp = frame + transportOffset;
        boolean due = !outbound && (Connection.flags(line) & Connection.CLIENT_ADDRESS_DUE) != 0;
        @Nullable Route route = null;
        boolean large = false;
        if (due || needsRoute(line) || mayBeTooBig(frame, line, length)) {
            route = route(line, frame);
            if (route == null) {
                return;
            }
            refresh(line, route);
            int growth = FamilyRewrite.growth(frame, transportOffset, line);
            large = Segmentation.largestPacket(frame, length) + growth > route.mtu()
                    || Ip.totalLength(frame + Ethernet.LENGTH) + growth > FamilyRewrite.largestPacket(line)
                    || FamilyRewrite.leavesInFragments(frame, line);
            if (large && FamilyRewrite.mustStayWhole(frame, transportOffset, line)) {
                refuse(
                        line,
                        device,
                        frame,
                        length,
                        route.mtu() - growth - (outbound ? 0 : ClientAddressSender.growthNow(record)));
                return;
            }
        }
        ProxyStream.Lead lead = ProxyStream.Lead.NONE;
        boolean proxied = !outbound && Connection.isProxied(record);
        if (proxied) {
            lead = proxyStream.fromClient(record, frame, transportOffset);
            if (lead == ProxyStream.Lead.REFUSED) {
                state.drop(DropReason.PROXY_ORDER);
                return;
            }
        }
        stamp(line);
        lifecycle.tcp(connection, record, outbound, Plausibility.believed(record, outbound, tcp));
        count(connection, outbound, line, frame, length);
        if (outbound) {
            fromServer(record, frame, tcp);
        } else {
            fromClient(record, frame, tcp);
        }
        boolean tells = due && clientAddress.isWanted(record, tcp);
        long end = frame + length;
        long sent = rewriteTcp(frame, tcp, line, outbound);
        int offset = (int) (tcp - sent);
        if (large && route != null && isSegmented(sent)) {
            Segments.limit(sent, offset, route.mtu());
            large = false;
        }
        if (proxied) {
            boolean ready = lead == ProxyStream.Lead.NONE || sendHeader(record, lead, route, sent, offset);
            if (!ready || lead == ProxyStream.Lead.INSTEAD) {
                return;
            }
            sent = proxyStream.withoutHeader(sent, offset);
            end = sent + Ethernet.LENGTH + Ip.totalLength(sent + Ethernet.LENGTH);
        }
        if (tells && route != null && large) {
            // It leaves in fragments, put together by the server: only its header's length limits it.
            int longest = FamilyRewrite.largestPacket(line);
            tellOne(connection, record, route, sent, (int) (end - sent), offset, longest);
        } else if (tells && route != null) {
            tell(connection, record, route, sent, (int) (end - sent), offset);
        } else {
            send(line, route, sent, (int) (end - sent), large);
        }
    }

    private long rewriteTcp(long frame, long tcp, long line, boolean outbound) {
        if ((Connection.flags(line) & Connection.FAMILIES) != 0) {
            return families.tcp(frame, tcp, line, outbound);
        }
        Rewrite.tcp(frame, frame + Ethernet.LENGTH, tcp, line, outbound, state.context);
        return frame;
    }

    /** Sends the PROXY header that belongs before a client's segment, rewritten already; false when there is no buffer, and the client repeats the segment. */
    private boolean sendHeader(
            long record, ProxyStream.Lead lead, @Nullable Route route, long segment, int transportOffset) {
        long header = proxyStream.header(record, lead, segment, transportOffset);
        if (header == Segments.NONE) {
            state.drop(DropReason.BUFFERS_EXHAUSTED);
            return false;
        }
        send(record, route, header, Ethernet.LENGTH + Ip.totalLength(header + Ethernet.LENGTH), false);
        return true;
    }

    /** What a packet of the server's tells about the connection; lowers what its SYN announces. */
    private void fromServer(long record, long frame, long tcp) {
        int flags = Tcp.flags(tcp);
        long line = record + Connection.OUT;
        boolean headerDue = (Connection.flags(line) & Connection.PROXY_HEADER_DUE) != 0;
        if ((flags & Tcp.ACK) != 0 && (!headerDue || proxyStream.fromServer(record, frame, tcp))) {
            Memory.putInt(line + Connection.LAST_ACKNOWLEDGEMENT, Tcp.acknowledgement(tcp));
        }
        if ((flags & (Tcp.SYN | Tcp.RST)) == Tcp.SYN) {
            ClientAddressOption.lowerSegmentSize(frame, tcp, ClientAddressSender.growth(record));
            Memory.putInt(record + Connection.LAST_ACKNOWLEDGEMENT, Tcp.sequence(tcp) + 1);
            Connection.setFlag(record, Connection.CLIENT_ADDRESS_DUE);
            Connection.setFlag(line, Connection.SERVER_SILENT);
        } else if ((flags & Tcp.FIN) != 0 || hasPayload(frame, tcp)) {
            Connection.clearFlag(line, Connection.SERVER_SILENT);
        }
    }

    /**
     * What a packet of the client's tells about the connection; takes forged options out of it while the server may look for ours. That ends when the client
     * acknowledges payload: the server has accepted the connection before it sent any. It must have sent some, for a client can acknowledge what
     * was never sent.
     */
    private void fromClient(long record, long frame, long tcp) {
        int flags = Tcp.flags(tcp);
        boolean due = (Connection.flags(record) & Connection.CLIENT_ADDRESS_DUE) != 0;
        if (due || (flags & Tcp.SYN) != 0 || Connection.state(record) != ESTABLISHED) {
            if (OptionGuard.blank(frame, tcp, TcpOptions.CLIENT_ADDRESS)) {
                state.context.step(Step.FORGED_OPTION_BLANKED, 0, 0);
            }
        }
        if ((flags & Tcp.ACK) == 0) {
            return;
        }
        if (due) {
            int ahead = Tcp.acknowledgement(tcp) - Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
            boolean silent = (Connection.flags(record + Connection.OUT) & Connection.SERVER_SILENT) != 0;
            if (silent || ahead <= 0) {
                return;
            }
            Connection.clearFlag(record, Connection.CLIENT_ADDRESS_DUE);
            ProxyStream.settle(record);
        }
        Memory.putInt(record + Connection.LAST_ACKNOWLEDGEMENT, Tcp.acknowledgement(tcp));
    }

    private static boolean hasPayload(long frame, long tcp) {
        long ip = frame + Ethernet.LENGTH;
        return Ip.totalLength(ip) > tcp - ip + Tcp.headerLength(tcp);
    }

    /** Sends a client's segment, rewritten already, with its address; as two where it has no room for it. */
    private void tell(int connection, long record, Route route, long frame, int length, int transportOffset) {
        long tail = clientAddress.cut(record, frame, transportOffset, route.mtu());
        int left = tail == Segments.NONE ? length : Ethernet.LENGTH + Ip.totalLength(frame + Ethernet.LENGTH);
        tellOne(connection, record, route, frame, left, transportOffset, route.mtu());
        if (tail != Segments.NONE) {
            tellOne(connection, record, route, tail, clientAddress.tailLength(), transportOffset, route.mtu());
        }
    }

    /** @param longest bytes of the packet with the option; more than the route's MTU when it leaves in fragments */
    private void tellOne(
            int connection, long record, Route route, long frame, int length, int transportOffset, int longest) {
        long sent = clientAddress.insert(connection, record, frame, transportOffset, longest);
        send(record, route, sent, length + (int) (frame - sent), longest > route.mtu());
    }

    void udp(int connection, boolean outbound, int device, long frame, int length, int transportOffset) {
        long record = state.connections.record(connection);
        long line = outbound ? record + Connection.OUT : record;
        if (isServerUnwanted(connection, record, line) || isSourceRouted(device, frame, line)) {
            return;
        }
        boolean proxied = !outbound && Connection.isProxied(record);
        if (proxied && VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_UDP_L4) {
            segmentedUdp(connection, device, frame, length, transportOffset);
            return;
        }
        @Nullable Route route = null;
        boolean large = false;
        if (proxied || needsRoute(line) || mayBeTooBig(frame, line, length)) {
            route = route(line, frame);
            if (route == null) {
                return;
            }
            refresh(line, route);
            int growth = FamilyRewrite.growth(frame, transportOffset, line);
            large = Segmentation.largestPacket(frame, length) + growth > route.mtu()
                    || Ip.totalLength(frame + Ethernet.LENGTH) + growth > FamilyRewrite.largestPacket(line)
                    || FamilyRewrite.leavesInFragments(frame, line);
            if (large
                    && (FamilyRewrite.mustStayWhole(frame, transportOffset, line)
                            || VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_UDP_L4)) {
                refuse(line, device, frame, length, route.mtu() - growth);
                return;
            }
        }
        stamp(line);
        lifecycle.udp(connection, record, outbound);
        count(connection, outbound, line, frame, length);
        if ((Connection.flags(line) & Connection.FAMILIES) == 0) {
            Rewrite.udp(frame, frame + Ethernet.LENGTH, frame + transportOffset, line, state.context);
            sendDatagram(record, line, proxied, route, frame, length, transportOffset, large);
        } else {
            long sent = families.udp(frame, frame + transportOffset, line);
            int shift = (int) (frame - sent);
            sendDatagram(record, line, proxied, route, sent, length + shift, transportOffset + shift, large);
        }
    }

    /** Sends a datagram, rewritten already; the first of a proxied connection with its PROXY header, in fragments where that makes it too long. */
    private void sendDatagram(
            long record,
            long line,
            boolean proxied,
            @Nullable Route route,
            long frame,
            int length,
            int transportOffset,
            boolean large) {
        if (!proxied || route == null) {
            send(line, route, frame, length, large);
            return;
        }
        long sent = proxyDatagram.insert(record, frame, transportOffset);
        if (sent == ProxyDatagram.NO_ROOM) {
            state.drop(DropReason.TOO_BIG);
            return;
        }
        int total = Ip.totalLength(sent + Ethernet.LENGTH);
        boolean grownLarge = !large && total > route.mtu();
        if (grownLarge) {
            proxyDatagram.allowFragments(sent, route.mtu());
        }
        send(line, route, sent, Ethernet.LENGTH + total, large || grownLarge);
    }

    /** The first datagram of a segmented frame carries the PROXY header and goes by itself. */
    private void segmentedUdp(int connection, int device, long frame, int length, int transportOffset) {
        long first = proxyDatagram.first(frame, transportOffset);
        if (first == ProxyDatagram.NO_ROOM) {
            state.drop(DropReason.BUFFERS_EXHAUSTED);
            return;
        }
        int firstLength = Ethernet.LENGTH + Ip.totalLength(first + Ethernet.LENGTH);
        udp(connection, false, device, first, firstLength, transportOffset);
        long rest = proxyDatagram.rest(frame, transportOffset);
        if (rest != ProxyDatagram.NO_ROOM) {
            udp(connection, false, device, rest, length - (int) (rest - frame), transportOffset);
        }
    }

    /** Whether the route's MTU must be asked. */
    private boolean mayBeTooBig(long frame, long line, int length) {
        int device = (int) (Memory.getLong(line + Connection.NEXT_HOP) >>> 48);
        return length + FamilyRewrite.mostGrowth(line) > state.deviceFrames[device]
                || FamilyRewrite.leavesInFragments(frame, line);
    }

    private static boolean isSegmented(long frame) {
        int type = VirtioNetHeader.gsoType(frame);
        return type != VirtioNetHeader.GSO_NONE && type != VirtioNetHeader.GSO_UDP;
    }

    /** Tells the sender of a packet that is too long how long it may be (RFC 1191 §4, RFC 8201 §4). */
    private void refuse(long line, int device, long frame, int length, int mtu) {
        if (Connection.leavesAsIpv6(line)) {
            int datagrams = Segmentation.datagrams(frame, length);
            state.context.ipv6.add(Ipv6Counter.OUT_REQUESTS, datagrams);
            state.context.ipv6.add(Ipv6Counter.FRAG_FAILS, datagrams);
        }
        state.stack.error(device, frame, ErrorKind.TOO_BIG, mtu);
        state.drop(DropReason.TOO_BIG);
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
        lifecycle.close(connection, EndReason.SERVER_GONE);
        return true;
    }

    /** Refuses a packet that IPv6 has no form for, and tells its sender (RFC 7915 §4.1). */
    private boolean isSourceRouted(int device, long frame, long line) {
        if (!FamilyRewrite.isSourceRouted(frame, line)) {
            return false;
        }
        state.stack.error(device, frame, ErrorKind.SOURCE_ROUTE_FAILED, 0);
        state.drop(DropReason.SOURCE_ROUTE);
        return true;
    }

    private boolean needsRoute(long line) {
        return Memory.getInt(line + Connection.EPOCH) != state.epoch;
    }

    /** The route of what this line rewrites, or null when the packet, not rewritten yet, was dropped and its sender told. */
    private @Nullable Route route(long line, long frame) {
        long high = state.addresses.destinationHigh(line);
        long low = state.addresses.destinationLow(line);
        Route route = state.route(high, low);
        if (route == null) {
            state.dropWithoutRoute(Connection.leavesAsIpv6(line));
            state.stack.error(-1, frame, ErrorKind.NO_ROUTE, 0);
        } else {
            state.context.step(Step.ROUTE_FOUND, route.device().id(), route.nextHigh(high), route.nextLow(low));
        }
        return route;
    }

    /** Stores the next hop's MAC address for the packets that follow, if it is known. */
    private void refresh(long line, Route route) {
        int device = route.device().id();
        long mac = state.stack.macAddress(
                device,
                route.nextHigh(state.addresses.destinationHigh(line)),
                route.nextLow(state.addresses.destinationLow(line)));
        if (mac == -1 || state.deviceMac(device) == -1) {
            Memory.putInt(line + Connection.EPOCH, 0);
            return;
        }
        state.context.step(Step.NEIGHBOUR_FOUND, device, mac);
        Memory.putLong(line + Connection.NEXT_HOP, Rewrite.wireOrder(mac) | (long) device << 48);
        Memory.putInt(line + Connection.EPOCH, state.epoch);
    }

    /** @param large longer than the route's MTU: the stack fragments it */
    private void send(long line, @Nullable Route route, long frame, int length, boolean large) {
        if ((large || needsRoute(line)) && route != null) {
            state.stack.output(route, frame, length);
            return;
        }
        long nextHop = Memory.getLong(line + Connection.NEXT_HOP);
        int device = (int) (nextHop >>> 48);
        Rewrite.ethernet(frame, nextHop, state.deviceMacs[device]);
        state.context.ipv6.requested(frame, length);
        state.context.ipv6.transmitted(frame, length);
        state.context.egress.send(device, frame, length);
    }

    private void stamp(long line) {
        Connection.setLastSeen(line, (int) state.context.nowMillis);
    }

    private void count(int connection, boolean outbound, long line, long frame, int length) {
        int server = Connection.server(line);
        int packets = Segmentation.packets(frame, length);
        // A frame that is one packet may be padded.
        int bytes = packets == 1
                ? Ip.totalLength(frame + Ethernet.LENGTH)
                : Segmentation.wireBytes(frame, length) - packets * Ethernet.LENGTH;
        if (state.sessions != null) {
            state.sessions.count(connection, outbound, packets, bytes);
        }
        if (outbound) {
            state.counters.out(server, packets, bytes);
        } else {
            state.counters.in(server, packets, bytes);
        }
    }
}
