package jdpvs.port.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.linux.lab.Lab;
import jdpvs.port.Port;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An interface that is taken away under its port: by hand, by a driver that is loaded anew, by a virtual machine's host. */
class LostInterfaceTest {
    private ControlLab lab;

    @BeforeEach
    void connect() {
        lab = new ControlLab();
    }

    @AfterEach
    void disconnect() {
        lab.close();
    }

    /** A bond that believed in its carrier would send into nothing. */
    @Test
    void thatOneOfItsNameComesBackIsNoLink() {
        try (Port port = ControlLab.open(lab.there, "exclusive", 2, true)) {
            assertThat(port.link().up()).isTrue();
            Lab.ip(lab.there, "link del eth0");
            assertThat(port.link().up()).as("removed").isFalse();
            lab.connect();
            awaitCarrier();
            assertThat(port.link().up()).as("another of its name").isFalse();
            byte[] frame = ControlLab.frame("UDP 10.9.0.1", port.macAddress());
            ControlLab.send(port.queue(0), List.of(frame, frame));
            assertThat(port.counters().sentPackets()).isZero();
            assertThat(port.counters().transmitErrors()).isEqualTo(2);
        }
    }

    private void awaitCarrier() {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!Lab.run("ip -n " + lab.there + " link show eth0").contains(" state UP ")) {
            assertThat(System.nanoTime()).as("it is up within ten seconds").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
