package jdpvs.balancer.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv6;
import org.junit.jupiter.api.Test;

class AddressHashTest {
    private static final Address CLIENT = Address.parse("2408:1:2:3::9");
    private static final Address VIP = Address.parse("2001:db8::100");

    private final AddressHash hash = new AddressHash(new Random(5));

    private long of(Address from, Address to) {
        return hash.of(from.high(), from.low(), to.high(), to.low());
    }

    @Test
    void aPacketsIsItsAddresses() {
        try (Arena arena = Arena.ofConfined()) {
            long ip = arena.allocate(64, 8).address();
            Ipv6.write(ip, 0, 0, 6, 64, CLIENT, VIP);
            assertThat(hash.of(ip + Ipv6.SOURCE)).isEqualTo(of(CLIENT, VIP));
            assertThat(hash.ofAnswer(ip + Ipv6.SOURCE)).isEqualTo(of(VIP, CLIENT));
        }
    }

    @Test
    void directionsAndSecretsDiffer() {
        assertThat(of(VIP, CLIENT)).isNotEqualTo(of(CLIENT, VIP));
        AddressHash other = new AddressHash(new Random(6));
        assertThat(other.of(CLIENT.high(), CLIENT.low(), VIP.high(), VIP.low())).isNotEqualTo(of(CLIENT, VIP));
    }

    /** Clients differ in few bits: a network's hosts, or networks one after another. */
    @Test
    void neighbouringClientsSpread() {
        Set<Long> whole = new HashSet<>();
        int[] buckets = new int[256];
        for (int i = 0; i < 65_536; i++) {
            long host = hash.of(CLIENT.high(), i, VIP.high(), VIP.low());
            long network = hash.of(CLIENT.high() + ((long) i << 16), 70_000, VIP.high(), VIP.low());
            whole.add(host);
            whole.add(network);
            buckets[(int) host & 255]++;
            buckets[(int) (network >>> 56)]++;
        }
        assertThat(whole).hasSize(131_072);
        for (int count : buckets) {
            assertThat(count).isBetween(380, 650);
        }
    }
}
