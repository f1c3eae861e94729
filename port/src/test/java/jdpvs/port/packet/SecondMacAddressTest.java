package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;
import jdpvs.port.memory.Frame;
import jdpvs.wire.Ethernet;
import jdpvs.wire.MacAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A port as a member of a bond, whose MAC address is not its own; the kernel calls frames to it another host's. */
class SecondMacAddressTest {
    private static final String OURS = "10.9.0.3";
    private static final long BOND = MacAddress.parse("02:00:00:00:b0:0d");
    private static final long LACP_GROUP = MacAddress.parse("01:80:c2:00:00:02");

    private Lab lab;
    private String here;
    private String there;

    @BeforeEach
    void connect() {
        lab = new Lab();
        here = lab.host("here");
        there = lab.host("there");
        Lab.link(here, "eth0", there, "eth0");
        // Let the kernel have something that it could answer for.
        Lab.ip(there, "address add " + OURS + "/24 dev eth0");
    }

    @AfterEach
    void disconnect() {
        lab.close();
    }

    /** A veth pair has no filter that would hold anything up: what the driver is told shows in its lists. */
    @Test
    void theInterfaceIsToldAndForgetsWithThePort() {
        try (Port port = open(there, "exclusive")) {
            assertThat(filter()).doesNotContain(MacAddress.format(BOND), MacAddress.format(LACP_GROUP));
            port.alsoTakes(BOND);
            port.alsoTakes(BOND);
            port.alsoTakes(LACP_GROUP);
            assertThat(filter()).contains(MacAddress.format(BOND), MacAddress.format(LACP_GROUP));
        }
        assertThat(filter()).doesNotContain(MacAddress.format(BOND), MacAddress.format(LACP_GROUP));
        assertThat(Lab.run("ip -n " + there + " -d link show eth0")).contains("promiscuity 0 ");
    }

    private String filter() {
        return Lab.run("bridge -n " + there + " fdb show dev eth0");
    }

    @Test
    void inExclusiveModeThePortHasItsFramesAndTheKernelNone() throws Exception {
        assertFramesArrive("exclusive");
        assertThat(otherHosts()).isZero();
    }

    @Test
    void inShareModeTheKernelLeavesThemAlone() throws Exception {
        assertFramesArrive("share");
        assertThat(otherHosts()).as("dropped by the kernel as another host's").isEqualTo(1);
    }

    private void assertFramesArrive(String mode) throws Exception {
        try (Port from = open(here, "exclusive");
                Port to = open(there, mode);
                var buffers = new FrameBuffers(1, 2048)) {
            to.own(Packets.owned(Set.of(Packets.ip(OURS)), Set.of(), 0));
            to.alsoTakes(BOND);
            byte[] bytes = Packets.udp(BOND, 0x0200_0000_0001L, Packets.ip("10.9.0.1"), Packets.ip(OURS), 1, 2, 20);
            var burst = new Burst();
            burst.add(buffers.address(0), Frame.plain(bytes).write(buffers.address(0)));
            from.queue(0).transmit(burst);
            assertThat(framesTo(to)).isEqualTo(1);
        }
    }

    private static int framesTo(Port port) throws InterruptedException {
        var burst = new Burst();
        int frames = 0;
        for (int i = 0; i < 3000 && frames == 0; i++) {
            port.queue(0).receive(burst);
            for (int j = 0; j < burst.count; j++) {
                frames += Ethernet.destination(burst.address[j]) == BOND ? 1 : 0;
            }
            port.queue(0).release();
            Thread.sleep(1);
        }
        return frames;
    }

    /** IP packets that reached the kernel's protocols and ended there because of their MAC address. */
    private long otherHosts() {
        String json = Lab.run("ip -n " + there + " -s -s -j link show eth0");
        int at = json.indexOf("\"otherhost\":");
        return at < 0 ? 0 : Long.parseLong(json.substring(at + 12).split("[^0-9]")[0]);
    }

    private static Port open(String namespace, String mode) {
        return Lab.in(namespace, () -> Ports.open("dpdk0", "packet:eth0," + mode, PortOptions.queues(1)));
    }
}
