package jdpvs.balancer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random transactions against a naive model: maps of maps, copied whole. */
class ServiceModelTest {
    private static final int LIP = Fixture.address("10.10.2.200");

    private static final class Modelled {
        String scheduler = "rr";
        final Map<ServerEndpoint, Integer> servers = new LinkedHashMap<>();
        final List<Integer> lips = new ArrayList<>();

        Modelled copy() {
            Modelled copy = new Modelled();
            copy.scheduler = scheduler;
            copy.servers.putAll(servers);
            copy.lips.addAll(lips);
            return copy;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void agreesWithTheModel(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Fixture fixture = new Fixture(2, new Limits(8, 48, 6));
        Map<VirtualEndpoint, Modelled> model = new LinkedHashMap<>();
        Map<Integer, Integer> connections = new HashMap<>();
        for (int round = 0; round < 1_500; round++) {
            ServiceTransaction transaction = fixture.table.begin();
            Map<VirtualEndpoint, Modelled> next = new LinkedHashMap<>();
            model.forEach((endpoint, modelled) -> next.put(endpoint, modelled.copy()));
            for (int i = random.nextInt(6); i >= 0; i--) {
                change(transaction, next, random);
            }
            if (random.nextInt(4) == 0) {
                continue;
            }
            ServiceConfiguration now = transaction.commit();
            model = next;
            check(now, model);
            // Connections come and go, on servers of now and on draining ones.
            for (Service service : now.services()) {
                for (Server server : service.servers()) {
                    if (random.nextInt(3) == 0) {
                        fixture.counters.get(random.nextInt(2)).created(server.id());
                        connections.merge(server.id(), 1, Integer::sum);
                    }
                }
            }
            for (Integer id : List.copyOf(connections.keySet())) {
                ServerCounters worker = fixture.counters.get(random.nextInt(2));
                if (worker.inactive(id) > 0) {
                    worker.ended(id, false);
                    connections.computeIfPresent(id, (k, left) -> left == 1 ? null : left - 1);
                }
            }
            fixture.table.reclaim(now.version(), id -> random.nextBoolean());
            // An id with connections never changes hands: whoever has it now had it when they were made.
            for (Integer id : connections.keySet()) {
                Server owner = now.server(id);
                assertThat(owner == null || fixture.statistics.inactive(id) > 0).isTrue();
            }
        }
    }

    private static void change(
            ServiceTransaction transaction, Map<VirtualEndpoint, Modelled> model, RandomGenerator random) {
        VirtualEndpoint endpoint = Fixture.tcp("10.10.1.100", 80 + random.nextInt(5));
        ServerEndpoint server = Fixture.server("10.10.2." + (1 + random.nextInt(6)), 80);
        int weight = random.nextInt(10);
        int lip = LIP + random.nextInt(4);
        Modelled modelled = model.get(endpoint);
        boolean expected;
        int what = random.nextInt(20);
        try {
            switch (what) {
                case 0 -> {
                    expected = modelled != null;
                    transaction.deleteService(endpoint);
                    model.remove(endpoint);
                }
                case 1, 2, 3, 4 -> {
                    expected = modelled == null;
                    transaction.addService(endpoint, ServiceSettings.of("rr"));
                    model.put(endpoint, new Modelled());
                }
                case 5, 6 -> {
                    expected = modelled != null;
                    transaction.editService(endpoint, ServiceSettings.of("wlc"));
                    Objects.requireNonNull(modelled).scheduler = "wlc";
                }
                case 7, 8, 9, 10 -> {
                    expected = modelled != null && !modelled.servers.containsKey(server);
                    transaction.addServer(endpoint, server, ServerSettings.weight(weight));
                    Objects.requireNonNull(modelled).servers.put(server, weight);
                }
                case 11, 12 -> {
                    expected = modelled != null && modelled.servers.containsKey(server);
                    transaction.editServer(endpoint, server, ServerSettings.weight(weight));
                    Objects.requireNonNull(modelled).servers.put(server, weight);
                }
                case 13, 14, 15 -> {
                    expected = modelled != null && modelled.servers.containsKey(server);
                    transaction.deleteServer(endpoint, server);
                    Objects.requireNonNull(modelled).servers.remove(server);
                }
                case 16, 17 -> {
                    expected = modelled != null && !modelled.lips.contains(lip);
                    transaction.addLocalAddress(endpoint, lip, 1);
                    Objects.requireNonNull(modelled).lips.add(lip);
                }
                case 18 -> {
                    expected = modelled != null && modelled.lips.contains(lip);
                    transaction.deleteLocalAddress(endpoint, Address.ofIpv4(lip));
                    Objects.requireNonNull(modelled).lips.removeIf(known -> known == lip);
                }
                default -> {
                    expected = true;
                    if (random.nextInt(10) == 0) {
                        transaction.clear();
                        model.clear();
                    }
                }
            }
        } catch (ServiceException refused) {
            boolean allowed =
                    refused.kind() == ServiceException.Kind.NO_ROOM || allowedRefusal(what, modelled, server, lip);
            assertThat(allowed).as(refused.getMessage()).isTrue();
            return;
        }
        assertThat(expected).isTrue();
    }

    private static boolean allowedRefusal(int what, @Nullable Modelled modelled, ServerEndpoint server, int lip) {
        return switch (what) {
            case 0, 5, 6 -> modelled == null;
            case 1, 2, 3, 4 -> modelled != null;
            case 7, 8, 9, 10 -> modelled == null || modelled.servers.containsKey(server);
            case 11, 12, 13, 14, 15 -> modelled == null || !modelled.servers.containsKey(server);
            case 16, 17 -> modelled == null || modelled.lips.contains(lip);
            case 18 -> modelled == null || !modelled.lips.contains(lip);
            default -> false;
        };
    }

    private static void check(ServiceConfiguration now, Map<VirtualEndpoint, Modelled> model) {
        assertThat(now.services()).extracting(Service::endpoint).containsExactlyElementsOf(model.keySet());
        Set<Integer> serverIds = new HashSet<>();
        Set<Integer> serviceIds = new HashSet<>();
        Map<Integer, Integer> lipIds = new HashMap<>();
        model.forEach((endpoint, modelled) -> {
            Service service = Objects.requireNonNull(now.service(endpoint));
            assertThat(service.scheduler().name()).isEqualTo(modelled.scheduler);
            assertThat(serviceIds.add(service.id())).isTrue();
            assertThat(now.service(service.id())).isSameAs(service);
            assertThat(now.isVirtualAddress(endpoint.address().ipv4())).isTrue();
            Map<ServerEndpoint, Integer> servers = new LinkedHashMap<>();
            for (int i = service.servers().length - 1; i >= 0; i--) {
                Server server = service.servers()[i];
                servers.put(server.endpoint(), server.weight());
                assertThat(serverIds.add(server.id())).isTrue();
                assertThat(now.server(server.id())).isSameAs(server);
                assertThat(server.serviceId()).isEqualTo(service.id());
            }
            assertThat(List.copyOf(servers.entrySet())).isEqualTo(List.copyOf(modelled.servers.entrySet()));
            assertThat(service.localAddresses())
                    .extracting(local -> local.address().ipv4())
                    .isEqualTo(modelled.lips);
            for (LocalAddress local : service.localAddresses()) {
                assertThat(lipIds.merge(local.address().ipv4(), local.id(), (a, b) -> a.equals(b) ? a : -1))
                        .isNotNegative();
                assertThat(now.isLocalAddress(local.address().ipv4())).isTrue();
            }
        });
        assertThat(new HashSet<>(lipIds.values())).hasSize(lipIds.size());
        for (int i = 0; i < 4; i++) {
            assertThat(now.isLocalAddress(LIP + i)).isEqualTo(lipIds.containsKey(LIP + i));
            assertThat(now.lookup(6, Fixture.address("10.10.1.100"), 80 + i) != null)
                    .isEqualTo(model.containsKey(Fixture.tcp("10.10.1.100", 80 + i)));
        }
    }
}
