package jdpvs.daemon.explain;

import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.connection.FoundConnection;
import jdpvs.balancer.connection.TcpState;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Route;
import jdpvs.stack.fragment.Fragment;
import jdpvs.stack.fragment.Fragmenter;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Tcp;
import jdpvs.wire.translate.HeaderTranslation;
import jdpvs.wire.translate.SourceRoute;
import org.jspecify.annotations.Nullable;

/**
 * What one worker does with a frame: the stages of the real pipeline in their order, each asked what it would find. What it says is held against the real
 * pipeline by {@code JudgeAgreementTest}.
 */
final class Judge {
    private static final int STATE_FLAGS = Tcp.SYN | Tcp.FIN | Tcp.RST | Tcp.ACK;

    private final Tables tables;
    private final Hop hop;
    private final ServiceMatch services;
    private final ServerChoice servers;
    private final LocalChoice locals;
    private final StackJudge stack;
    private final ErrorJudge errors;

    Judge(Tables tables) {
        this.tables = tables;
        this.hop = new Hop(tables);
        this.services = new ServiceMatch(tables);
        this.servers = new ServerChoice(tables);
        this.locals = new LocalChoice(tables);
        this.stack = new StackJudge(tables, hop);
        this.errors = new ErrorJudge(tables, hop);
    }

    /**
     * @param device the frame came in by; its destination MAC address decides whether it is for us
     * @param classification of the frame
     */
    Verdict judge(WorkerTables worker, int device, long frame, int classification, Findings findings) {
        int kind = FrameKind.kind(classification);
        long ip = frame + Ethernet.LENGTH;
        var own = tables.network().device(device);
        boolean balanced = FrameKind.isFlow(kind) && own != null && Ethernet.destination(frame) == own.macAddress();
        if (balanced) {
            return balanced(worker, device, frame, classification, findings);
        }
        if ((kind == FrameKind.ICMP4 || kind == FrameKind.ICMP6)
                && errors.takes(device, frame, FrameKind.transportOffset(classification))) {
            return errors.judge(worker, device, frame, FrameKind.transportOffset(classification), findings);
        }
        if ((kind == FrameKind.FRAGMENT4 || kind == FrameKind.FRAGMENT6)
                && own != null
                && Ethernet.destination(frame) == own.macAddress()
                && isOurs(Ip.destination(ip))) {
            return fragment(frame, classification);
        }
        return stack.judge(worker, device, frame, classification, findings);
    }

    private boolean isOurs(Address address) {
        return tables.services().isVirtualAddress(address.high(), address.low())
                || tables.services().isLocalAddress(address.high(), address.low())
                || tables.network().isLocal(address);
    }

    private static Verdict fragment(long frame, int classification) {
        Fragment fragment = new Fragment();
        fragment.read(frame, classification);
        if (fragment.isMalformed()) {
            return Findings.dropped(DropReason.BAD_FRAGMENT);
        }
        if (fragment.isAtomic()) {
            return Findings.fate(Fate.WAITS, "a datagram by itself, which takes the way of a packet");
        }
        return Findings.fate(Fate.WAITS, "kept until its datagram is whole, which then takes the way of a packet");
    }

    /**
     * A packet longer than the route's MTU that must not be fragmented, or null.
     *
     * @param to whom it goes, perhaps in the other family
     */
    private static @Nullable Verdict tooBig(
            long frame, int classification, @Nullable Route route, Address to, Findings findings) {
        long ip = frame + Ethernet.LENGTH;
        int offset = FrameKind.transportOffset(classification);
        boolean crosses = Ip.isIpv6(ip) == to.isIpv4();
        int bytes = Fragmenter.packetBytes(frame) + (crosses ? HeaderTranslation.growth(frame, offset) : 0);
        boolean mayFragment = Ip.isIpv6(ip)
                ? crosses && !HeaderTranslation.mustStayWhole(frame, offset)
                : (Ipv4.flagsAndOffset(ip) & Ipv4.DONT_FRAGMENT) == 0;
        if (route == null || bytes <= route.mtu() || mayFragment) {
            return null;
        }
        String sentence = bytes + " bytes are more than the MTU " + route.mtu() + " of the route to " + route.prefix()
                + "/" + route.length() + ", and the packet must not be fragmented";
        findings.bad("mtu", () -> sentence, "dpip route show");
        return Findings.dropped(
                DropReason.TOO_BIG, sentence, "its sender is told so by ICMP; does a firewall drop that?");
    }

