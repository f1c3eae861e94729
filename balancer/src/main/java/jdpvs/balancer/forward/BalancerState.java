package jdpvs.balancer.forward;

import java.util.Arrays;
import java.util.List;
import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.ConnectionAddresses;
import jdpvs.balancer.connection.Connections;
import jdpvs.balancer.connection.FlowIndex;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.session.SessionRecorder;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.LocalStack;
import jdpvs.stack.Route;
import jdpvs.stack.RouteScope;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import org.jspecify.annotations.Nullable;

/** What the parts of one worker's balancer share. */
final class BalancerState {
    final WorkerContext context;
    final LocalStack stack;
    final ServerCounters counters;
    final SchedulerState schedulers;
    final Connections connections;
    final ConnectionAddresses addresses;

    /** Null: nobody wants a session log. */
    final @Nullable SessionRecorder sessions;

    ServiceConfiguration services;
    Timeouts timeouts;

    /**
     * Changes with every change of addresses, routes, neighbours or services: a connection line with another epoch looks its next hop up again and asks
     * whether its server is still wanted. Never 0.
     */
    int epoch = 1;

    /** Counts connections opened and closed: what was looked up before such a change must be looked up again. */
    int changes;

    /** By device id: its MAC address in wire order, -1 where there is no device. */
    long[] deviceMacs = {};

    /** By device id: bytes of a frame that fits every route by this device, Ethernet header included; 0 where there is no device. */
    int[] deviceFrames = {};

    private long networkGeneration = -1;
    private int neighbourGeneration = -1;
    private ServiceConfiguration servicesSeen;

    BalancerState(
            WorkerContext context,
            LocalStack stack,
            ServerCounters counters,
            SchedulerState schedulers,
            Connections connections,
            ServiceConfiguration services,
            Timeouts timeouts,
            @Nullable SessionRecorder sessions) {
        this.context = context;
        this.stack = stack;
        this.counters = counters;
        this.schedulers = schedulers;
        this.connections = connections;
        this.addresses = connections.addresses();
        this.services = services;
        this.servicesSeen = services;
        this.timeouts = timeouts;
        this.sessions = sessions;
    }

    /** Begins a burst: notices changes of the configuration. */
    void refresh() {
        long network = context.network.generation();
        int neighbour = stack.neighbourGeneration();
        if (network == networkGeneration && neighbour == neighbourGeneration && services == servicesSeen) {
            return;
        }
        if (network != networkGeneration) {
            readDevices(context.network.devices());
            readRoutes(context.network.routes());
        }
        networkGeneration = network;
        neighbourGeneration = neighbour;
        servicesSeen = services;
        epoch = epoch + 1 == 0 ? 1 : epoch + 1;
    }

    long deviceMac(int device) {
        return device >= 0 && device < deviceMacs.length ? deviceMacs[device] : -1;
    }

    /** The route to a client or server; null when there is none or it leads to ourselves or the kernel beside us. Allocates nothing. */
    @Nullable Route route(long high, long low) {
        Route route = context.network.route(high, low);
        boolean leadsAway = route != null && route.scope() != RouteScope.HOST && route.scope() != RouteScope.KNI_HOST;
        return leadsAway ? route : null;
    }

    /** The route of what a line rewrites. */
    @Nullable Route route(long line) {
        return route(addresses.destinationHigh(line), addresses.destinationLow(line));
    }

    /** Whether connections leave by this address; one that was removed counts until its last connection has ended. */
    boolean isLocalAddress(long high, long low) {
        return services.isLocalAddress(high, low) || context.network.isDraining(high, low);
    }

    /** Whether packets to this address may be balanced: it is a service's, a local address, or another of ours. */
    boolean isOurs(long high, long low) {
        return services.isVirtualAddress(high, low) || isLocalAddress(high, low) || context.network.isLocal(high, low);
    }

    /** The line of a hit's direction. */
    long line(int hit) {
        return connections.record(FlowIndex.connection(hit)) + (FlowIndex.isOutbound(hit) ? Connection.OUT : 0);
    }

    /** A packet that was to leave to a side of a connection. */
    void dropWithoutRoute(boolean ipv6) {
        drop(DropReason.NO_ROUTE);
        if (ipv6) {
            context.ipv6.noRoute();
        }
    }

    void drop(DropReason reason) {
        context.drops.count(reason);
    }

    private void readDevices(List<Device> devices) {
        int end = 0;
        for (Device device : devices) {
            end = Math.max(end, device.id() + 1);
        }
        long[] macs = new long[end];
        Arrays.fill(macs, -1);
        for (Device device : devices) {
            macs[device.id()] = Rewrite.wireOrder(device.macAddress());
        }
        deviceMacs = macs;
    }

    private void readRoutes(List<Route> routes) {
        int[] frames = new int[deviceMacs.length];
        for (Device device : context.network.devices()) {
            frames[device.id()] = Ethernet.LENGTH + device.mtu();
        }
        for (Route route : routes) {
            int device = route.device().id();
            frames[device] = Math.min(frames[device], Ethernet.LENGTH + route.mtu());
        }
        deviceFrames = frames;
    }
}
