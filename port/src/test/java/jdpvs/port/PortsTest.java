package jdpvs.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortsTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
                    pakket:eth1; unknown kind 'pakket'; known kinds are memory, packet, pcap
                    eth1; unknown kind 'eth1'; known kinds are
                    packet:; 'packet:' names no interface; packet:IF[,share|exclusive]
                    packet; names no interface; packet:eth1
                    packet:nosuch0; there is no network interface nosuch0; ip link
                    packet:lo,shared; unknown option 'shared'; share and exclusive
                    packet:lo; interface lo does not speak Ethernet; name one that does
                    packet:a-name-much-too-long; there is no network interface a-name-much-too-long; --port dpdk9=packet:IF
                    pcap:only-one; does not name two capture files; pcap:IN,OUT
                    pcap:,; does not name two capture files; pcap:IN,OUT
                    pcap:/no/such/file,; capture file /no/such/file cannot be read; NoSuchFile
                    memory:1; takes no arguments; memory:1
                    """)
    void mistakesAreExplained(String specification, String what, String wayOut) {
        assertThatThrownBy(() -> Ports.open("dpdk9", specification, PortOptions.queues(1)))
                .isInstanceOf(PortException.class)
                .hasMessageStartingWith("port dpdk9")
                .hasMessageContaining(what)
                .hasMessageContaining(wayOut);
    }

    @Test
    void aPortSaysWhatMemoryItNeeds() throws Exception {
        var options = new PortOptions(2, 256, false);
        // 18 blocks of 1 MB hold 270 slots, each as long as the longest IPv4 packet.
        assertThat(Ports.memoryBytes("dpdk0", "packet:eth0", options)).isEqualTo(36L << 20);
        // With a control queue of eleven blocks.
        assertThat(Ports.memoryBytes("dpdk0", "packet:eth0", new PortOptions(2, 256, false, true)))
                .isEqualTo(47L << 20);
        assertThat(Ports.memoryBytes("dpdk0", "memory", options)).isPositive();
        assertThat(Ports.memoryBytes("dpdk0", "pcap:a,b", options)).isPositive();
        assertThatThrownBy(() -> Ports.memoryBytes("dpdk0", "x", options)).isInstanceOf(PortException.class);
        assertThatThrownBy(() -> PortOptions.queues(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new PortOptions(1, 3, false).receiveDescriptors()).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({
        "1,1024,1024",
        "2,1024,1024",
        "3,1024,341",
        "15,1024,68",
        "16,256,32",
        "64,1024,32",
        "16,16,16",
        "4,8192,2048"
    })
    void manyQueuesShareTheirDescriptors(int queues, int descriptors, int each) throws Exception {
        var options = new PortOptions(queues, descriptors, false);
        assertThat(options.descriptorsPerQueue()).isEqualTo(each);
        assertThat(Ports.memoryBytes("dpdk0", "packet:eth0", options))
                .isEqualTo(queues * Ports.memoryBytes("dpdk0", "packet:eth0", new PortOptions(1, each, false)));
    }

    @Test
    void theMemoryKindReceivesNothingAndSwallows() throws Exception {
        try (Port port = Ports.open("dpdk0", "memory", PortOptions.queues(2));
                var buffers = new FrameBuffers(1, 64)) {
            assertThat(port.queueCount()).isEqualTo(2);
            assertThat(port.macAddress() >>> 40).isEqualTo(0x02);
            assertThat(port.link().up()).isTrue();
            port.own(new OwnedAddresses(Set.of(Address.ofIpv4(1)), Set.of(), 0));
            var burst = new Burst();
            assertThat(port.queue(1).receive(burst)).isZero();
            burst.add(buffers.address(0), 60);
            port.queue(1).transmit(burst);
            assertThat(burst.count).isZero();
            assertThat(port.counters()).isEqualTo(new PortCounters(0, 0, 1, 60, 0, 0, 0, 0));
        }
    }
}
