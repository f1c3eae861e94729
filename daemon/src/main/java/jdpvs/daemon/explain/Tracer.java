package jdpvs.daemon.explain;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.balancer.connection.Connections;
import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.FoundConnection;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.Service;
import jdpvs.control.Protocol;
import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Question;
import jdpvs.control.Traces.Trace;
import jdpvs.control.Traces.Verdict;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.Route;
import jdpvs.wire.Address;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * The whole way of a client's packet and of the server's answer, stage by stage, as the live tables say. Nothing is changed: schedulers are asked on a copy.
 */
public final class Tracer {
    private final Tables tables;
    private final Judge judge;
    private final Hop hop;

    public Tracer(Tables tables) {
        this.tables = tables;
        this.judge = new Judge(tables);
        this.hop = new Hop(tables);
    }

    public Trace trace(Question question) {
        Findings findings = Findings.keep();
        boolean udp = question.protocol() == Protocol.UDP;
        Address client = question.client().address().toAddress();
        Address vip = question.virtual().address().toAddress();
        int clientPort = question.client().port();
        int port = question.virtual().port();
        Device arrival = arrival(client, vip, findings);
        if (arrival == null) {
            return new Trace(
                    question,
                    findings.rows(),
                    findings.warnings(),
                    Findings.dropped(DropReason.NOT_LOCAL, "dpvs has no device", "add one to dpvs.conf"));
        }
        WorkerTables owner = null;
        for (WorkerTables worker : tables.workers()) {
            FoundConnection found = look(worker, question);
            if (found != null && !Judge.isReusable(found.connection())) {
                owner = worker;
            }
        }
        if (owner == null) {
            findings.note("connection", () -> "none yet", "dpvsctl conns");
        }
        PacketBuilder packet = udp
                ? PacketBuilder.udp(client, clientPort, vip, port)
                : PacketBuilder.tcp(client, clientPort, vip, port).flags(owner == null ? Tcp.SYN : Tcp.ACK);
        packet.macs(arrival.macAddress(), 0x0200_0000_0001L);
        try (Arena arena = Arena.ofConfined()) {
            long frame = packet.allocate(arena);
            int classification = Classifier.classify(frame, packet.length());
            Verdict verdict = owner != null
                    ? judge.judge(owner, arrival.id(), frame, classification, findings)
                    : ofAnyWorker(arrival, frame, classification, findings);
            verdict = withRemedy(verdict, udp, vip, port, arrival);
            if (!verdict.dropped() && verdict.fate() != Fate.ANSWERED) {
                Service service = tables.services().lookup(udp ? Ipv4.UDP : Ipv4.TCP, vip.high(), vip.low(), port);
                int steered = steered(arrival, frame, classification);
                verdict = answer(verdict, owner, steered, question, service, client, arrival, findings);
            }
            return new Trace(question, findings.rows(), findings.warnings(), verdict);
        }
    }

    private static @Nullable FoundConnection look(WorkerTables worker, Question question) {
        return worker.connections().look(flow(worker.connections(), question));
    }

    /** What the packets asked about carry. */
    public static Flow flow(Connections connections, Question question) {
        return connections
                .flow()
                .set(
                        question.protocol() == Protocol.UDP,
                        question.client().address().toAddress(),
                        question.client().port(),
                        question.virtual().address().toAddress(),
                        question.virtual().port());
    }

    /** Neither a service nor an address: both are missing, whatever the stack calls it. */
    private Verdict withRemedy(Verdict verdict, boolean udp, Address vip, int port, Device arrival) {
        boolean nobody = Findings.name(DropReason.LEFT_TO_KERNEL).equals(verdict.reason())
                || Findings.name(DropReason.NOT_LOCAL).equals(verdict.reason());
        if (!nobody) {
            return verdict;
        }
        return new Verdict(
                Fate.DROPPED,
                verdict.reason(),
                vip + " is no address of dpvs, and there is " + new ServiceMatch(tables).missing(udp, vip, port),
                "dpip addr add " + vip + "/" + vip.bits() + " dev " + arrival.name() + "; "
                        + ServiceMatch.remedy(udp, vip, port));
    }

    /** Where packets to the virtual address come in, and whether they can. */
    private @Nullable Device arrival(Address client, Address vip, Findings findings) {
        InterfaceAddress address = tables.network().address(vip);
        String name = vip.toString();
        Device device;
        if (address != null) {
            device = address.device();
            findings.ok(
                    "vip",
                    () -> name + " is an address of dpvs on " + address.device().name(),
                    "dpip addr show");
        } else {
            Route back = hop.balanced(client);
            device = back != null
                    ? back.device()
                    : tables.network().devices().stream().findFirst().orElse(null);
            String where = device == null ? "DEVICE" : device.name();
            findings.bad(
                    "vip",
                    () -> name + " is no address of dpvs: nobody answers " + Texts.resolution(vip) + " for it",
                    "dpip addr show");
            findings.warn(() -> "packets to " + name + " arrive only if a router sends them here: dpip addr add " + name
                    + "/" + vip.bits() + " dev " + where);
        }
        if (device != null) {
            Device in = device;
            if (tables.linkUp().test(in.id())) {
                findings.ok("link", () -> in.name() + " is up, MTU " + in.mtu(), "dpip link show");
            } else {
                findings.bad("link", () -> in.name() + " is down: nothing arrives", "dpip link show");
            }
        }
        return device;
    }

