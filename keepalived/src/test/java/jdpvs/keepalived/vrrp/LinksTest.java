package jdpvs.keepalived.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdpvs.linux.EventDescriptor;
import jdpvs.linux.PollSet;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.netlink.InterfaceState;
import jdpvs.linux.netlink.Interfaces;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final int EAGAIN = 11;

    /** A kernel that says what a test tells it to. */
    private static final class Kernel implements Interfaces {
        private final EventDescriptor event = new EventDescriptor();
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile Map<String, InterfaceState> now = Map.of();
        private Map<String, InterfaceState> seen = Map.of();

        void become(String... names) {
            Map<String, InterfaceState> next = new java.util.HashMap<>();
            for (String name : names) {
                next.put(name, new InterfaceState(next.size() + 1, name, true, true, List.of()));
            }
            now = Map.copyOf(next);
            event.signal();
        }

        @Override
        public int descriptor() {
            return event.descriptor();
        }

        @Override
        public boolean update() {
            event.clear();
            switch (failures.poll()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {}
            }
            boolean another = !now.equals(seen);
            seen = now;
            return another;
        }

        @Override
        public Map<String, InterfaceState> interfaces() {
            return seen;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private final Kernel kernel = new Kernel();

    private static void awaitNews(Links links) {
        PollSet poll = new PollSet(links.newsDescriptor());
        assertThat(poll.await(20_000)).as("news").isEqualTo(1);
    }

    @Test
    void knowsAtOnceWhatIsThereAndHearsOfTheRest() throws Exception {
        kernel.become("eth0");
        try (Links links = new Links(kernel)) {
            assertThat(links.update()).isTrue();
            assertThat(links.interfaces()).containsOnlyKeys("eth0");
            assertThat(links.update()).isFalse();
            kernel.become("eth0", "eth1");
            awaitNews(links);
            assertThat(links.interfaces()).as("until asked").containsOnlyKeys("eth0");
            assertThat(links.update()).isTrue();
            assertThat(links.interfaces()).containsOnlyKeys("eth0", "eth1");
            assertThat(new PollSet(links.newsDescriptor()).await(0)).isZero();
        }
        assertThat(kernel.closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whateverALookFailsOfTheNextOneCounts() {
        kernel.become("eth0");
        try (Links links = new Links(kernel)) {
            boolean ignored = links.update();
            kernel.failures.add(new SystemCallException("recv from netlink", EAGAIN));
            kernel.failures.add(new OutOfMemoryError("no memory"));
            kernel.become();
            awaitNews(links);
            assertThat(links.update()).isTrue();
            assertThat(links.interfaces()).isEmpty();
            assertThat(kernel.failures).isEmpty();
        }
    }
}