    /** A packet on a way of its sender's choice to the other family, or null. */
    private static @Nullable Verdict sourceRouted(long frame, Address to) {
        long ip = frame + Ethernet.LENGTH;
        if (Ip.isIpv6(ip) || to.isIpv4() || !SourceRoute.isUnexpired(ip)) {
            return null;
        }
        return Findings.dropped(
                DropReason.SOURCE_ROUTE,
                "its options ask for a way of its sender's choice, and " + to + " is of IPv6",
                "its sender is told so by ICMP");
    }

    private Verdict balanced(WorkerTables worker, int device, long frame, int classification, Findings findings) {
        boolean udp = FrameKind.isUdp(FrameKind.kind(classification));
        long ip = frame + Ethernet.LENGTH;
        long transport = frame + FrameKind.transportOffset(classification);
        boolean syn = !udp && (Tcp.flags(transport) & STATE_FLAGS) == Tcp.SYN;
        FoundConnection found =
                worker.connections().look(worker.connections().flow().read(udp, ip, transport));
        if (found != null && !(syn && !found.outbound() && isReusable(found.connection()))) {
            return known(worker, found, frame, classification, findings);
        }
        if (found != null) {
            findings.note("connection", () -> "the one before is closed, a SYN begins a new one", "dpvsctl conns");
        }
        Address destination = Ip.destination(ip);
        int port = Tcp.destinationPort(transport);
        Service service = services.find(udp, destination, port, findings);
        if (service == null) {
            WorkerTables owner = owner(worker, destination, port);
            if (owner != null) {
                findings.note("worker", () -> "port " + port + " belongs to " + owner.name(), worker.name());
                return balanced(owner, device, frame, classification, findings);
            }
            Verdict verdict = stack.judge(worker, device, frame, classification, findings);
            return Findings.name(DropReason.LOCAL_PORT_CLOSED).equals(verdict.reason())
                    ? Findings.dropped(
                            DropReason.LOCAL_PORT_CLOSED,
                            services.missing(udp, destination, port),
                            ServiceMatch.remedy(udp, destination, port))
                    : verdict;
        }
        if (tables.network().isLocal(Ip.source(ip))) {
            return Findings.dropped(DropReason.BAD_IP_HEADER, "its source is an address of dpvs's own", "");
        }
        if (!udp && !syn) {
            return Findings.dropped(
                    DropReason.NOT_SYN,
                    "no connection from " + Ip.source(ip).withPort(Tcp.sourcePort(transport)) + " to "
                            + Texts.service(service) + ", and only a SYN opens one",
                    "");
        }
        return opening(worker, service, udp, frame, classification, findings);
    }

    /** The worker that a packet to a local address is handed over to, or null when it stays. */
    private @Nullable WorkerTables owner(WorkerTables worker, Address destination, int port) {
        int owner = port & tables.portMask();
        boolean goes = owner != worker.index()
                && owner < tables.workers().size()
                && tables.services().isLocalAddress(destination.high(), destination.low());
        return goes ? tables.workers().get(owner) : null;
    }

    static boolean isReusable(ConnectionSnapshot connection) {
        return !connection.udp()
                && (connection.state() == TcpState.CLOSE.ordinal()
                        || connection.state() == TcpState.TIME_WAIT.ordinal());
    }