    /** The findings of the worker that gets the packet; a warning where the others would do something else. */
    private Verdict ofAnyWorker(Device arrival, long frame, int classification, Findings findings) {
        List<Verdict> verdicts = new ArrayList<>();
        for (WorkerTables worker : tables.workers()) {
            verdicts.add(judge.judge(worker, arrival.id(), frame, classification, Findings.none()));
        }
        // The copies of the schedulers have moved on.
        Tables again = tables.fresh();
        WorkerTables chosen = again.workers().get(steered(arrival, frame, classification));
        if (tables.workers().size() > 1) {
            findings.ok("worker", () -> chosen.name() + " gets the packets of this client's port", "dpip link show");
        }
        Verdict verdict = new Judge(again).judge(chosen, arrival.id(), frame, classification, findings);
        warnOfDifferences(verdicts, findings);
        return verdict;
    }

    private int steered(Device arrival, long frame, int classification) {
        if (!FrameKind.isFlow(FrameKind.kind(classification))) {
            return 0;
        }
        int worker = tables.steering()
                .worker(arrival.id(), frame + Ethernet.LENGTH, frame + FrameKind.transportOffset(classification));
        return Math.clamp(worker, 0, tables.workers().size() - 1);
    }

    private void warnOfDifferences(List<Verdict> verdicts, Findings findings) {
        boolean same = verdicts.stream()
                .allMatch(verdict -> verdict.fate() == verdicts.getFirst().fate()
                        && Objects.equals(verdict.reason(), verdicts.getFirst().reason()));
        if (same) {
            return;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            Verdict verdict = verdicts.get(i);
            String word = verdict.dropped()
                    ? String.valueOf(verdict.reason())
                    : verdict.fate() == Fate.WAITS ? "waits for ARP" : "forwarded";
            parts.add(tables.workers().get(i).name() + ": " + word);
        }
        findings.warn(() ->
                "the workers differ, and other clients and ports may meet another one: " + String.join(", ", parts));
    }

    /** The way back, once the packet itself gets through. */
    private Verdict answer(
            Verdict there,
            @Nullable WorkerTables owner,
            int steered,
            Question question,
            @Nullable Service service,
            Address client,
            Device arrival,
            Findings findings) {
        FoundConnection found = owner == null ? null : look(owner, question);
        LocalChoice locals = new LocalChoice(tables);
        WorkerTables worker = owner == null ? tables.workers().get(steered) : owner;
        Verdict lost;
        if (found != null) {
            ConnectionSnapshot c = found.connection();
            lost = locals.answersArrive(c.localAddress(), c.localPort(), linkDevice(c.serverAddress()), findings);
        } else if (service != null && service.localAddresses().length > 0 && service.servers().length > 0) {
            Server first = service.servers()[0];
            lost = locals.answersArrive(localAddress(service, first), 0, linkDevice(first.address()), findings);
            warnOfServers(worker, service, findings);
        } else {
            return there;
        }
        if (lost != null) {
            return lost;
        }
        Verdict back = hop.judge(worker, client, "the client", arrival.name(), findings);
        if (back == null || back.fate() == Fate.WAITS) {
            return there;
        }
        return new Verdict(
                Fate.DROPPED, back.reason(), "the server's answer goes no further: " + back.sentence(), back.remedy());
    }

    /** The first one of the server's family, else the first: what is wrong with it is said elsewhere. */
    private static Address localAddress(Service service, Server server) {
        for (LocalAddress local : service.localAddresses()) {
            if (local.address().isIpv4() == server.address().isIpv4()) {
                return local.address();
            }
        }
        return service.localAddresses()[0].address();
    }

    /** By which device a server is reached, or null. */
    private @Nullable String linkDevice(Address server) {
        Route route = hop.balanced(server);
        return route == null ? null : route.device().name();
    }

    /** Servers that may get the next connection and could not be reached. */
    private void warnOfServers(WorkerTables worker, Service service, Findings findings) {
        ServerChoice choice = new ServerChoice(tables);
        for (Server server : service.servers()) {
            if (!choice.isEligible(worker, server)) {
                continue;
            }
            Verdict verdict = hop.judge(worker, server.address(), "the server", "DEVICE", Findings.none());
            if (verdict != null && verdict.dropped()) {
                findings.warn(() -> "connections that the scheduler gives to " + Texts.server(server) + " are lost: "
                        + verdict.reason() + " – " + verdict.sentence());
            }
        }
    }
}
