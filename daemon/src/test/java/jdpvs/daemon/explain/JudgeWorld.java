package jdpvs.daemon.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import jdpvs.balancer.connection.FoundConnection;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.ServiceTransaction;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.control.Traces.Verdict;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.Egress;
import jdpvs.stack.Handover;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkEditor;
import jdpvs.stack.NetworkException;
import jdpvs.stack.RouteRequest;
import jdpvs.stack.StackSettings;
import jdpvs.stack.WorkerContext;
import jdpvs.stack.WorkerStack;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/** A balancer, a stack, and what the explanation reads of them, with two devices and services at random. */
final class JudgeWorld implements Egress, Handover {
    private final Random random;
    private final Map<String, Integer> seen;
    private final Arena arena = Arena.ofAuto();
    private final DropCounters drops = new DropCounters();
    private final boolean[] up = {true, true};
    private final Limits limits = new Limits(16, 64, 16);
    private final ServiceTable table;
    private final WorkerContext context;
    private final WorkerStack stack;
    private final WorkerBalancer balancer;
    private final int[] servers = RandomPackets.SERVERS;
    private final int[] vips = RandomPackets.VIPS;
    private final int[] lips = RandomPackets.LIPS;
    private final RandomPackets packets;
    /** Frames sent since they were last looked at, ARP questions apart. */
    private final List<byte[]> sent = new ArrayList<>();

    private final Ipv6Books books = new Ipv6Books();
    private int handed;

    /** @param seen how often each thing was said */
    JudgeWorld(Random random, Map<String, Integer> seen) {
        this.random = random;
        this.seen = seen;
        packets = new RandomPackets(random);
        ServerCounters counters = new ServerCounters(zeroed(ServerCounters.bytes(limits.servers())));
        table = new ServiceTable(limits, new ServerStatistics(List.of(counters), limits.servers()));
        Device wan = new Device(0, "dpdk2", RandomPackets.WAN_MAC, 1500, false, random.nextInt(3) == 0);
        Device lan = new Device(1, "dpdk0", RandomPackets.LAN_MAC, 1500, random.nextInt(8) == 0);
        int workers = random.nextBoolean() ? 1 : 2;
        NetworkConfiguration network = network(wan, lan);
        context = new WorkerContext(random.nextInt(workers), workers, this, this, drops, network);
        context.nowMillis = 3_000_000_000L;
        context.kernel = (device, frame, length) -> device == 0 && wan.kernelSide();
        stack = new WorkerStack(context);
        services();
        int capacity = random.nextInt(4) == 0 ? 3 : 1024;
        balancer = new WorkerBalancer(
                zeroed(WorkerBalancer.memoryBytes(capacity)),
                capacity,
                context,
                stack,
                counters,
                new SchedulerState(context.index, workers, limits.services()),
                table.current(),
                Timeouts.DEFAULT,
                new Random(1));
    }

    private long zeroed(long bytes) {
        return arena.allocate(bytes, 64).address();
    }

    private boolean chance(double p) {
        return random.nextDouble() < p;
    }

