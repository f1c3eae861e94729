package jdpvs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import jdpvs.linux.lab.Lab;
import jdpvs.linux.netlink.InterfaceAddress;
import jdpvs.linux.netlink.InterfaceMonitor;
import jdpvs.linux.netlink.InterfaceState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hosts at a cable. */
class RawSocketTest {
    private static final int PROTOCOL = 112;
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final long GROUP = MAPPED | 0xe000_0012L;
    private static final long GROUP6_HIGH = 0xff02_0000_0000_0000L;
    private static final long GROUP6_LOW = 0x12;
    private static final long LINK = 0xfe80_0000_0000_0000L;

    private Lab lab;
    private String one;
    private String two;

    @BeforeEach
    void make() {
        lab = new Lab();
        one = lab.namespace("one");
        two = lab.namespace("two");
        Lab.ip(one, "link add eth0 type veth peer name eth0 netns " + two);
        int number = 1;
        for (String namespace : new String[] {one, two}) {
            Lab.ip(namespace, "link set eth0 addrgenmode none up");
            Lab.ip(namespace, "address add 192.0.2." + number + "/24 dev eth0");
            Lab.ip(namespace, "address add 192.0.2." + (number + 10) + "/24 dev eth0");
            Lab.ip(namespace, "address add fe80::" + number++ + "/64 dev eth0 nodad");
        }
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    private static InterfaceState eth0(InterfaceMonitor monitor) {
        boolean ignored = monitor.update();
        return Objects.requireNonNull(monitor.interfaces().get("eth0"));
    }

    private static RawSocket open(String namespace, boolean ipv6) {
        return Lab.in(namespace, () -> {
            try (InterfaceMonitor monitor = InterfaceMonitor.open()) {
                RawSocket socket = RawSocket.open(ipv6, PROTOCOL, eth0(monitor).index());
                socket.join(ipv6 ? GROUP6_HIGH : 0, ipv6 ? GROUP6_LOW : GROUP);
                return socket;
            }
        });
    }

    private static RawSocket.Received next(RawSocket socket) {
        int ignored = new PollSet(socket.descriptor()).awaitNanos(5_000_000_000L);
        return Objects.requireNonNull(socket.receive());
    }

    @Test
    void ipv4GoesToTheGroupAndToOneHostFromAChosenSource() {
        try (RawSocket here = open(one, false);
                RawSocket there = open(two, false)) {
            for (long destination : new long[] {GROUP, MAPPED | 0xc000_0202L}) {
                NativeMemory.putInt(here.payload(), 0x1234_5678);
                assertThat(here.send(4, 0, MAPPED | 0xc000_020bL, 0, destination))
                        .isZero();
                RawSocket.Received received = next(there);
                assertThat(received.sourceLow()).isEqualTo(MAPPED | 0xc000_020bL);
                assertThat(received.destinationLow()).isEqualTo(destination);
                assertThat(received.hopLimit()).isEqualTo(255);
                assertThat(received.length()).isEqualTo(4);
                assertThat(NativeMemory.getInt(received.payload())).isEqualTo(0x1234_5678);
            }
            assertThat(here.receive()).as("its own").isNull();
            assertThat(here.send(4, 0, MAPPED | 0xc000_0263L, 0, GROUP))
                    .as("a source of nobody")
                    .isEqualTo(101);
        }
    }

    @Test
    void ipv6Likewise() {
        try (RawSocket here = open(one, true);
                RawSocket there = open(two, true)) {
            for (long[] destination : new long[][] {{GROUP6_HIGH, GROUP6_LOW}, {LINK, 2}}) {
                NativeMemory.putInt(here.payload(), 0x1234_5678);
                assertThat(here.send(4, LINK, 1, destination[0], destination[1]))
                        .isZero();
                RawSocket.Received received = next(there);
                assertThat(received.sourceHigh()).isEqualTo(LINK);
                assertThat(received.sourceLow()).isEqualTo(1);
                assertThat(received.destinationHigh()).isEqualTo(destination[0]);
                assertThat(received.destinationLow()).isEqualTo(destination[1]);
                assertThat(received.hopLimit()).isEqualTo(255);
                assertThat(received.length()).isEqualTo(4);
                assertThat(NativeMemory.getInt(received.payload())).isEqualTo(0x1234_5678);
            }
            assertThat(here.receive()).as("its own").isNull();
        }
    }

    @Test
    void anInterfaceMustBeThere() {
        assertThatThrownBy(() -> RawSocket.open(false, PROTOCOL, 99_999)).hasMessageContaining("IP_MULTICAST_IF");
    }

    @Test
    void theMonitorSeesInterfacesChange() {
        try (InterfaceMonitor monitor = Lab.in(one, InterfaceMonitor::open)) {
            InterfaceState first = eth0(monitor);
            assertThat(first.up()).isTrue();
            assertThat(first.addresses().stream()
                            .filter(InterfaceAddress::isIpv4)
                            .map(address -> (int) address.low()))
                    .containsExactly(0xc000_0201, 0xc000_020b);
            assertThat(monitor.update()).isFalse();
            // Still tentative without a carrier.
            Lab.ip(two, "link set eth0 down");
            Lab.ip(one, "address add 2001:db8::1/64 dev eth0");
            for (int i = 0; i < 100 && eth0(monitor).running(); i++) {
                int ignored = new PollSet(monitor.descriptor()).await(100);
            }
            assertThat(eth0(monitor).running()).isFalse();
            assertThat(eth0(monitor).up()).isTrue();
            assertThat(eth0(monitor).addresses()).isEqualTo(first.addresses());
            Lab.ip(one, "link set eth0 down");
            assertThat(eth0(monitor).up()).isFalse();
            Lab.ip(one, "link del eth0");
            assertThat(monitor.update()).isTrue();
            assertThat(monitor.interfaces()).doesNotContainKey("eth0");
        }
    }

    @Test
    void aRealTimeThreadIsOneAndItsThreadsAreNot() throws Exception {
        String[] seen = new String[2];
        Thread thread = Thread.ofPlatform().start(() -> {
            Threads.setRealTime(7);
            seen[0] = Lab.run("chrt -p " + Threads.id());
            Thread child = Thread.ofPlatform().start(() -> seen[1] = Lab.run("chrt -p " + Threads.id()));
            try {
                child.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.join();
        assertThat(seen[0]).contains("SCHED_FIFO").contains("priority: 7");
        assertThat(seen[1]).contains("SCHED_OTHER");
        assertThatThrownBy(() -> Threads.setRealTime(1000)).hasMessageContaining("EINVAL");
    }
}
