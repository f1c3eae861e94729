package jdpvs.daemon.plane;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.FoundConnection;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.Service;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.PacketEvent;
import jdpvs.control.PacketEvent.Kind;
import jdpvs.control.Protocol;
import jdpvs.control.StepText;
import jdpvs.control.Traces;
import jdpvs.control.Traces.Fate;
import jdpvs.control.Traces.Finding;
import jdpvs.control.Traces.Mark;
import jdpvs.control.Traces.Verdict;
import jdpvs.control.WatchRequest;
import jdpvs.daemon.explain.Tracer;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.Route;
import jdpvs.wire.Address;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.IcmpError;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * A client's first packet, made here and put through a worker as if it had come in: what the worker then does is what it tells every watcher. It really goes to
 * the server; the answer is waited for, and the connection is reset and forgotten afterwards.
 */
final class Probe {
    private static final int SEQUENCE = 0x6a64_7076;
    private static final long WAIT_NANOS = 1_000_000_000L;
    private static final int LONGEST_LIST = 100;

    private final Snapshot snapshot;
    private final List<WorkerUnit> units;
    private final Watches watches;

    private final List<Finding> findings = new ArrayList<>();
    private String local = "";
    private String said = "";
    private long packet;
    private long answer;
    private long deadline;
    private @Nullable Verdict verdict;

    Probe(Snapshot snapshot, List<WorkerUnit> units, Watches watches) {
        this.snapshot = snapshot;
        this.units = units;
        this.watches = watches;
    }

    /** @param tables what the tables say, for the warnings */
    Traces.Trace send(Traces.Question question, Traces.Trace tables) throws ControlException {
        boolean udp = question.protocol() == Protocol.UDP;
        Address client = question.client().address().toAddress();
        Address vip = question.virtual().address().toAddress();
        for (WorkerUnit unit : units) {
            FoundConnection found = unit.balancer().connections().look(flow(unit, question));
            if (found != null) {
                throw new ControlException(
                        ErrorCode.BUSY,
                        "there is a connection from " + question.client() + " to " + question.virtual()
                                + " already, which a packet would disturb; take another port, or watch it with --live");
            }
        }
        Device device = arrival(client, vip);
        if (device == null) {
            return tables;
        }
        WorkerUnit unit = units.getFirst();
        PacketBuilder packetBuilder = udp
                ? PacketBuilder.udp(
                        client,
                        question.client().port(),
                        vip,
                        question.virtual().port())
                : PacketBuilder.tcp(
                                client,
                                question.client().port(),
                                vip,
                                question.virtual().port())
                        .flags(Tcp.SYN)
                        .sequence(SEQUENCE);
        packetBuilder.macs(device.macAddress(), 0x0200_0000_0001L);
        boolean[] sent = new boolean[1];
        watches.watch(request(question, udp, vip), snapshot.network(), event -> {
            if (!sent[0]) {
                sent[0] = true;
                deadline = System.nanoTime() + WAIT_NANOS;
                inject(unit, device, packetBuilder.toBytes());
            }
            return show(event, question) && System.nanoTime() - deadline < 0;
        });
        Verdict reached = verdict != null ? verdict : silence();
        CountDownLatch done = new CountDownLatch(1);
        boolean posted = unit.worker().post(() -> {
            if (!udp && answer != 0) {
                packetBuilder.flags(Tcp.RST).sequence(SEQUENCE + 1);
                put(unit, device, packetBuilder.toBytes());
            }
            unit.balancer().forget(flow(unit, question));
            done.countDown();
        });
        await(posted, done);
        return new Traces.Trace(question, findings, tables.warnings(), reached);
    }

    private static Flow flow(WorkerUnit unit, Traces.Question question) {
        return Tracer.flow(unit.balancer().connections(), question);
    }