    private NetworkConfiguration network(Device wan, Device lan) {
        StackSettings settings =
                StackSettings.DEFAULTS.withIpv4Forwarding(chance(0.3)).withIpv6(chance(0.9), chance(0.3));
        NetworkEditor editor =
                NetworkConfiguration.of(List.of(wan, lan), settings).edit();
        try {
            for (int vip : vips) {
                if (chance(0.8)) {
                    editor.addAddress(InterfaceAddress.of(vip, 32, wan, false));
                }
            }
            for (int lip : lips) {
                editor.addAddress(InterfaceAddress.of(lip, 32, lan, true));
            }
            if (chance(0.8)) {
                editor.addRoute(RouteRequest.link(RandomPackets.ip("192.168.229.0"), 24, lan));
            }
            if (chance(0.8)) {
                editor.addRoute(RouteRequest.link(RandomPackets.ip("10.0.96.0"), 24, wan));
            }
            ipv6(editor, wan, lan);
            if (chance(0.6)) {
                editor.addRoute(RouteRequest.via(0, 0, RandomPackets.ip("10.0.96.254"), wan));
            }
            if (wan.kernelSide()) {
                editor.kernelHasToo(Set.of(Address.ofIpv4(vips[0]), RandomPackets.SIXES[2]));
                editor.kernelAddresses(Map.of(
                        Address.ofIpv4(vips[random.nextInt(vips.length)]),
                        wan,
                        RandomPackets.SIXES[random.nextInt(RandomPackets.SIXES.length)],
                        wan));
            }
            return editor.build();
        } catch (NetworkException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ipv6(NetworkEditor editor, Device wan, Device lan) throws NetworkException {
        int prefix = chance(0.8) ? 64 : 128;
        editor.addAddress(InterfaceAddress.of(RandomPackets.SIXES[2], prefix, wan, false));
        editor.addAddress(InterfaceAddress.of(RandomPackets.SIXES[3], prefix, lan, false));
        editor.addAddress(InterfaceAddress.of(RandomPackets.SIXES[7], 64, wan, false));
        if (chance(0.5)) {
            editor.addAddress(
                    InterfaceAddress.of(RandomPackets.SIXES[4], 64, wan, false).tentative());
        }
    }

    private void services() {
        try {
            ServiceTransaction change = table.begin();
            for (Address vip : both(vips, RandomPackets.SIXES[2])) {
                for (Protocol protocol : Protocol.values()) {
                    if (chance(0.25)) {
                        continue;
                    }
                    VirtualEndpoint service = new VirtualEndpoint(protocol, vip, 80);
                    ServiceSettings settings =
                            ServiceSettings.of(List.of("rr", "wrr", "wlc").get(random.nextInt(3)));
                    change.addService(service, chance(0.5) ? settings.withExpireQuiescent() : settings);
                    for (Address server : both(servers, RandomPackets.SIXES[1], RandomPackets.SIXES[5])) {
                        if (chance(0.5)) {
                            int weight = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(3);
                            int threshold = chance(0.2) ? 2 : 0;
                            change.addServer(
                                    service,
                                    new ServerEndpoint(server, 8080),
                                    new ServerSettings(
                                            jdpvs.balancer.service.Forwarding.FULLNAT, weight, threshold, 0));
                        }
                    }
                    for (Address lip : both(lips, RandomPackets.SIXES[3])) {
                        if (chance(0.6)) {
                            change.addLocalAddress(service, lip, 1);
                        }
                    }
                }
            }
            change.commit();
        } catch (ServiceException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Address> both(int[] ipv4, Address... ipv6) {
        List<Address> all =
                new ArrayList<>(Arrays.stream(ipv4).mapToObj(Address::ofIpv4).toList());
        all.addAll(List.of(ipv6));
        return all;
    }

    /** One packet, explained and then really processed; now and then the world changes. */
    void packet(String name) {
        if (chance(0.1)) {
            change();
        }
        packets.sent(sent);
        sent.clear();
        int device = random.nextInt(2);
        byte[] bytes = packets.next(device);
        long frame = packets.copy(bytes);
        Verdict verdict = explained(device, frame, bytes.length);
        String summary = Summary.of(frame, bytes.length);
        // Room is made for a new connection by ending an old one.
        boolean reuses = (summary.contains(" TCP [S]") && isKnown(frame))
                || (balancer.connections().isFull() && balancer.connections().replaceable() > 0);
        Map<DropReason, Long> before = counts();
        int waiting = waitingPackets();
        handed = 0;
        Burst burst = new Burst();
        burst.add(frame, bytes.length);
        balancer.process(burst, device);
        books.balance(context.ipv6, waitingIpv6(), name);
        String happened = happened(before, waiting);
        String said = verdict.reason() == null ? verdict.fate().name() : verdict.reason();
        seen.merge(said, 1, Integer::sum);
        if (reuses) {
            // The old connection's end may change whose turn it is; that a new one is opened is all that is said.
            return;
        }
        assertThat(agree(said, happened))
                .as("packet %s, %s, explained as %s (%s), but: %s", name, summary, said, verdict, happened)
                .isTrue();
        context.nowMillis += random.nextInt(3);
    }

    private boolean isKnown(long frame) {
        long ip = frame + Ethernet.LENGTH;
        int walked = Ip.isIpv6(ip) ? ExtensionHeaders.walk(ip, ip + Ip.totalLength(ip)) : 0;
        long transport = ip + (Ip.isIpv6(ip) ? ExtensionHeaders.offset(walked) : Ipv4.headerLength(ip));
        FoundConnection found =
                balancer.connections().look(balancer.connections().flow().read(false, ip, transport));
        return found != null && Judge.isReusable(found.connection());
    }

    private boolean agree(String said, String happened) {
        return switch (said) {
            case "TO_SERVER", "TO_CLIENT", "ROUTED", "ANSWERED" -> happened.equals("sent") || happened.equals("handed");
            // What waited for it leaves then, or meets a link that is down.
            case "LEARNT" -> List.of("nothing", "sent", "link-down").contains(happened);
            // What waits in vain, or for a link that is down, is dropped later.
            case "neighbour-unresolved", "WAITS" -> happened.equals("waits") || happened.equals("handed");
            case "link-down" -> happened.equals(said) || happened.equals("waits");
            default -> happened.equals(said) || happened.equals("handed");
        };
    }

    private Verdict explained(int device, long frame, int length) {
        Snapshot snapshot = new Snapshot(context.network, table.current(), Timeouts.DEFAULT);
        WorkerTables own = Tables.worker("cpu1", context.index, balancer, stack);
        List<WorkerTables> all = new ArrayList<>();
        for (int i = 0; i < context.workers; i++) {
            // The other worker knows the same here: all that is seen of it is that it was handed the packet.
            all.add(i == context.index ? own : Tables.worker("cpu2", i, balancer, stack));
        }
        Tables tables =
                new Tables(snapshot, all, context::workerOfFlow, context.portMask(), d -> up[d], context.nowMillis);
        Findings findings = chance(0.2) ? Findings.keep() : Findings.none();
        return new Judge(tables).judge(own, device, frame, Classifier.classify(frame, length), findings);
    }

    private String happened(Map<DropReason, Long> before, int waitingBefore) {
        boolean waits = waitingPackets() > waitingBefore;
        List<DropReason> reasons = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            if (drops.get(reason) != before.getOrDefault(reason, 0L)) {
                reasons.add(reason);
            }
        }
        if (reasons.size() > 1 || waits) {
            // Of what dpvs itself then wanted to say, an ARP question or an ICMP error.
            reasons.remove(DropReason.LINK_DOWN);
            reasons.remove(DropReason.REPLY_LIMITED);
        }
        if (!reasons.isEmpty()) {
            return String.join(" ", reasons.stream().map(Findings::name).toList());
        }
        if (waits) {
            return "waits";
        }
        return handed > 0 ? "handed" : sent.isEmpty() ? "nothing" : "sent";
    }

    private int waitingPackets() {
        return stack.neighbours().stream()
                .mapToInt(jdpvs.stack.NeighbourEntry::waiting)
                .sum();
    }

    private int waitingIpv6() {
        return stack.neighbours().stream()
                .filter(entry -> !entry.address().isIpv4())
                .mapToInt(jdpvs.stack.NeighbourEntry::waiting)
                .sum();
    }

    private Map<DropReason, Long> counts() {
        Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            counts.put(reason, drops.get(reason));
        }
        return counts;
    }

    private void change() {
        switch (random.nextInt(7)) {
            case 0 -> up[random.nextInt(2)] = chance(0.7);
            case 1 -> pass(random.nextInt(6_000));
            case 2 -> weights();
            case 4 -> learn(0, RandomPackets.SIXES[0]);
            case 5 -> learn(1, RandomPackets.SIXES[1]);
            case 6 -> learn(0, RandomPackets.SIXES[6]);
            case 3 -> learn(1, servers[random.nextInt(2)]);
            default -> learn(0, RandomPackets.ip("10.0.96.254"));
        }
    }

    private void pass(int millis) {
        for (int i = 0; i < millis; i += 100) {
            context.nowMillis += 100;
            balancer.tick();
            stack.tick();
        }
        sent.clear();
    }

    private void weights() {
        try {
            ServiceTransaction change = table.begin();
            for (var service : table.current().services()) {
                for (var server : service.servers()) {
                    change.editServer(
                            service.endpoint(),
                            server.endpoint(),
                            new ServerSettings(
                                    server.settings().forwarding(),
                                    random.nextInt(3),
                                    server.settings().upperThreshold(),
                                    0));
                }
            }
            change.commit();
            balancer.services(table.current());
        } catch (ServiceException e) {
            throw new IllegalStateException(e);
        }
    }

    private void learn(int device, Address address) {
        stack.learn(device, address.high(), address.low(), RandomPackets.HOST_MAC);
    }

    private void learn(int device, int address) {
        stack.learn(device, address, RandomPackets.HOST_MAC);
    }

    @Override
    public void send(int device, long frame, int length) {
        books.sent(frame);
        if (!up[device]) {
            drops.count(DropReason.LINK_DOWN);
            return;
        }
        byte[] bytes = new byte[length];
        Memory.copyOut(frame, bytes, 0, length);
        boolean question =
                Ethernet.type(frame) == Ethernet.TYPE_ARP && Arp.operation(frame + Ethernet.LENGTH) == Arp.REQUEST;
        boolean solicitation = Ethernet.type(frame) == Ethernet.TYPE_IPV6
                && Ipv6.nextHeader(frame + Ethernet.LENGTH) == Ipv6.ICMP
                && Icmp6.type(frame + Ethernet.LENGTH + Ipv6.LENGTH) == Icmp6.NEIGHBOUR_SOLICITATION;
        if (!question && !solicitation) {
            sent.add(bytes);
        }
    }

    @Override
    public long allocate() {
        return zeroed(2048 + 64) + 64;
    }

    @Override
    public void frame(int worker, int device, long frame, int length) {
        handed++;
        books.handedOver(frame);
    }

    @Override
    public void neighbour(int device, long high, long low, long macAddress) {}
}
