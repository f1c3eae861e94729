package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import jdpvs.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalPortsTest {
    private static final int LOCAL = 0xc0a8_e5cc;
    private static final int SERVER = 0xc0a8_e501;

    private final Arena arena = Arena.ofConfined();
    private int clients;

    @AfterEach
    void free() {
        arena.close();
    }

    private Connections connections(int capacity, int worker, int mask) {
        long memory = arena.allocate(Connections.memoryBytes(capacity), 64).address();
        return new Connections(memory, capacity, worker, mask, new Random(3), 0);
    }

    /** Opens a connection through a free port and returns the port, or 0. */
    private int open(Connections connections, int server, boolean udp) {
        int port = connections.localPorts().find(0, answers(connections, server, 0, udp), 0);
        if (port != 0) {
            int client = clients++;
            connections.open(
                    connections.flow().set(udp, Address.ofIpv4(0x0b00_0000 + client), 1000, Address.ofIpv4(1), 80),
                    answers(connections, server, port, udp),
                    0,
                    0,
                    0,
                    0);
        }
        return port;
    }

    private static Flow answers(Connections connections, int server, int port, boolean udp) {
        return connections.flow().set(udp, Address.ofIpv4(server), 80, Address.ofIpv4(LOCAL), port);
    }

    @Test
    void oneLocalAddressCarriesAllItsPortsToEachServer() {
        int servers = 3;
        Connections connections = connections(servers * 64_511 + 64_511, 0, 0);
        for (int server = 0; server < servers; server++) {
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 64_511; i++) {
                int port = open(connections, SERVER + server, false);
                assertThat(port).isBetween(1025, 65535);
                ports.add(port);
            }
            assertThat(ports).hasSize(64_511);
            assertThat(open(connections, SERVER + server, false)).isZero();
        }
        assertThat(open(connections, SERVER, true)).as("UDP has its own").isNotZero();
        assertThat(connections.localPorts().used(0)).isEqualTo(servers * 64_511 + 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 64511", "0, 1, 32255", "1, 1, 32256", "1, 3, 16128", "0, 3, 16127"})
    void workersShareThePorts(int worker, int mask, int count) {
        Connections connections = connections(70_000, worker, mask);
        assertThat(connections.localPorts().count()).isEqualTo(count);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int port = open(connections, SERVER, false);
            assertThat(port & mask).isEqualTo(worker);
            ports.add(port);
        }
        assertThat(ports).hasSize(count);
    }

    @Test
    void aFreedPortRestsUntilTheOthersHaveBeenUsed() {
        Connections connections = connections(70_000, 0, 0);
        Deque<Integer> last = new ArrayDeque<>();
        Set<Integer> recent = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            int port = open(connections, SERVER, false);
            assertThat(recent.add(port)).as("port %d", port).isTrue();
            connections.close(FlowIndex.connection(
                    connections.index().find(FlowKey.addresses(SERVER, LOCAL), FlowKey.ports(false, 80, port))));
            last.add(port);
            if (last.size() == 64_500) {
                recent.remove(last.remove());
            }
        }
        assertThat(connections.size()).isZero();
    }

    @Test
    void worksNearlyFull() {
        Connections connections = connections(70_000, 0, 0);
        Random random = new Random(5);
        int[] ports = new int[62_000];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = open(connections, SERVER, false);
        }
        int failed = 0;
        for (int i = 0; i < 100_000; i++) {
            int freed = random.nextInt(ports.length);
            connections.close(FlowIndex.connection(connections
                    .index()
                    .find(FlowKey.addresses(SERVER, LOCAL), FlowKey.ports(false, 80, ports[freed]))));
            int port = open(connections, SERVER, false);
            while (port == 0) {
                failed++;
                port = open(connections, SERVER, false);
            }
            ports[freed] = port;
        }
        assertThat(failed).as("96 %% of the ports in use").isLessThan(1000);
    }

    @Test
    void manyPairsStayInBoundedMemoryAndMemoryBeforeUseIsNone() {
        int capacity = 1 << 21;
        assertThat(LocalPorts.memoryBytes(capacity)).isLessThan(64L << 20);
        assertThat(LocalPorts.memoryBytes(1 << 16)).isLessThan(1L << 20);
        int small = 200_000;
        Connections connections = connections(small, 0, 0);
        // 64 local addresses to 2,000 servers: more pairs than the table keeps; each still gives ports.
        for (int local = 0; local < 64; local++) {
            for (int server = 0; server < 2000; server++) {
                int port = connections.localPorts().find(local, answers(connections, SERVER + server, 0, false), local);
                assertThat(port).isNotZero();
            }
        }
    }

    @Test
    void aConnectionTakesAtMost256BytesAndOneOfIpv4Touches192() {
        for (int capacity : new int[] {65_536, 100_000, 1_000_000, 2_097_151}) {
            double each = (double) Connections.memoryBytes(capacity) / capacity;
            assertThat(each).isLessThanOrEqualTo(256);
            assertThat(each - ConnectionAddresses.BYTES).isLessThanOrEqualTo(192);
        }
    }

    @Test
    void ipv6ServersHaveTheirOwnPorts() {
        Connections connections = connections(200_000, 0, 0);
        Address local = Address.parse("2001:db8:1::5");
        for (int server = 1; server <= 2; server++) {
            Address to = new Address(0x2001_0db8_0002L << 16, server);
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 64_511; i++) {
                Flow answers = connections.flow().set(false, to, 80, local, 0);
                int port = connections.localPorts().find(0, answers, 0);
                ports.add(port);
                answers.set(false, to, 80, local, port);
                Flow client = connections.flow().set(false, new Address(7, clients++), 1000, local, 80);
                connections.open(client, answers, 0, 0, 0, 0);
            }
            assertThat(ports).hasSize(64_511).doesNotContain(0);
            assertThat(connections.localPorts().find(0, connections.flow().set(false, to, 80, local, 0), 0))
                    .isZero();
        }
        assertThat(open(connections, SERVER, false)).isNotZero();
    }

    @Test
    void countsPerServiceAndLocalAddress() {
        LocalAddressUse use = new LocalAddressUse(
                arena.allocate(LocalAddressUse.memoryBytes(100), 64).address(), 100);
        Random random = new Random(9);
        int[][] model = new int[40][12];
        for (int i = 0; i < 20_000; i++) {
            int service = random.nextInt(40);
            int local = random.nextInt(12);
            if (random.nextBoolean()) {
                use.add(service, local);
                model[service][local]++;
            } else if (model[service][local] > 0) {
                use.subtract(service, local);
                model[service][local]--;
            }
        }
        for (int service = 0; service < 40; service++) {
            for (int local = 0; local < 12; local++) {
                assertThat(use.connections(service, local)).isEqualTo(model[service][local]);
            }
        }
    }
}
