package jdpvs.balancer.forward;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.Server;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.ServiceTransaction;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.port.DropReason;
import jdpvs.stack.Device;
import jdpvs.stack.Egress;
import jdpvs.stack.ErrorKind;
import jdpvs.stack.Handover;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.LocalStack;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;
import jdpvs.stack.OwnPacketErrors;
import jdpvs.stack.Route;
import jdpvs.stack.RouteRequest;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;

/**
 * The how-to's two-arm network around one worker's balancer, on a clock that only tests move: VIP 10.0.96.204 on dpdk2 (device 0) with the gateway
 * 10.0.96.254, LIP 192.168.229.204 on dpdk0 (device 1), servers 192.168.229.1 and .2.
 */
final class World {
    static final int WAN = 0;
    static final int LAN = 1;
    static final long WAN_MAC = 0x0200_0000_0a02L;
    static final long LAN_MAC = 0x0200_0000_0a00L;
    static final long GATEWAY_MAC = 0x0200_0000_0bfeL;
    static final long SERVER_1_MAC = 0x0200_0000_0c01L;
    static final long SERVER_2_MAC = 0x0200_0000_0c02L;
    static final String CLIENT = "172.16.0.1";
    static final String VIP = "10.0.96.204";
    static final String LIP = "192.168.229.204";
    static final String SERVER_1 = "192.168.229.1";
    static final String SERVER_2 = "192.168.229.2";
    static final String CLIENT_6 = "2408::1";
    static final String VIP_6 = "2001:db8:96::204";
    static final String LIP_6 = "2001:db8:229::204";
    static final String SERVER_6 = "2001:db8:229::1";
    static final VirtualEndpoint WEB = new VirtualEndpoint(Protocol.TCP, address(VIP), 80);
    static final VirtualEndpoint DNS = new VirtualEndpoint(Protocol.UDP, address(VIP), 53);

    private static final int BUFFER = 2048 + 64;

    final List<Packet> sent = new ArrayList<>();
    final List<Packet> waiting = new ArrayList<>();
    final List<Integer> localFrames = new ArrayList<>();
    final Map<Integer, Integer> handedOver = new HashMap<>();
    final List<Packet> handed = new ArrayList<>();
    final Map<Address, Long> neighbours = new HashMap<>();
    final DropCounters drops = new DropCounters();
    final ServiceTable table;
    final ServerCounters counters;
    final SchedulerState schedulers;
    final WorkerContext context;
    final WorkerBalancer balancer;
    int neighbourGeneration = 1;
    int buffers = 64;

    /** Off, nothing is kept but {@link #lastSent}, so that the world itself allocates nothing. */
    boolean recording = true;

    long lastSent;

    private final Arena arena = Arena.ofAuto();
    private final long bufferMemory = arena.allocate(64L * BUFFER, 64).address();
    private int buffersUsed;

    World() {
        this(1024, 0, 1, Timeouts.DEFAULT);
    }

    World(int capacity, int worker, int workers, Timeouts timeouts) {
        Limits limits = new Limits(64, 4096, 256);
        counters = new ServerCounters(zeroed(ServerCounters.bytes(limits.servers())));
        table = new ServiceTable(limits, new ServerStatistics(List.of(counters), limits.servers()));
        schedulers = new SchedulerState(worker, workers, limits.services());
        neighbours.put(Address.parse("10.0.96.254"), GATEWAY_MAC);
        neighbours.put(Address.parse("2001:db8:96::254"), GATEWAY_MAC);
        neighbours.put(Address.parse(SERVER_6), SERVER_1_MAC);
        neighbours.put(Address.parse(SERVER_1), SERVER_1_MAC);
        neighbours.put(Address.parse(SERVER_2), SERVER_2_MAC);
        context = new WorkerContext(worker, workers, new FakeEgress(), new FakeHandover(), drops, network());
        context.nowMillis = 3_000_000_000L;
        balancer = new WorkerBalancer(
                zeroed(WorkerBalancer.memoryBytes(capacity)),
                capacity,
                context,
                new FakeStack(),
                counters,
                schedulers,
                table.current(),
                timeouts,
                new Random(42));
    }

    /** A TCP service on the VIP, port 80, with both servers and the LIP. */
    static World web() {
        return new World().webService();
    }

    World webService() {
        return services(change -> change.addService(WEB, ServiceSettings.of("rr"))
                .addServer(WEB, new ServerEndpoint(address(SERVER_1), 80), ServerSettings.weight(1))
                .addServer(WEB, new ServerEndpoint(address(SERVER_2), 80), ServerSettings.weight(1))
                .addLocalAddress(WEB, address(LIP), LAN));
    }

    World dnsService() {
        return services(change -> change.addService(DNS, ServiceSettings.of("rr"))
                .addServer(DNS, new ServerEndpoint(address(SERVER_1), 5353), ServerSettings.weight(1))
                .addLocalAddress(DNS, address(LIP), LAN));
    }

    interface ServiceChange {
        ServiceTransaction apply(ServiceTransaction transaction) throws ServiceException;
    }

    World services(ServiceChange change) {
        try {
            change.apply(table.begin()).commit();
        } catch (ServiceException e) {
            throw new IllegalStateException(e);
        }
        balancer.services(table.current());
        return this;
    }

