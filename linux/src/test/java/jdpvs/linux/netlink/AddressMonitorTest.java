package jdpvs.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import jdpvs.linux.NetworkDevice;
import jdpvs.linux.PollSet;
import jdpvs.linux.lab.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressMonitorTest {
    private Lab lab;
    private String here;

    @BeforeEach
    void make() {
        lab = new Lab();
        here = lab.namespace("here");
        Lab.ip(here, "link add eth0 type veth peer name eth1");
        Lab.ip(here, "link set eth0 addrgenmode none up");
        Lab.ip(here, "link set eth1 addrgenmode none up");
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    private AddressMonitor open() {
        return Lab.in(here, AddressMonitor::open);
    }

    private static Set<String> texts(Set<InterfaceAddress> addresses) {
        Set<String> texts = new TreeSet<>();
        for (InterfaceAddress a : addresses) {
            byte[] bytes = a.isIpv4()
                    ? ByteBuffer.allocate(4).putInt((int) a.low()).array()
                    : ByteBuffer.allocate(16).putLong(a.high()).putLong(a.low()).array();
            try {
                texts.add(InetAddress.getByAddress(bytes).getHostAddress() + "/" + a.prefixLength());
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
        return texts;
    }

    /** Waits for a change that makes the interface's addresses these. */
    private static void await(AddressMonitor monitor, String device, String... addresses) {
        var poll = new PollSet(monitor.descriptor());
        Set<String> wanted = new TreeSet<>(Set.of(addresses));
        boolean changed = false;
        for (int i = 0; i < 100 && !(changed && texts(monitor.addresses(device)).equals(wanted)); i++) {
            poll.await(100);
            changed |= monitor.update();
        }
        assertThat(texts(monitor.addresses(device))).isEqualTo(wanted);
        assertThat(changed).isTrue();
    }

    @Test
    void addressesComeAndGo() {
        Lab.ip(here, "address add 10.9.0.1/24 dev eth0");
        Lab.ip(here, "address add 2001:db8::1/64 dev eth0 nodad");
        Lab.ip(here, "address add 10.9.1.1/24 dev eth1");
        try (AddressMonitor monitor = open()) {
            assertThat(texts(monitor.addresses("eth0"))).containsExactly("10.9.0.1/24", "2001:db8:0:0:0:0:0:1/64");
            assertThat(texts(monitor.addresses("eth1"))).containsExactly("10.9.1.1/24");
            assertThat(monitor.addresses("nosuch")).isEmpty();
            assertThat(monitor.update()).isFalse();
            assertThat(new PollSet(monitor.descriptor()).await(0)).isZero();

            // Still tentative when it is told of.
            Lab.ip(here, "address add fe80::7/64 dev eth0");
            await(monitor, "eth0", "10.9.0.1/24", "2001:db8:0:0:0:0:0:1/64", "fe80:0:0:0:0:0:0:7/64");
            Lab.ip(here, "address del 10.9.0.1/24 dev eth0");
            await(monitor, "eth0", "2001:db8:0:0:0:0:0:1/64", "fe80:0:0:0:0:0:0:7/64");
            Lab.ip(here, "address add 10.9.0.5 peer 10.9.0.6 dev eth0");
            await(monitor, "eth0", "10.9.0.5/32", "2001:db8:0:0:0:0:0:1/64", "fe80:0:0:0:0:0:0:7/64");
            assertThat(texts(monitor.addresses("eth1"))).containsExactly("10.9.1.1/24");
        }
    }

    @Test
    void aTentativeAddressIsOne() {
        // Nobody at the other end looks at it: without a carrier an address stays tentative.
        Lab.ip(here, "link set eth1 down");
        try (AddressMonitor monitor = open()) {
            Lab.ip(here, "address add 2001:db8::2/64 dev eth0");
            assertThat(Lab.ip(here, "address show eth0")).contains("tentative");
            await(monitor, "eth0", "2001:db8:0:0:0:0:0:2/64");
        }
    }

    @Test
    void interfacesComeAndGo() {
        Lab.ip(here, "address add 10.9.0.1/24 dev eth0");
        try (AddressMonitor monitor = open()) {
            int index = index("eth0");
            assertThat(texts(monitor.addresses(index))).containsExactly("10.9.0.1/24");
            Lab.ip(here, "link del eth0");
            await(monitor, "eth0");
            assertThat(monitor.addresses(index)).isEmpty();
            Lab.ip(here, "link add eth0 type veth peer name eth1");
            Lab.ip(here, "address add 10.9.0.2/24 dev eth0");
            await(monitor, "eth0", "10.9.0.2/24");
            assertThat(index("eth0")).isNotEqualTo(index);
            Lab.ip(here, "link set eth0 name other0");
            await(monitor, "other0", "10.9.0.2/24");
            assertThat(monitor.addresses("eth0")).isEmpty();
            assertThat(texts(monitor.addresses(index("other0")))).containsExactly("10.9.0.2/24");
        }
    }

    private int index(String device) {
        return Lab.in(here, () -> {
            try (var found = NetworkDevice.find(device).orElseThrow()) {
                return found.index();
            }
        });
    }

    /** More notifications than the socket's buffer holds, and a table of many parts. */
    @Test
    void lostNotificationsDoNotMatter(@TempDir Path directory) throws Exception {
        try (AddressMonitor monitor = open()) {
            int count = 3000;
            batch(directory, "add", count);
            String drops = Lab.run("ip netns exec " + here + " cat /proc/net/netlink");
            assertThat(drops.lines()
                            .skip(1)
                            .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[8]))
                            .sum())
                    .as("notifications that were lost")
                    .isPositive();
            assertThat(monitor.update()).isTrue();
            assertThat(monitor.addresses("eth0")).hasSize(count);
            assertThat(monitor.update()).isFalse();
            batch(directory, "del", count);
            assertThat(monitor.update()).isTrue();
            assertThat(monitor.addresses("eth0")).isEmpty();
        }
    }

    private void batch(Path directory, String what, int count) throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("address ")
                    .append(what)
                    .append(" 10.")
                    .append(i / 250 + 1)
                    .append('.');
            lines.append(i % 250).append(".1/32 dev eth0\n");
        }
        Path file = Files.writeString(directory.resolve(what), lines);
        Lab.run("ip -n " + here + " -batch " + file);
    }
}
