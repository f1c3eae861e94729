package jdpvs.port.bond;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.LinkState;
import jdpvs.port.bond.lacp.LacpOptions;
import jdpvs.port.memory.FrameRecorder;
import jdpvs.port.memory.FrameScript;
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;
import jdpvs.wire.slow.SlowProtocol;
import org.junit.jupiter.api.Test;

/** The thread that ticks is held up for longer than a partner may be silent: a virtual machine that moves, a pause of the collector. */
class LacpStallTest {
    private static final LinkState UP = new LinkState(true, 10_000, true, true);

    /** A link that stands alone, so that nobody's belief about us matters. */
    private static final LacpParty PARTNER = new LacpParty(
            1,
            0x0200_0000_0099L,
            7,
            1,
            1,
            LacpState.ACTIVITY | LacpState.SYNCHRONIZATION | LacpState.COLLECTING | LacpState.DISTRIBUTING);

    private final MemoryPort port = new MemoryPort(
            "dpdk0",
            0x0200_0000_0a00L,
            1500,
            List.of(new MemoryQueue(new FrameBuffers(Burst.CAPACITY, 2048), new FrameScript(), new FrameRecorder())));
    private final LacpSelection selection = new LacpSelection(List.of(port), LacpOptions.of(port.macAddress()));
    private final long frame =
            Arena.ofAuto().allocate(SlowProtocol.FRAME_LENGTH, 8).address();
    private long nowMillis = 50_000;

    private void hear() {
        new LacpMessage(PARTNER, new LacpParty(0, 0, 0, 0, 0, 0), 0).write(frame, PARTNER.system());
        assertThat(selection.takes(0, frame, SlowProtocol.FRAME_LENGTH)).isTrue();
    }

    private void pass(int millis) {
        for (int passed = 0; passed < millis; passed += 20) {
            nowMillis += 20;
            tick();
        }
    }

    private void tick() {
        selection.link(0, UP, nowMillis);
        selection.tick(nowMillis);
    }

    @Test
    void whatWaitedMeanwhileWasNoSilence() {
        tick();
        for (int second = 0; second < 4; second++) {
            hear();
            pass(1000);
        }
        assertThat(selection.sends(0)).isTrue();
        for (int stall : new int[] {2_500, 10_000, 3_600_000}) {
            nowMillis += stall;
            hear();
            tick();
            assertThat(selection.sends(0)).as("after %d ms", stall).isTrue();
            pass(1000);
        }
        hear();
        pass(2000);
        assertThat(selection.sends(0)).as("within its three seconds").isTrue();
        pass(1000);
        assertThat(selection.sends(0)).as("silent").isFalse();
        port.close();
    }
}