    /** A packet of a connection. */
    private Verdict known(
            WorkerTables worker, FoundConnection found, long frame, int classification, Findings findings) {
        ConnectionSnapshot connection = found.connection();
        describe(worker, found, findings);
        Service service = tables.services().service(connection.service());
        Server server = tables.services().server(connection.server());
        if (service != null && service.expireQuiescent() && (server == null || server.weight() == 0)) {
            return Findings.dropped(
                    DropReason.SERVER_GONE,
                    "the server " + connection.serverAddress().withPort(connection.serverPort())
                            + (server == null ? " was removed" : " has weight 0") + ", and the service "
                            + Texts.service(service) + " ends such connections (expire-quiescent)",
                    "the client's next connection goes to another server");
        }
        Address next = found.outbound() ? connection.clientAddress() : connection.serverAddress();
        Verdict routed = sourceRouted(frame, next);
        if (routed != null) {
            return routed;
        }
        Verdict big = tooBig(frame, classification, hop.balanced(next), next, findings);
        if (big != null) {
            return big;
        }
        Verdict verdict = found.outbound()
                ? hop.judge(worker, connection.clientAddress(), "the client", clientDevice(connection), findings)
                : hop.judge(worker, connection.serverAddress(), "the server", localDevice(connection), findings);
        if (verdict != null) {
            return verdict;
        }
        return found.outbound()
                ? Findings.fate(
                        Fate.TO_CLIENT,
                        "returned to " + connection.clientAddress().withPort(connection.clientPort()) + " as "
                                + connection.virtualAddress().withPort(connection.virtualPort()))
                : Findings.fate(
                        Fate.TO_SERVER,
                        "forwarded to " + connection.serverAddress().withPort(connection.serverPort()) + " via "
                                + connection.localAddress().withPort(connection.localPort()));
    }

    private void describe(WorkerTables worker, FoundConnection found, Findings findings) {
        ConnectionSnapshot c = found.connection();
        int idle = Math.max(0, (int) tables.nowMillis() - found.lastSeenMillis());
        long age = tables.nowMillis() / 1000 - Integer.toUnsignedLong(c.createdSeconds());
        findings.ok(
                "connection",
                () -> c.stateName() + " to " + c.serverAddress().withPort(c.serverPort()) + " via "
                        + c.localAddress().withPort(c.localPort()) + ", " + Texts.span(age * 1000)
                        + " old, last packet " + Texts.span(idle) + " ago",
                worker.name());
    }

    /** What a client's first packet gets: the stages of opening a connection. */
    private Verdict opening(
            WorkerTables worker, Service service, boolean udp, long frame, int classification, Findings findings) {
        int capacity = worker.connections().capacity();
        int used = worker.connections().size();
        boolean full = worker.connections().isFull();
        if (full && worker.connections().replaceable() > 0) {
            findings.note(
                    "table",
                    () -> "full: the oldest of " + worker.connections().replaceable()
                            + " connections that are not established makes room",
                    worker.name());
        } else if (full) {
            findings.bad("table", () -> "all " + capacity + " connections are in use", worker.name());
            return Findings.dropped(
                    DropReason.CONNECTION_TABLE_FULL,
                    "the connection table of " + worker.name() + " is full, " + capacity + " connections",
                    "raise conn_pool_size in dpvs.conf");
        }
        if (!full) {
            findings.ok("table", () -> used + " of " + capacity + " connections in use", worker.name());
        }
        if (service.localAddresses().length == 0) {
            findings.bad("local-address", () -> "the service has none", "ipvsadm -G");
            return LocalChoice.none(service);
        }
        Server server = servers.next(worker, service, findings);
        if (server == null) {
            return servers.none(service);
        }
        String device = deviceName(service.localAddresses()[0].device());
        Route route = hop.balanced(server.address());
        if (route == null) {
            findings.bad("route", () -> "none leads to the server " + server.address(), "dpip route show");
            return hop.noRoute(server.address(), "the server", device);
        }
        LocalAddress local = locals.next(worker, service, server, udp, findings);
        if (local == null) {
            return locals.isAnyAssigned(service, server)
                    ? LocalChoice.exhausted(service, server)
                    : LocalChoice.none(service);
        }
        Verdict routed = sourceRouted(frame, server.address());
        if (routed != null) {
            return routed;
        }
        Verdict big = tooBig(frame, classification, route, server.address(), findings);
        if (big != null) {
            return big;
        }
        Verdict verdict = hop.judge(worker, route, server.address(), "the server", findings);
        return verdict != null
                ? verdict
                : Findings.fate(Fate.TO_SERVER, "forwarded to " + Texts.server(server) + " via " + local.address());
    }

    String deviceName(int device) {
        var found = tables.network().device(device);
        return found == null ? "DEVICE" : found.name();
    }

    private String localDevice(ConnectionSnapshot connection) {
        var address = tables.network().address(connection.localAddress());
        return address == null ? "DEVICE" : address.device().name();
    }

    private String clientDevice(ConnectionSnapshot connection) {
        var address = tables.network().address(connection.virtualAddress());
        return address == null ? "DEVICE" : address.device().name();
    }
}