    private static void await(boolean posted, CountDownLatch done) {
        try {
            if (posted && !done.await(2, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Verdict silence() {
        if (packet == 0) {
            return new Verdict(Fate.DROPPED, "internal-error", "the worker did not take the packet", "try again");
        }
        if (answer != 0) {
            return new Verdict(
                    Fate.WAITS,
                    null,
                    "forwarded via " + local + ", and the server answered: " + said
                            + "; its answer waits for the next hop to the client",
                    "");
        }
        return new Verdict(
                Fate.DROPPED,
                "no-answer",
                local.isEmpty()
                        ? "the packet was taken, and nothing came of it within a second"
                        : "the packet was sent from " + local + ", and the server said nothing within a second",
                "is the server up, and does it have a route to the local address? look with tcpdump there");
    }

    private @Nullable Device arrival(Address client, Address vip) {
        InterfaceAddress address = snapshot.network().address(vip);
        if (address != null) {
            return address.device();
        }
        Route back = snapshot.network().route(client);
        return back == null ? snapshot.network().devices().stream().findFirst().orElse(null) : back.device();
    }

    /** The packet itself, and what comes back to the service's local addresses. */
    private WatchRequest request(Traces.Question question, boolean udp, Address vip) {
        StringBuilder filter = new StringBuilder(256);
        filter.append("(src host ").append(question.client().address());
        filter.append(" and dst host ").append(question.virtual().address()).append(')');
        Service service = snapshot.services()
                .lookup(
                        udp ? Ipv4.UDP : Ipv4.TCP,
                        vip.high(),
                        vip.low(),
                        question.virtual().port());
        LocalAddress[] locals = service == null ? new LocalAddress[0] : service.localAddresses();
        for (int i = 0; i < Math.min(locals.length, LONGEST_LIST); i++) {
            filter.append(" or dst host ").append(locals[i].address());
        }
        return new WatchRequest(null, filter.toString(), 2048, true);
    }

    private static void inject(WorkerUnit unit, Device device, byte[] bytes) {
        boolean ignored = unit.worker().post(() -> put(unit, device, bytes));
    }

    private static void put(WorkerUnit unit, Device device, byte[] bytes) {
        long frame = unit.worker().context().egress.allocate();
        if (frame != 0) {
            Memory.copyIn(bytes, 0, frame, bytes.length);
            unit.worker().inject(device.id(), frame, bytes.length);
        }
    }

    /** @return whether there is more to see */
    private boolean show(PacketEvent event, Traces.Question question) {
        long story = (long) event.worker() << 48 | event.packet();
        Seen seen = Seen.of(event.bytes());
        if (event.kind() == Kind.RECEIVED && seen.isFrom(question) && packet == 0) {
            packet = story;
        } else if ((event.kind() == Kind.RECEIVED || event.kind() == Kind.TAKEN_OVER)
                && !local.isEmpty()
                && (seen.destination().equals(local) || seen.isAbout(local))) {
            answer = story;
            said = seen.what();
        }
        if (event.packet() == 0 || (story != packet && story != answer)) {
            return true;
        }
        String worker = units.get(event.worker() - 1).worker().name();
        switch (event.kind()) {
            case RECEIVED, TAKEN_OVER -> add("in", Mark.OK, seen.text(), worker);
            case STEP -> {
                add(event.name(), Mark.OK, StepText.of(event, this::device), worker);
                if (event.name().equals("local-port-taken")) {
                    local = StepText.address(event).withPort((int) event.first());
                }
            }
            case SENT -> {
                add("out", Mark.OK, seen.text() + " by " + event.device(), worker);
                if (story == answer && !seen.source().isEmpty()) {
                    verdict = new Verdict(
                            Fate.TO_SERVER, null, "forwarded via " + local + ", and the server answered: " + said, "");
                }
            }
            case DROPPED -> {
                add("drop", Mark.BAD, event.name() + ": " + event.sentence(), worker);
                String whose = story == answer ? "the server's answer: " : "";
                verdict = new Verdict(
                        Fate.DROPPED,
                        event.name(),
                        whose + event.sentence(),
                        "dpvsctl trace without --packet says what to do");
            }
            case TICK -> {
                return true;
            }
        }
        return verdict == null;
    }

    private void add(String step, Mark mark, String finding, String worker) {
        findings.add(new Finding(step, mark, finding, worker));
    }

    private String device(long id) {
        Device device = snapshot.network().device((int) id);
        return device == null ? "device " + id : device.name();
    }

    /** What is seen of a frame: addresses with ports, as far as its bytes go. */
    private record Seen(String source, String destination, String quoted, String what) {
        static Seen of(ByteBuffer bytes) {
            try (Arena arena = Arena.ofConfined()) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                long frame = arena.allocate(copy.length + 64L, 8).address();
                Memory.copyIn(copy, 0, frame, copy.length);
                return of(frame, copy.length);
            }
        }

        private static Seen of(long frame, int length) {
            int classification = Classifier.classify(frame, length);
            int kind = FrameKind.kind(classification);
            long ip = frame + Ethernet.LENGTH;
            long transport = frame + FrameKind.transportOffset(classification);
            if (FrameKind.isFlow(kind)) {
                return new Seen(
                        Ip.source(ip).withPort(Tcp.sourcePort(transport)),
                        Ip.destination(ip).withPort(Tcp.destinationPort(transport)),
                        "",
                        FrameKind.isUdp(kind) ? "a UDP datagram" : tcp(Tcp.flags(transport)));
            }
            if (kind == FrameKind.ICMP4 || kind == FrameKind.ICMP6) {
                IcmpError error = new IcmpError();
                error.take(frame, FrameKind.transportOffset(classification));
                String quoted =
                        error.read() ? Ip.source(error.quotedIp()).withPort(Tcp.sourcePort(error.transport())) : "";
                return new Seen(
                        Ip.source(ip).toString(),
                        Ip.destination(ip).toString(),
                        quoted,
                        (kind == FrameKind.ICMP4 ? "ICMP" : "ICMPv6") + " type " + error.type() + " code "
                                + error.code());
            }
            return new Seen("", "", "", "ARP or another protocol");
        }

        private static String tcp(int flags) {
            if ((flags & Tcp.RST) != 0) {
                return "RST: nobody listens on the server's port";
            }
            return (flags & Tcp.SYN) != 0 ? (flags & Tcp.ACK) != 0 ? "SYN-ACK" : "SYN" : "a TCP segment";
        }

        boolean isFrom(Traces.Question question) {
            return source.equals(question.client().toString())
                    && destination.equals(question.virtual().toString());
        }

        boolean isAbout(String local) {
            return quoted.equals(local);
        }

        String text() {
            return source.isEmpty() ? what : source + " > " + destination + " " + what;
        }
    }
}
