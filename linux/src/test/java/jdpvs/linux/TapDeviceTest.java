package jdpvs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jdpvs.linux.lab.Lab;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TapDeviceTest {
    private static final int ARP = 0x0806;

    private Lab lab;
    private String here;

    @BeforeEach
    void make() {
        lab = new Lab();
        here = lab.namespace("here");
    }

    @AfterEach
    void remove() {
        lab.close();
    }

    @Test
    void framesGoBothWays() throws Exception {
        try (TapDevice tap = open(here, "tap0", false);
                var memory = Mapping.anonymous(TapDevice.LONGEST, true)) {
            var state = new CallState();
            long address = memory.address();
            tap.device().setMacAddress(0x0200_0000_0a0bL);
            tap.device().setMtu(9000);
            assertThat(tap.device().macAddress()).isEqualTo(0x0200_0000_0a0bL);
            assertThat(Lab.ip(here, "link show tap0")).contains("02:00:00:00:0a:0b", "mtu 9000");

            assertThat(tap.write(state, address, TapDevice.HEADER_BYTES + 60)).isFalse();
            assertThat(state.errno()).as("down").isEqualTo(Errno.EIO);
            up(here, "10.9.0.1/24");
            tap.device().setMacAddress(0x0200_0000_0a0cL);
            long bytes = 0;
            while (bytes >= 0) {
                // What the kernel says of itself as soon as the interface is up.
                bytes = tap.read(state, address, memory.bytes());
            }
            assertThat(state.errno()).isEqualTo(Errno.EAGAIN);

            // It asks for a neighbour; we answer, and then it sends its datagram.
            Lab.run("ip netns exec " + here + " bash -c echo>/dev/udp/10.9.0.2/9");
            await(tap, memory, ARP);
            answerArp(address + TapDevice.HEADER_BYTES);
            assertThat(tap.write(state, address, TapDevice.HEADER_BYTES + 42)).isTrue();
            bytes = await(tap, memory, 0x0800);
            assertThat(bytes).isEqualTo(TapDevice.HEADER_BYTES + 14 + 28 + 1);
            assertThat(NativeMemory.getByte(address + TapDevice.HEADER_BYTES + 5))
                    .as("to the MAC address of our answer")
                    .isEqualTo(0x99);
        }
        assertThatThrownBy(() -> Lab.ip(here, "link show tap0")).hasMessageContaining("does not exist");
    }

    /** Turns the request into a reply from 02:00:00:00:00:99. */
    private static void answerArp(long frame) {
        long arp = frame + 14;
        NativeMemory.putByte(arp + 7, 2);
        NativeMemory.copy(frame + 6, frame, 6);
        for (int i = 0; i < 10; i++) {
            int asker = NativeMemory.getByte(arp + 8 + i);
            int asked = NativeMemory.getByte(arp + 18 + i);
            NativeMemory.putByte(arp + 18 + i, asker);
            NativeMemory.putByte(arp + 8 + i, asked);
        }
        int[] mac = {2, 0, 0, 0, 0, 0x99};
        for (int i = 0; i < 6; i++) {
            NativeMemory.putByte(frame + 6 + i, mac[i]);
            NativeMemory.putByte(arp + 8 + i, mac[i]);
        }
    }

    private static long await(TapDevice tap, Mapping memory, int type) {
        var state = new CallState();
        var poll = new PollSet(tap.descriptor());
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < deadline) {
            poll.await(100);
            long bytes = tap.read(state, memory.address(), memory.bytes());
            long at = memory.address() + TapDevice.HEADER_BYTES + 12;
            if (bytes > 0 && (NativeMemory.getByte(at) << 8 | NativeMemory.getByte(at + 1)) == type) {
                return bytes;
            }
        }
        throw new AssertionError("no frame of type " + Integer.toHexString(type));
    }

    @Test
    void aPersistentInterfaceOutlivesItsHolderAsItWas() throws Exception {
        try (TapDevice first = open(here, "dpdk0.kni", true)) {
            first.device().setMacAddress(0x0200_0000_0a0bL);
            first.device().setMtu(1400);
            Lab.ip(here, "address add 10.9.0.1/24 dev dpdk0.kni");
            Lab.ip(here, "address add 2001:db8::1/64 dev dpdk0.kni nodad");
            Lab.ip(here, "link set dpdk0.kni up");
            assertThat(Lab.ip(here, "link show dpdk0.kni")).contains("LOWER_UP");
        }
        String left = Lab.ip(here, "address show dpdk0.kni");
        assertThat(left)
                .contains("NO-CARRIER", ",UP", "10.9.0.1/24", "2001:db8::1/64", "02:00:00:00:0a:0b", "mtu 1400");
        int index;
        try (TapDevice second = open(here, "dpdk0.kni", true)) {
            index = second.device().index();
            assertThat(Lab.ip(here, "address show dpdk0.kni"))
                    .contains("LOWER_UP", "10.9.0.1/24", "2001:db8::1/64", "02:00:00:00:0a:0b", "mtu 1400")
                    .doesNotContain("NO-CARRIER")
                    .startsWith(index + ": ");
            second.setCarrier(false);
            assertThat(second.device().isRunning()).isFalse();
            assertThat(second.device().isUp()).isTrue();
            second.setCarrier(true);
            awaitRunning(second.device());
        }
        try (TapDevice third = open(here, "dpdk0.kni", false)) {
            assertThat(third.device().index()).isEqualTo(index);
        }
        assertThatThrownBy(() -> Lab.ip(here, "link show dpdk0.kni")).hasMessageContaining("does not exist");
    }

    /** The kernel tells of a carrier's return up to a second later. */
    private static void awaitRunning(NetworkDevice device) throws InterruptedException {
        for (int i = 0; i < 500 && !device.isRunning(); i++) {
            Thread.sleep(10);
        }
        assertThat(device.isRunning()).isTrue();
    }

    /** The kernel's link watch lets one loss a second through. */
    @Test
    void everyLossIsSeenAtOnce() throws Exception {
        try (TapDevice one = open(here, "tap0", false);
                TapDevice other = open(here, "tap1", false)) {
            Lab.ip(here, "link set tap0 up");
            Lab.ip(here, "link set tap1 up");
            for (int round = 0; round < 3; round++) {
                awaitRunning(one.device());
                awaitRunning(other.device());
                one.setCarrier(false);
                assertThat(one.device().isRunning()).isFalse();
                other.setCarrier(false);
                assertThat(other.device().isRunning()).isFalse();
                one.setCarrier(true);
                other.setCarrier(true);
            }
        }
    }

    @Test
    void mistakesAreExplained() {
        Lab.ip(here, "link add veth0 type veth peer name veth1");
        Lab.ip(here, "tuntap add dev tun0 mode tun");
        assertRefused("veth0", "TAP interface veth0", "is no TAP", "ip link del veth0");
        assertRefused("tun0", "TAP interface tun0", "is no TAP");
        assertRefused("a-name-much-too-long", "'a-name-much-too-long' is no name", "1 to 15");
        assertRefused("", "'' is no name");
        assertRefused("tap%d", "'tap%d' is no name");
        assertRefused("a/b", "'a/b' is no name");
        try (TapDevice holder = open(here, "tap0", true)) {
            assertRefused("tap0", "TAP interface tap0 is in use", "choose another name");
            assertThat(holder.device().name()).isEqualTo("tap0");
        }
        var noDevice = new SystemCallException("open", Errno.ENOENT);
        assertThat(TapDevice.missing("tap0", "/dev/net/tun", noDevice))
                .hasMessageContaining("TAP interface tap0: /dev/net/tun cannot be opened: No such file or directory")
                .hasMessageContaining("modprobe tun");
        assertThat(TapDevice.missing("tap0", "/dev/net/tun", new SystemCallException("open", Errno.EACCES)))
                .hasMessageContaining("run dpvs as root");
    }

    private void assertRefused(String name, String... parts) {
        assertThatThrownBy(() -> open(here, name, false)).hasMessageContainingAll(parts);
    }

    @Test
    void anInterfaceThatSomebodyRemovesIsNoticedAndComesBack() {
        try (TapDevice tap = open(here, "tap0", true);
                var memory = Mapping.anonymous(TapDevice.LONGEST, true)) {
            Lab.ip(here, "link del tap0");
            var state = new CallState();
            assertThat(tap.read(state, memory.address(), memory.bytes())).isEqualTo(-1);
            assertThat(state.errno()).isEqualTo(Errno.EBADFD);
            assertThat(tap.write(state, memory.address(), 70)).isFalse();
            try (TapDevice again = open(here, "tap0", false)) {
                assertThat(again.device().index()).isNotEqualTo(tap.device().index());
            }
        }
    }

    static TapDevice open(String namespace, String name, boolean persistent) {
        return Lab.in(namespace, () -> TapDevice.open(name, persistent));
    }

    static void up(String namespace, String address) {
        // No IPv6 chatter between the frames that a test waits for.
        Lab.ip(namespace, "link set tap0 addrgenmode none up");
        Lab.ip(namespace, "address add " + address + " dev tap0");
    }
}