    private static NetworkConfiguration network() {
        Device wan = new Device(WAN, "dpdk2", WAN_MAC, 1500, false);
        Device lan = new Device(LAN, "dpdk0", LAN_MAC, 1500, false);
        try {
            return NetworkConfiguration.of(List.of(wan, lan))
                    .withAddress(InterfaceAddress.of(address(VIP), 32, wan, false))
                    .withAddress(InterfaceAddress.of(address(LIP), 32, lan, true))
                    .withAddress(InterfaceAddress.of(Address.parse(VIP_6), 128, wan, false))
                    .withAddress(InterfaceAddress.of(Address.parse(LIP_6), 128, lan, true))
                    .withRoute(RouteRequest.link(Address.parse("2001:db8:96::"), 64, wan))
                    .withRoute(RouteRequest.link(Address.parse("2001:db8:229::"), 64, lan))
                    .withRoute(RouteRequest.via(Address.NONE, 0, Address.parse("2001:db8:96::254"), wan))
                    .withRoute(RouteRequest.link(address("10.0.96.0"), 24, wan))
                    .withRoute(RouteRequest.link(address("192.168.229.0"), 24, lan))
                    .withRoute(RouteRequest.via(0, 0, address("10.0.96.254"), wan));
        } catch (NetworkException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One more address on the LAN. */
    void lanAddress(int address) {
        network(network -> {
            try {
                Device lan = network.device("dpdk0");
                return network.withAddress(InterfaceAddress.of(address, 32, lan, true));
            } catch (NetworkException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    void network(UnaryOperator<NetworkConfiguration> change) {
        context.network = change.apply(context.network);
    }

    /** The id of a server of the web service. */
    int serverId(String address) {
        for (Server server : table.current().services().getFirst().servers()) {
            if (server.address().ipv4() == address(address)) {
                return server.id();
            }
        }
        throw new IllegalArgumentException(address + " is no server of the web service");
    }

    static int address(String text) {
        return Ipv4Address.parse(text);
    }

    long zeroed(long bytes) {
        return arena.allocate(bytes, 64).address();
    }

    /** Lets the balancer process the packets as one burst, addressed to the device; what it sends is added to {@link #sent}. */
    List<Packet> receive(int device, PacketBuilder... packets) {
        Burst burst = new Burst();
        for (PacketBuilder packet : packets) {
            packet.macs(device == WAN ? WAN_MAC : LAN_MAC, 0x0200_0000_0001L);
            burst.add(packet.allocate(arena), packet.length());
        }
        return receive(device, burst);
    }

    /** A frame that another worker has handed over. */
    List<Packet> receive(Packet handed) {
        Burst burst = new Burst();
        burst.add(handed.frame(), handed.length());
        return receive(handed.device(), burst);
    }

    List<Packet> receive(int device, Burst burst) {
        int before = sent.size();
        buffersUsed = 0;
        balancer.process(burst, device);
        return List.copyOf(sent.subList(before, sent.size()));
    }

    List<Packet> tick(long millis) {
        int before = sent.size();
        context.nowMillis += millis;
        buffersUsed = 0;
        balancer.tick();
        return List.copyOf(sent.subList(before, sent.size()));
    }

    /** Ticks every 100 ms of so many seconds. */
    List<Packet> pass(int seconds) {
        int before = sent.size();
        for (int i = 0; i < seconds * 10; i++) {
            tick(100);
        }
        return List.copyOf(sent.subList(before, sent.size()));
    }

    Map<DropReason, Long> dropped() {
        Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            if (drops.get(reason) != 0) {
                counts.put(reason, drops.get(reason));
            }
        }
        return counts;
    }

    String states() {
        List<String> states = new ArrayList<>();
        balancer.connections().forEach(connection -> states.add(connection.stateName()));
        return String.join(" ", states);
    }

    private final class FakeEgress implements Egress {
        @Override
        public void send(int device, long frame, int length) {
            lastSent = frame;
            if (recording) {
                sent.add(Packet.copy(device, frame, length));
            }
        }

        @Override
        public long allocate() {
            return buffersUsed == buffers ? 0 : bufferMemory + (long) buffersUsed++ * BUFFER + 64;
        }
    }

    private final class FakeHandover implements Handover {
        @Override
        public void frame(int worker, int device, long frame, int length) {
            handedOver.merge(worker, 1, Integer::sum);
            handed.add(Packet.copy(device, frame, length));
        }

        @Override
        public void neighbour(int device, long high, long low, long macAddress) {}
    }

    OwnPacketErrors ownPacketErrors = OwnPacketErrors.NOBODY;

    /** Packets that left through the stack. */
    int outputs;

    /** ICMP errors sent: type/code and MTU. */
    final List<String> errors = new ArrayList<>();

    private final class FakeStack implements LocalStack {
        @Override
        public void input(int device, long frame, int length, int classification) {
            localFrames.add(classification);
        }

        @Override
        public boolean output(Route route, long frame, int length) {
            outputs++;
            Long mac = neighbours.get(route.nextHop(Ip.destination(frame + Ethernet.LENGTH)));
            if (mac == null) {
                waiting.add(Packet.copy(route.device().id(), frame, length));
                return false;
            }
            Ethernet.set(frame, mac, route.device().macAddress(), Ip.etherType(frame + Ethernet.LENGTH));
            context.egress.send(route.device().id(), frame, length);
            return true;
        }

        @Override
        public void error(int device, long frame, ErrorKind kind, int mtu) {
            boolean ipv6 = Ip.isIpv6(frame + Ethernet.LENGTH);
            errors.add(kind.type(ipv6) + "/" + kind.code(ipv6) + " " + mtu);
        }

        @Override
        public void ownPacketErrors(OwnPacketErrors taker) {
            ownPacketErrors = taker;
        }

        @Override
        public long macAddress(int device, long high, long low) {
            // A look-up in the map would allocate the key.
            return recording ? neighbours.getOrDefault(new Address(high, low), -1L) : SERVER_1_MAC;
        }

        @Override
        public int neighbourGeneration() {
            return neighbourGeneration;
        }

        @Override
        public void learn(int device, long high, long low, long macAddress) {}

        @Override
        public void tick() {}
    }
}
