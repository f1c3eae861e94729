package jdpvs.daemon.explain;

import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.NeighbourEntry;
import jdpvs.stack.NeighbourState;
import jdpvs.stack.Route;
import jdpvs.stack.RouteScope;
import jdpvs.wire.Address;
import jdpvs.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** The last stage of every packet that leaves: route, next hop's MAC address, link. */
final class Hop {
    private static final String ROUTES = "dpip route show";
    private static final String NEIGHBOURS = "dpip neigh show";

    private final Tables tables;

    Hop(Tables tables) {
        this.tables = tables;
    }

    /** The route of a balanced packet, or null when there is none or it leads to dpvs itself or the kernel beside it. */
    @Nullable Route balanced(Address destination) {
        Route route = tables.network().route(destination);
        boolean leadsAway = route != null && route.scope() != RouteScope.HOST && route.scope() != RouteScope.KNI_HOST;
        return leadsAway ? route : null;
    }

    /**
     * What becomes of a packet that is to go to a server or client.
     *
     * @param who as the sentence names it: "the server" or "the client"
     * @param device where a missing route probably belongs, for the remedy
     * @return null when it leaves at once
     */
    @Nullable Verdict judge(WorkerTables worker, Address destination, String who, String device, Findings findings) {
        Route route = balanced(destination);
        if (route == null) {
            findings.bad("route", () -> "none leads to " + who + " " + destination, ROUTES);
            return noRoute(destination, who, device);
        }
        return judge(worker, route, destination, who, findings);
    }

    Verdict noRoute(Address destination, String who, String device) {
        boolean client = who.equals("the client");
        String command = client
                ? "dpip route add default via GATEWAY dev " + device
                : "dpip route add " + destination + "/" + destination.bits() + " dev " + device + ", or its network";
        return Findings.dropped(
                DropReason.NO_ROUTE, "no route leads to " + who + " " + destination, "add one: " + command);
    }

    /** The same along a route that is known. */
    @Nullable Verdict judge(WorkerTables worker, Route route, Address destination, String who, Findings findings) {
        Device device = route.device();
        Address next = route.nextHop(destination);
        String target = who + " " + destination;
        findings.ok(
                "route",
                () -> target + (route.gateway().isNone() ? " on " : " via " + next + " on ") + device.name() + ", MTU "
                        + route.mtu(),
                ROUTES);
        boolean up = tables.linkUp().test(device.id());
        if (up) {
            findings.ok("link", () -> device.name() + " is up", "dpip link show");
        } else {
            findings.bad("link", () -> device.name() + " is down", "dpip link show");
        }
        Verdict neighbour = neighbour(worker, device, next, target, findings);
        if (!up) {
            return Findings.dropped(
                    DropReason.LINK_DOWN,
                    "the device " + device.name() + " towards " + target + " is down",
                    "check the cable and the other end, or: dpip link set " + device.name() + " link up");
        }
        return neighbour;
    }

    private @Nullable Verdict neighbour(
            WorkerTables worker, Device device, Address next, String target, Findings findings) {
        NeighbourEntry entry = worker.stack().neighbour(device.id(), next);
        String name = next + " on " + device.name();
        if (entry != null && entry.state().compareTo(NeighbourState.REACHABLE) >= 0) {
            findings.ok(
                    "neighbour",
                    () -> name + " is " + MacAddress.format(entry.macAddress()) + ", "
                            + (entry.isStatic() ? "static" : entry.state().name()),
                    NEIGHBOURS);
            return null;
        }
        int limit = tables.network().settings().unresolvedQueueLength();
        if (entry != null && entry.waiting() >= limit) {
            findings.bad(
                    "neighbour",
                    () -> name + " has not answered " + question(next) + " yet, and " + entry.waiting()
                            + " packets wait for it",
                    NEIGHBOURS);
            return Findings.dropped(
                    DropReason.NEIGHBOUR_QUEUE_FULL,
                    entry.waiting() + " packets wait for the MAC address of " + name + " already, the next hop to "
                            + target,
                    remedy(next, device));
        }
        long since = worker.stack().failedSinceMillis(device.id(), next);
        if (since >= 0) {
            String ago = Texts.span(tables.nowMillis() - since);
            findings.bad("neighbour", () -> name + " does not answer " + question(next) + ", for " + ago, NEIGHBOURS);
            return Findings.dropped(
                    DropReason.NEIGHBOUR_UNRESOLVED,
                    name + ", the next hop to " + target + ", has not answered " + question(next) + " for " + ago,
                    remedy(next, device));
        }
        String state = entry == null ? "has not been asked by this worker yet" : "was asked and has not answered yet";
        findings.note("neighbour", () -> name + " " + state, NEIGHBOURS);
        return Findings.fate(
                Fate.WAITS, "sent as soon as " + name + ", the next hop to " + target + ", answers " + question(next));
    }

    private static String question(Address next) {
        return next.isIpv4() ? "ARP" : "neighbour discovery";
    }

    private static String remedy(Address next, Device device) {
        return "is " + next + " up and on the link of " + device.name() + "? dpip neigh add " + next
                + " lladdr MAC dev " + device.name() + " sets it by hand";
    }
}
