package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowIndexTest {
    private record Key(long addresses, long ports) {}

    private final Random random = new Random(7);

    private static long zeroed(Arena arena, long bytes) {
        return arena.allocate(bytes, 64).address();
    }

    /** Against a HashMap, at every load up to full, in tables small enough that strays wrap around the end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 1000, 20_000})
    void agreesWithAMap(int connections) {
        try (Arena arena = Arena.ofConfined()) {
            FlowIndex index = new FlowIndex(
                    zeroed(arena, FlowIndex.memoryBytes(connections)),
                    connections,
                    random.nextLong(),
                    random.nextLong());
            Map<Key, Integer> model = new HashMap<>();
            List<Key> present = new ArrayList<>();
            int steps = Math.min(200_000, 2000 + connections * 20);
            for (int step = 0; step < steps; step++) {
                // Long stretches of growth and of decline.
                boolean grow = random.nextInt(100) < (step / (connections * 3 + 10) % 2 == 0 ? 80 : 20);
                if (grow && present.size() < 2 * connections) {
                    Key key = key();
                    if (model.containsKey(key)) {
                        continue;
                    }
                    int connection = random.nextInt(1 << 28);
                    boolean outbound = random.nextBoolean();
                    index.insert(key.addresses, key.ports, connection, outbound);
                    model.put(key, connection << 1 | (outbound ? 1 : 0));
                    present.add(key);
                } else if (!present.isEmpty()) {
                    int victim = random.nextInt(present.size());
                    Key key = present.get(victim);
                    present.set(victim, present.getLast());
                    present.removeLast();
                    model.remove(key);
                    index.remove(key.addresses, key.ports);
                    assertThat(index.find(key.addresses, key.ports)).isZero();
                }
                if (step % Math.max(1, connections / 10) == 0) {
                    agree(index, model);
                }
            }
            agree(index, model);
            for (Key key : present) {
                index.remove(key.addresses, key.ports);
            }
            agree(index, Map.of());
        }
    }

    private static void agree(FlowIndex index, Map<Key, Integer> model) {
        model.forEach((key, value) -> {
            int hit = index.find(key.addresses, key.ports);
            if (hit == 0
                    || FlowIndex.connection(hit) != (value >>> 1)
                    || FlowIndex.isOutbound(hit) != ((value & 1) != 0)
                    || FlowIndex.isUdp(hit) != FlowKey.isUdp(key.ports)) {
                throw new AssertionError(key + " should be " + value + " and is " + hit);
            }
        });
    }

    private Key key() {
        // Few addresses and ports: neighbours in every respect, and both protocols.
        return new Key(
                FlowKey.addresses(0x0a00_0000 | random.nextInt(16), 0x0a01_0000 | random.nextInt(16)),
                FlowKey.ports(random.nextBoolean(), random.nextInt(64), random.nextInt(65536)));
    }

    @Test
    void everyPartOfTheKeyCounts() {
        try (Arena arena = Arena.ofConfined()) {
            FlowIndex index = new FlowIndex(zeroed(arena, FlowIndex.memoryBytes(100)), 100, 1, 2);
            index.insert(FlowKey.addresses(1, 2), FlowKey.ports(false, 3, 4), 5, true);
            assertThat(index.find(FlowKey.addresses(1, 2), FlowKey.ports(false, 3, 4)))
                    .isNotZero();
            assertThat(index.find(FlowKey.addresses(2, 1), FlowKey.ports(false, 3, 4)))
                    .isZero();
            assertThat(index.find(FlowKey.addresses(1, 2), FlowKey.ports(false, 4, 3)))
                    .isZero();
            assertThat(index.find(FlowKey.addresses(1, 2), FlowKey.ports(true, 3, 4)))
                    .isZero();
            index.remove(FlowKey.addresses(1, 3), FlowKey.ports(false, 3, 4));
            assertThat(index.find(FlowKey.addresses(1, 2), FlowKey.ports(false, 3, 4)))
                    .isNotZero();
        }
    }

    @Test
    void seedsChangeWhereKeysStand() {
        try (Arena arena = Arena.ofConfined()) {
            long base = zeroed(arena, FlowIndex.memoryBytes(10_000));
            Set<Long> places = new HashSet<>();
            for (int seed = 0; seed < 100; seed++) {
                places.add(new FlowIndex(base, 10_000, random.nextLong(), random.nextLong())
                        .bucket(FlowKey.addresses(1, 2), FlowKey.ports(false, 3, 4)));
            }
            assertThat(places).hasSizeGreaterThan(90);
        }
    }

    /** Sequential clients and ports, the commonest traffic, must spread like random ones. */
    @Test
    void spreadsSequentialFlows() {
        try (Arena arena = Arena.ofConfined()) {
            int connections = 60_000;
            long base = zeroed(arena, FlowIndex.memoryBytes(connections));
            FlowIndex index = new FlowIndex(base, connections, random.nextLong(), random.nextLong());
            int buckets = (int) (FlowIndex.memoryBytes(connections) / 64);
            int[] load = new int[buckets];
            int keys = buckets * 2;
            for (int i = 0; i < keys; i++) {
                long bucket = index.bucket(
                        FlowKey.addresses(0x0a00_0000 + i % 250, 0xc0a8_0001),
                        FlowKey.ports(false, 1024 + i / 250, 80));
                load[(int) ((bucket - base) / 64)]++;
            }
            // Poisson with mean 2: P(more than 4) = 5.3 %.
            long crowded = java.util.Arrays.stream(load).filter(n -> n > 4).count();
            assertThat((double) crowded / buckets).isBetween(0.04, 0.066);
        }
    }
}
