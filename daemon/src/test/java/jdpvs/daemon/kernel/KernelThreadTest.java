package jdpvs.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import jdpvs.daemon.worker.WirePort;
import jdpvs.linux.Errno;
import jdpvs.port.Burst;
import jdpvs.port.FrameBuffers;
import jdpvs.port.LinkState;
import jdpvs.port.Port;
import jdpvs.port.PortCounters;
import jdpvs.port.bond.BondMode;
import jdpvs.port.bond.BondOptions;
import jdpvs.port.bond.BondPort;
import jdpvs.port.memory.FrameSink;
import jdpvs.port.memory.FrameSource;
import jdpvs.port.memory.MemoryPort;
import jdpvs.port.memory.MemoryQueue;
import jdpvs.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread's cycles, one by one, between ports of memory and interfaces that are none. */
class KernelThreadTest implements KernelThread.Listener {
    private static final LinkState DOWN = new LinkState(false, 0, true, false);

    private final WirePort wan = new WirePort("dpdk2", 0x0200_0000_0201L, 1, true);
    private final WirePort lan = new WirePort("dpdk0", 0x0200_0000_0101L, 1, true);
    private final FakeTap wanTap = new FakeTap("dpdk2.kni");
    private final FakeTap lanTap = new FakeTap("dpdk0.kni");
    private final List<Integer> moved = new ArrayList<>();
    private final boolean[] up = {true, true};
    private final KernelInterface wanSide = side(0, wan, wanTap);
    private final KernelThread thread = thread(List.of(wan, lan), List.of(wanSide, side(1, lan, lanTap)));

    private static KernelInterface side(int device, Port port, Tap tap) {
        return new KernelInterface(device, port.name(), tap, Objects.requireNonNull(port.control()));
    }

    private KernelThread thread(List<Port> ports, List<KernelInterface> interfaces) {
        return new KernelThread(
                ports, new KernelInterfaces(ports.size(), interfaces), device -> up[device], null, this, -1);
    }

    @AfterEach
    void close() {
        thread.close();
    }

    private static byte[] frame(int fill) {
        byte[] frame = new byte[60];
        Arrays.fill(frame, (byte) fill);
        return frame;
    }

    /** As the kernel sends it: behind the ten bytes, which say here that the checksum is partial. */
    private static byte[] fromKernel(int fill, int length) {
        byte[] bytes = new byte[10 + length];
        Arrays.fill(bytes, 10, bytes.length, (byte) fill);
        bytes[0] = 1;
        return bytes;
    }

    @Test
    void framesPassBetweenTheLinkAndTheInterfaceBesideIt() throws Exception {
        wan.receiveControl(frame(1));
        wan.receiveControl(frame(2));
        lan.receiveControl(frame(3));
        wanTap.sending.add(fromKernel(4, 60));
        thread.cycle();
        assertThat(wanTap.taken).hasSize(2);
        assertThat(Arrays.copyOfRange(wanTap.taken.get(1), 10, 70)).isEqualTo(frame(2));
        assertThat(lanTap.taken).hasSize(1);
        assertThat(wan.nextSent()).isEqualTo(frame(4));
        assertThat(wanSide.view())
                .extracting(view -> view.toKernel(), view -> view.fromKernel())
                .containsExactly(2L, 1L);
    }

    @Test
    void segmentsOfTheKernelsGoOutWhole() throws Exception {
        wanTap.sending.add(fromKernel(5, 65_549));
        thread.cycle();
        assertThat(Objects.requireNonNull(wan.nextSent())).hasSize(65_549);
    }

    @Test
    void manyFramesOfOneSideDoNotKeepTheOtherWaiting() throws Exception {
        for (int i = 0; i < 1000; i++) {
            wanTap.sending.add(fromKernel(6, 60));
        }
        lanTap.sending.add(fromKernel(7, 60));
        thread.cycle();
        assertThat(lan.nextSent()).isEqualTo(frame(7));
        assertThat(wanTap.sending).isNotEmpty();
        for (int i = 0; i < 10; i++) {
            thread.cycle();
        }
        assertThat(wanTap.sending).isEmpty();
        assertThat(wanSide.view().fromKernel()).isEqualTo(1000);
    }

