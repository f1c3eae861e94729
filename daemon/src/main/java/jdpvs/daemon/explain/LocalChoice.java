package jdpvs.daemon.explain;

import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.LocalPorts;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.InterfaceAddress;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** Which local address a new connection gets, and whether it has a free port towards the server. */
final class LocalChoice {
    private static final String LOCALS = "ipvsadm -G";
    private static final int TRIES = 16;
    private static final int LISTED = 4;

    private final Tables tables;

    LocalChoice(Tables tables) {
        this.tables = tables;
    }

    /** The local address whose turn it is and that has a free port, or null. */
    @Nullable LocalAddress next(WorkerTables worker, Service service, Server server, boolean udp, Findings findings) {
        LocalAddress[] locals = service.localAddresses();
        LocalPorts ports = worker.connections().localPorts();
        int turn = worker.schedulers().localAddressCursor(service.id());
        LocalAddress chosen = null;
        for (int i = 0; i < Math.min(locals.length, TRIES) && (chosen == null || findings.wanted()); i++) {
            LocalAddress local = locals[Math.floorMod(turn + i, locals.length)];
            if (!tables.network()
                    .isAssigned(local.address().high(), local.address().low())) {
                findings.bad("local-address", () -> local.address() + " is on no device", LOCALS);
                continue;
            }
            if (local.address().isIpv4() != server.address().isIpv4()) {
                findings.bad(
                        "local-address",
                        () -> local.address() + " is of the other family than " + Texts.server(server),
                        LOCALS);
                continue;
            }
            boolean free = ports.hasFree(local.id(), answers(worker, local, server, udp));
            if (i < LISTED) {
                describe(worker, local, server, udp, free, findings);
            }
            chosen = chosen == null && free ? local : chosen;
        }
        return chosen;
    }

    /** Whether any of the service's is on a device and of the server's family. */
    boolean isAnyAssigned(Service service, Server server) {
        for (LocalAddress local : service.localAddresses()) {
            if (local.address().isIpv4() == server.address().isIpv4()
                    && tables.network()
                            .isAssigned(local.address().high(), local.address().low())) {
                return true;
            }
        }
        return false;
    }

    private void describe(
            WorkerTables worker, LocalAddress local, Server server, boolean udp, boolean free, Findings findings) {
        if (!findings.wanted()) {
            return;
        }
        LocalPorts ports = worker.connections().localPorts();
        int left = ports.free(answers(worker, local, server, udp));
        String text = local.address() + ": " + left + " of " + ports.count() + " ports free towards "
                + Texts.server(server) + " on " + worker.name();
        if (free) {
            findings.ok("local-address", () -> text, LOCALS);
        } else {
            findings.bad("local-address", () -> text, LOCALS);
        }
    }

    private static Flow answers(WorkerTables worker, LocalAddress local, Server server, boolean udp) {
        return worker.connections().flow().set(udp, server.address(), server.port(), local.address(), 0);
    }

    static Verdict none(Service service) {
        return Findings.dropped(
                DropReason.NO_LOCAL_ADDRESS,
                "the service " + Texts.service(service) + " has no local address to speak to servers from",
                "ipvsadm --add-laddr -z LIP " + Texts.option(service) + " -F DEVICE");
    }

    static Verdict exhausted(Service service, Server server) {
        return Findings.dropped(
                DropReason.NO_LOCAL_PORT,
                "no local address of " + Texts.service(service) + " has a free port towards " + Texts.server(server),
                "add another: ipvsadm --add-laddr -z LIP " + Texts.option(service) + " -F DEVICE");
    }

    /** Whether the server's answers to a local address find dpvs; null when they do. */
    @Nullable Verdict answersArrive(Address local, int localPort, @Nullable String serverDevice, Findings findings) {
        InterfaceAddress address = tables.network().address(local);
        String name = local.toString();
        if (!tables.network().isLocal(local)) {
            findings.bad(
                    "answer",
                    () -> name + " is no address of dpvs: nobody answers " + Texts.resolution(local) + " for it",
                    "dpip addr show");
            String device = serverDevice == null ? "DEVICE" : serverDevice;
            return Findings.dropped(
                    DropReason.NOT_LOCAL,
                    "the server's answer to the local address " + name + " does not arrive: it is no address of dpvs",
                    "dpip addr add " + name + "/" + local.bits() + " dev " + device + " sapool");
        }
        String steering = tables.workers().size() == 1
                ? ""
                : localPort == 0
                        ? "; its port will name the worker"
                        : "; port " + localPort + " leads to "
                                + tables.workers()
                                        .get(localPort & tables.portMask())
                                        .name();
        String device = address == null ? "?" : address.device().name();
        findings.ok("answer", () -> "to " + name + ", an address of dpvs on " + device + steering, "dpip addr show");
        if (serverDevice != null && !device.equals(serverDevice)) {
            findings.warn(() -> "the local address " + name + " is on " + device + ", but the server is reached by "
                    + serverDevice + ": is a route missing? dpvs answers " + Texts.resolution(local) + " for it on "
                    + device + " only");
        }
        return null;
    }
}
