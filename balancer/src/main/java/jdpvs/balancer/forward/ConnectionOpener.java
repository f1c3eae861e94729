package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.LocalPorts;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.ProxyProtocol;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Address;

/** Makes connections: a server from the service's scheduler, a local address in turn, a local port (facts: behaviour §3, §4). */
final class ConnectionOpener {
    static final int NONE = -1;

    /** Local addresses tried for one connection. */
    private static final int LOCAL_ADDRESS_TRIES = 16;

    /** One time in so many the turn skips a local address, so that it does not march in step with the servers' turn. */
    private static final int SKIP_ONE_IN = 20;

    /** Connections that are evicted for one new one at most. */
    private static final int MOST_EVICTED = 8;

    private final BalancerState state;
    private final Lifecycle lifecycle;
    private final Flow client;
    private final Flow answers;
    private int random;
    private DropReason refusal = DropReason.NO_DESTINATION;

    ConnectionOpener(BalancerState state, Lifecycle lifecycle, int seed) {
        this.state = state;
        this.lifecycle = lifecycle;
        this.client = state.connections.flow();
        this.answers = state.connections.flow();
        this.random = seed | 1;
    }

    /**
     * Opens a connection for a client's packet, or counts why not.
     *
     * @return its number, or {@link #NONE}
     */
    int open(Service service, boolean udp, long ip, long transport) {
        LocalAddress[] locals = service.localAddresses();
        DropReason why = null;
        Server server = null;
        if (state.connections.isFull() && !makeRoom()) {
            why = DropReason.CONNECTION_TABLE_FULL;
        } else if (locals.length == 0) {
            why = DropReason.NO_LOCAL_ADDRESS;
        } else {
            server = service.scheduler().schedule(service, state.counters, state.schedulers);
            if (server == null) {
                why = DropReason.NO_DESTINATION;
            } else if (state.route(server.address().high(), server.address().low()) == null) {
                why = DropReason.NO_ROUTE;
                if (!server.address().isIpv4()) {
                    state.context.ipv6.noRoute();
                }
            }
        }
        if (server == null || why != null) {
            return refuse(why == null ? DropReason.NO_DESTINATION : why);
        }
        state.context.step(Step.SERVER_CHOSEN, server.id(), 0);
        client.read(udp, ip, transport);
        return open(service, server, locals);
    }

    private int open(Service service, Server server, LocalAddress[] locals) {
        int turn = state.schedulers.localAddressCursor(service.id());
        if (locals.length > 1 && next() % SKIP_ONE_IN == 0) {
            turn++;
        }
        int asked = NONE;
        int held = NONE;
        int holder = LocalPorts.NOBODY;
        int tries = Math.min(locals.length, LOCAL_ADDRESS_TRIES);
        for (int i = 0; i < tries; i++) {
            int at = Math.floorMod(turn + i, locals.length);
            LocalAddress local = locals[at];
            Address address = local.address();
            if (address.isIpv4() != server.address().isIpv4()
                    || !state.context.network.isAssigned(address.high(), address.low())) {
                continue;
            }
            if (asked == NONE) {
                asked = local.id();
            }
            int port = port(local, server);
            if (port != 0) {
                return open(service, server, at, port);
            }
            if (holder == LocalPorts.NOBODY) {
                holder = state.connections.localPorts().holder();
                held = at;
            }
        }
        if (holder != LocalPorts.NOBODY) {
            // All that is left is a half-open connection's port.
            lifecycle.evict(holder);
            int port = port(locals[held], server);
            if (port != 0) {
                return open(service, server, held, port);
            }
        }
        if (asked == NONE) {
            // The service names local addresses, but none of them is on a device any more.
            return refuse(DropReason.NO_LOCAL_ADDRESS);
        }
        state.connections.localPorts().missed(asked);
        state.connections.portShortages().refused(service.id(), server.id(), state.context.nowMillis);
        return refuse(DropReason.NO_LOCAL_PORT);
    }

    private int port(LocalAddress local, Server server) {
        int nowSeconds = (int) (state.context.nowMillis / 1000);
        answers.set(client.isUdp(), server.address(), server.port(), local.address(), 0);
        return state.connections.localPorts().findOrHolder(local.id(), answers, nowSeconds);
    }

    /** @param at index of the local address in the service's list */
    private int open(Service service, Server server, int at, int port) {
        LocalAddress[] locals = service.localAddresses();
        LocalAddress local = locals[at];
        long now = state.context.nowMillis;
        answers.set(client.isUdp(), server.address(), server.port(), local.address(), port);
        state.context.step(
                Step.LOCAL_PORT_TAKEN,
                port,
                local.address().high(),
                local.address().low());
        state.schedulers.setLocalAddressCursor(service.id(), at + 1 == locals.length ? 0 : at + 1);
        int connection = state.connections.open(client, answers, service.id(), server.id(), local.id(), now);
        ProxyProtocol proxy = service.proxyProtocol();
        if (proxy != null) {
            Connection.setProxied(state.connections.record(connection), proxy.isV2(), proxy.insecure());
        }
        if (state.sessions != null) {
            state.sessions.opened(connection, state.connections.record(connection), state.addresses, now);
        }
        state.counters.created(server.id());
        state.changes++;
        state.context.step(Step.CONNECTION_OPENED, connection, 0);
        return connection;
    }

    /** Why {@link #open} answered {@link #NONE} the last time. */
    DropReason refusal() {
        return refusal;
    }

    private int refuse(DropReason reason) {
        refusal = reason;
        state.drop(reason);
        return NONE;
    }

    /**
     * Whether there is room for one more, by closing the oldest half-open connection; more than one while there are too many, as after
     * established ones were reset.
     */
    private boolean makeRoom() {
        for (int i = 0; i < MOST_EVICTED && state.connections.isFull(); i++) {
            int oldest = state.connections.leastWorthy(state.context.nowMillis, lifecycle);
            if (oldest < 0) {
                return false;
            }
            lifecycle.evict(oldest);
        }
        return true;
    }

    private int next() {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        return random >>> 1;
    }
}