    @Test
    void whatTheKernelDoesNotTakeIsCountedWithTheReason() {
        wan.receiveControl(frame(1));
        wanTap.errno = Errno.EIO;
        thread.cycle();
        wan.receiveControl(frame(1));
        wanTap.errno = Errno.EINVAL;
        thread.cycle();
        wan.counters = new PortCounters(2, 120, 0, 0, 0, 0, 5);
        assertThat(wanSide.view())
                .extracting(
                        view -> view.toKernel(),
                        view -> view.droppedDown(),
                        view -> view.droppedRefused(),
                        view -> view.droppedMissed())
                .containsExactly(0L, 1L, 1L, 5L);
    }

    @Test
    void aFrameThatFailsIsNotTheEnd() {
        wan.receiveControl(frame(1));
        lan.receiveControl(frame(2));
        wanTap.failing = true;
        thread.cycle();
        assertThat(lanTap.taken).hasSize(1);
        wan.receiveControl(frame(3));
        thread.cycle();
        assertThat(wanTap.taken).hasSize(1);
    }

    @Test
    void anInterfaceThatSomebodyRemovedIsLeftAlone() throws Exception {
        wanTap.removed = true;
        wanTap.sending.add(fromKernel(8, 60));
        thread.cycle();
        assertThat(wan.nextSent()).isEqualTo(frame(8));
        assertThat(wanSide.view().present()).isFalse();
        wan.receiveControl(frame(1));
        lan.receiveControl(frame(2));
        thread.cycle();
        assertThat(wanTap.taken).isEmpty();
        assertThat(lanTap.taken).hasSize(1);
    }

    @Test
    void ticksComeAndTheCarrierFollowsTheLink() throws Exception {
        thread.cycle();
        up[0] = false;
        for (int i = 0; i < 3; i++) {
            Thread.sleep(KernelThread.TICK_MILLIS);
            thread.cycle();
        }
        assertThat(wan.ticks.get()).isBetween(2, 5);
        assertThat(wanTap.carriers).containsExactly(true, false);
        assertThat(lanTap.carriers).containsExactly(true);
    }

    @Test
    void aBondThatMovesIsToldOnce() throws Exception {
        MemoryPort one = port("one");
        MemoryPort two = port("two");
        BondPort bond = new BondPort("bond0", BondOptions.of(BondMode.ACTIVE_BACKUP, 0), List.of(one, two));
        assertThat(KernelThread.isNeeded(List.of(bond))).isTrue();
        assertThat(KernelThread.isNeeded(List.of(one))).isFalse();
        try (KernelThread beside = thread(List.of(bond), List.of())) {
            cycles(beside);
            assertThat(moved).isEmpty();
            one.setLink(DOWN);
            cycles(beside);
            assertThat(moved).containsExactly(0);
        }
    }

    private static void cycles(KernelThread beside) throws InterruptedException {
        for (int i = 0; i < 12; i++) {
            Thread.sleep(KernelThread.TICK_MILLIS);
            beside.cycle();
        }
    }

    private static MemoryPort port(String name) {
        MemoryQueue queue =
                new MemoryQueue(new FrameBuffers(Burst.CAPACITY, 2048), FrameSource.NONE, FrameSink.DISCARD);
        return new MemoryPort(name, 0x0200_0000_0001L, 1500, List.of(queue));
    }

    @Test
    void itRunsUntilItIsClosed() throws Exception {
        thread.start();
        wan.receiveControl(frame(1));
        wanTap.sending.add(fromKernel(2, 60));
        assertThat(wan.nextSent()).isEqualTo(frame(2));
        thread.close();
        assertThat(wanTap.taken).hasSize(1);
    }

    @Override
    public void addresses(Map<Integer, Set<Address>> byDevice) {
        throw new AssertionError("there is no monitor");
    }

    @Override
    public void moved(int device) {
        moved.add(device);
    }
}
