package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    @Test
    void refusesImpossibleCapacities() {
        assertThatThrownBy(() -> new ConnectionTable(0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
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
                    int mark = seen.clientAddress();
                    if (seen.serverAddress() != mark + 1
                            || seen.virtualAddress() != mark + 2
                            || seen.localAddress() != mark + 3
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
                    FlowKey.addresses(mark, mark + 2),
                    FlowKey.ports(false, 1, 2),
                    FlowKey.addresses(mark + 1, mark + 3),
                    FlowKey.ports(false, 3, 4),
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
