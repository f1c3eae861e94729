package jdpvs.port.bond;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.port.BasePort;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.LinkState;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.PortQueue;
import jdpvs.port.memory.FrameRecorder;
import jdpvs.port.memory.FrameScript;
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import org.junit.jupiter.api.Test;

/** An operator changes the mode on a thread of the control plane; slaves' control queues belong to the thread that ticks. */
class BondModeChangeTest {
    private static MemoryPort port(FrameRecorder sent) {
        var queue = new MemoryQueue(new FrameBuffers(Burst.CAPACITY, 2048), new FrameScript(), sent);
        return new MemoryPort("dpdk0", 0x0200_0000_0a00L, 1500, List.of(queue));
    }

    /** A slave with a control queue, always up. */
    private static final class Slave extends BasePort<PortQueue> {
        final FrameRecorder said = new FrameRecorder();
        private final MemoryPort data;
        private final MemoryPort control = port(said);

        Slave(MemoryPort data) {
            super(data.name(), "test", data.macAddress(), data.mtu(), List.of(data.queue(0)));
            this.data = data;
        }

        @Override
        public PortQueue control() {
            return control.queue(0);
        }

        @Override
        public LinkState link() {
            return new LinkState(true, 10_000, true, true);
        }

        @Override
        public boolean sharedWithKernel() {
            return false;
        }

        @Override
        public void own(OwnedAddresses addresses) {}

        @Override
        public void setPromiscuous(boolean on) {}

        @Override
        public void close() {
            data.close();
            control.close();
        }
    }

    @Test
    void goodByeIsSaidByTheThreadThatTicks() {
        var slave = new Slave(port(new FrameRecorder()));
        var bond = new BondPort("bond1", BondOptions.of(BondMode.LACP, 0), List.of(slave));
        bond.tick(1000);
        bond.tick(1020);
        assertThat(slave.said.drain()).as("hello").isNotEmpty();
        bond.set(bond.options().withMode(BondMode.BALANCE_XOR));
        assertThat(slave.said.drain()).as("by the other thread").isEmpty();
        assertThat(bond.link().up()).isFalse();
        bond.tick(1040);
        assertThat(slave.said.drain()).as("good-bye").hasSize(1);
        assertThat(bond.link().up()).isTrue();
        bond.close();
        slave.close();
    }
}
