package jdpvs.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jdpvs.linux.PollSet;
import jdpvs.linux.lab.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterfaceMonitorTest {
    private Lab lab;
    private String here;

    /** What every namespace has: lo, and where modules for tunnels are loaded their first devices. */
    private Set<String> everywhere;

    @BeforeEach
    void make() {
        lab = new Lab();
        here = lab.namespace("here");
        try (InterfaceMonitor monitor = Lab.in(here, InterfaceMonitor::open)) {
            assertThat(monitor.update()).isTrue();
            everywhere = monitor.interfaces().keySet();
        }
        assertThat(everywhere).contains("lo");
        Lab.ip(here, "link add eth0 type veth peer name eth1");
        Lab.ip(here, "link set eth0 addrgenmode none");
        Lab.ip(here, "link set eth1 addrgenmode none up");
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    private InterfaceMonitor open() {
        InterfaceMonitor monitor = Lab.in(here, InterfaceMonitor::open);
        assertThat(monitor.interfaces()).as("before the first look").isEmpty();
        assertThat(monitor.update()).isTrue();
        return monitor;
    }

    private Set<String> made(InterfaceMonitor monitor) {
        assertThat(monitor.interfaces()).containsKeys(everywhere.toArray(String[]::new));
        return monitor.interfaces().keySet().stream()
                .filter(name -> !everywhere.contains(name))
                .collect(Collectors.toSet());
    }

    private static InterfaceState eth0(InterfaceMonitor monitor) {
        return state(monitor, "eth0");
    }

    private static InterfaceState state(InterfaceMonitor monitor, String name) {
        return Objects.requireNonNull(monitor.interfaces().get(name), name);
    }

    private static List<String> addresses(InterfaceState state) {
        return state.addresses().stream().map(InterfaceMonitorTest::text).toList();
    }

    private static String text(InterfaceAddress address) {
        byte[] bytes = address.isIpv4()
                ? ByteBuffer.allocate(4).putInt((int) address.low()).array()
                : ByteBuffer.allocate(16)
                        .putLong(address.high())
                        .putLong(address.low())
                        .array();
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + address.prefixLength();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for notifications until it is so. */
    private static void await(InterfaceMonitor monitor, Predicate<InterfaceState> wanted) {
        var poll = new PollSet(monitor.descriptor());
        boolean changed = false;
        for (int i = 0; i < 150 && !(changed && wanted.test(eth0(monitor))); i++) {
            int ignored = poll.await(100);
            changed |= monitor.update();
        }
        assertThat(eth0(monitor)).matches(wanted);
        assertThat(changed).isTrue();
    }

    /** The kernel may tell late, up to a second, that an interface it has just made has no carrier. */
    private static void assertNothingChanges(InterfaceMonitor monitor) {
        var poll = new PollSet(monitor.descriptor());
        int told = 0;
        do {
            assertThat(monitor.update()).as("nothing has changed").isFalse();
            assertThat(told++).as("notifications").isLessThan(100);
        } while (poll.await(0) != 0);
    }

    @Test
    void upAndRunning() {
        try (InterfaceMonitor monitor = open()) {
            assertThat(made(monitor)).containsExactlyInAnyOrder("eth0", "eth1");
            assertThat(eth0(monitor).up()).isFalse();
            assertThat(eth0(monitor).running()).isFalse();
            assertNothingChanges(monitor);
            Lab.ip(here, "link set eth0 up");
            await(monitor, state -> state.up() && state.running());
            Lab.ip(here, "link set eth1 down");
            await(monitor, state -> state.up() && !state.running());
            Lab.ip(here, "link set eth1 up");
            await(monitor, state -> state.up() && state.running());
            Lab.ip(here, "link set eth0 down");
            await(monitor, state -> !state.up() && !state.running());
        }
    }

    @Test
    void addressesInTheKernelsOrder() {
        Lab.ip(here, "link set eth0 up");
        Lab.ip(here, "address add 10.9.0.2/24 dev eth0");
        try (InterfaceMonitor monitor = open()) {
            Lab.ip(here, "address add 10.9.0.1/24 dev eth0");
            await(monitor, state -> addresses(state).equals(List.of("10.9.0.2/24", "10.9.0.1/24")));
            assertThat(state(monitor, "eth1").addresses()).isEmpty();
            Lab.ip(here, "address add 10.9.1.1/24 dev eth1");
            Lab.ip(here, "address del 10.9.0.1/24 dev eth0");
            await(monitor, state -> addresses(state).equals(List.of("10.9.0.2/24")));
            assertThat(addresses(state(monitor, "eth1"))).containsExactly("10.9.1.1/24");
        }
    }

    /** Without a carrier nobody can tell whether it is alone. */
    @Test
    void aTentativeAddressIsNone() {
        Lab.ip(here, "link set eth1 down");
        Lab.ip(here, "link set eth0 up");
        Lab.ip(here, "address add 10.9.0.1/24 dev eth0");
        Lab.ip(here, "address add fe80::1/64 dev eth0");
        assertThat(Lab.ip(here, "address show eth0")).contains("tentative");
        try (InterfaceMonitor monitor = open()) {
            assertThat(addresses(eth0(monitor))).containsExactly("10.9.0.1/24");
            Lab.ip(here, "address add fe80::2/64 dev eth0 nodad");
            await(monitor, state -> addresses(state).equals(List.of("10.9.0.1/24", "fe80:0:0:0:0:0:0:2/64")));
        }
    }

    @Test
    void anAddressThatAnotherHasIsNone() throws InterruptedException {
        String there = lab.namespace("there");
        Lab.ip(here, "link set eth1 netns " + there);
        Lab.ip(there, "link set eth1 addrgenmode none up");
        Lab.ip(there, "address add fe80::1/64 dev eth1 nodad");
        Lab.ip(here, "link set eth0 up");
        try (InterfaceMonitor monitor = open()) {
            Lab.ip(here, "address add fe80::1/64 dev eth0");
            Lab.ip(here, "address add fe80::2/64 dev eth0");
            await(monitor, state -> addresses(state).equals(List.of("fe80:0:0:0:0:0:0:2/64")));
            // Either of them may be decided first.
            String shown = Lab.ip(here, "address show eth0");
            for (int i = 0; i < 150 && !shown.contains("dadfailed"); i++) {
                Thread.sleep(100);
                shown = Lab.ip(here, "address show eth0");
            }
            assertThat(shown).contains("fe80::1/64").contains("dadfailed");
            assertThat(monitor.update()).as("a tentative one was none either").isFalse();
            assertThat(addresses(eth0(monitor))).containsExactly("fe80:0:0:0:0:0:0:2/64");
        }
    }

    @Test
    void interfacesComeAndGo() {
        try (InterfaceMonitor monitor = open()) {
            int index = eth0(monitor).index();
            Lab.ip(here, "link del eth0");
            assertThat(monitor.update()).isTrue();
            assertThat(made(monitor)).isEmpty();
            Lab.ip(here, "link add eth0 type veth peer name eth1");
            await(monitor, state -> state.index() != index);
            Lab.ip(here, "link set eth0 name other0");
            assertThat(monitor.update()).isTrue();
            assertThat(made(monitor)).containsExactlyInAnyOrder("other0", "eth1");
        }
    }
}
