package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    @Test
    void refusesImpossibleCapacities() {
        assertThatThrownBy(() -> new ConnectionTable(0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }

    /** Both families on both sides. */
    private static Address address(int mark, int role) {
        boolean ipv6 = ((mark >> ((role & 1) + 4)) & 1) != 0;
        return ipv6 ? new Address(0x2001_0db8L << 32 | mark, mark + role) : Address.ofIpv4(mark + role);
    }

    /** A reader in another thread never sees a mixture of two connections. */
    @Test
    void listsConsistentlyWhileTheWorkerRuns() throws InterruptedException {
        int capacity = 64;
        // The global arena: memory of an automatic one goes with the last reference to the arena, and an address is
        // none.
        Connections connections = new Connections(
                Arena.global().allocate(Connections.memoryBytes(capacity), 64).address(),
                capacity,
                3,
                0,
                new Random(1),
                0);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> torn = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!done.get()) {
                connections.forEach(seen -> {
                    int mark = (int) seen.clientAddress().low();
                    if (!seen.clientAddress().equals(address(mark, 0))
                            || !seen.serverAddress().equals(address(mark, 1))
                            || !seen.virtualAddress().equals(address(mark, 2))
                            || !seen.localAddress().equals(address(mark, 3))
                            || seen.service() != (mark & 0xffff)
                            || seen.server() != mark
                            || seen.worker() != 3) {
                        torn.compareAndSet(null, seen.toString());
                    }
                    return true;
                });
            }
        });
        reader.start();
        int[] live = new int[capacity];
        Random random = new Random(2);
        java.util.Arrays.fill(live, -1);
        for (int mark = 16; mark < 400_000; mark += 4) {
            int place = random.nextInt(capacity);
            if (live[place] >= 0) {
                connections.close(live[place]);
            }
            live[place] = connections.open(
                    connections.flow().set(false, address(mark, 0), 1, address(mark, 2), 2),
                    connections.flow().set(false, address(mark, 1), 3, address(mark, 3), 4),
                    mark & 0xffff,
                    mark,
                    0,
                    0);
        }
        done.set(true);
        reader.join();
        assertThat(torn).hasNullValue();
        int[] count = new int[1];
        assertThat(connections.forEach(seen -> ++count[0] < 10)).isFalse();
        assertThat(count[0]).isEqualTo(10);
    }
}
