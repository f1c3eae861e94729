package jdpvs.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WirePort;
import jdpvs.linux.Errno;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.TapException;
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
import jdpvs.stack.Device;
import org.jspecify.annotations.Nullable;
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
    private final boolean[] up = {true, true, true};
    private final Device dpdk2 = new Device(0, "dpdk2", wan.macAddress(), 1500, false, true);
    private final Device dpdk0 = new Device(1, "dpdk0", lan.macAddress(), 1500, false, true);
    private final Device vlan = Device.vlan(2, "dpdk2.96", dpdk2, 96, true);
    private final FakeTap vlanTap = new FakeTap("dpdk2.96.kni");
    /** Null: making the next one fails. */
    private @Nullable FakeTap next = vlanTap;

    private final KernelInterface wanSide = side(dpdk2, wan, wanTap);
    private final KernelInterfaces interfaces =
            new KernelInterfaces(2, List.of(wanSide, side(dpdk0, lan, lanTap)), this::make);
    private final KernelThread thread = thread(List.of(wan, lan), interfaces);

    private Tap make(String name, long macAddress, int mtu) {
        FakeTap made = next;
        if (made == null) {
            throw new SystemCallException("TUNSETIFF " + name, Errno.EBUSY);
        }
        assertThat(made.name()).isEqualTo(name);
        assertThat(macAddress).isEqualTo(wan.macAddress());
        assertThat(mtu).isEqualTo(1500);
        return made;
    }

    /** Has its interface now, and when that was removed what {@link #make} makes. */
    private KernelInterface side(Device device, Port port, FakeTap first) {
        boolean[] made = {false};
        try {
            return new KernelInterface(
                    device, first.name(), Objects.requireNonNull(port.control()), (name, macAddress, mtu) -> {
                        Tap tap = made[0] ? make(name, macAddress, mtu) : first;
                        made[0] = true;
                        return tap;
                    });
        } catch (TapException e) {
            throw new AssertionError(e);
        }
    }

    private KernelThread thread(List<Port> ports, KernelInterfaces beside) {
        return new KernelThread(ports, beside, device -> up[device], null, this, -1);
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
        wan.counters = new PortCounters(2, 120, 0, 0, 0, 0, 5, 0);
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
    void anInterfaceThatSomebodyRemovedIsMadeAgain() throws Exception {
        next = null;
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
        FakeTap again = new FakeTap("dpdk2.kni");
        next = again;
        // It is tried again every second.
        for (int i = 0; i < 200 && !wanSide.view().present(); i++) {
            thread.cycle();
        }
        again.sending.add(fromKernel(9, 60));
        wan.receiveControl(frame(3));
        thread.cycle();
        assertThat(again.taken).hasSize(1);
        assertThat(wan.nextSent()).isEqualTo(frame(9));
    }

    @Test
    void framesOfAVlanPassItsOwnInterfaceWithoutTheTag() throws Exception {
        interfaces.follow(List.of(dpdk2, dpdk0, vlan));
        wan.receiveControl(tagged(96, frame(1)));
        wan.receiveControl(tagged(97, frame(2)));
        wan.receiveControl(frame(3));
        lan.receiveControl(tagged(96, frame(4)));
        vlanTap.sending.add(fromKernel(5, 60));
        thread.cycle();
        assertThat(frames(vlanTap)).containsExactly(frame(1));
        assertThat(frames(wanTap)).containsExactly(tagged(97, frame(2)), frame(3));
        assertThat(frames(lanTap)).containsExactly(tagged(96, frame(4)));
        assertThat(wan.nextSent()).isEqualTo(tagged(96, frame(5)));
        assertThat(vlanTap.carriers).containsExactly(true);
        assertThat(interfaces.views())
                .extracting(Views.KernelInterface::name, Views.KernelInterface::device, Views.KernelInterface::toKernel)
                .containsExactly(
                        tuple("dpdk2.kni", "dpdk2", 2L),
                        tuple("dpdk0.kni", "dpdk0", 1L),
                        tuple("dpdk2.96.kni", "dpdk2.96", 1L));
        interfaces.follow(List.of(dpdk2, dpdk0));
        assertThat(vlanTap.removed).isTrue();
        wan.receiveControl(tagged(96, frame(6)));
        thread.cycle();
        assertThat(frames(wanTap)).hasSize(3);
        assertThat(interfaces.views()).hasSize(2);
    }

    @Test
    void aVlanHasAnInterfaceWhereItsDeviceIsMeantTo() throws Exception {
        Device without = Device.vlan(2, "dpdk2.96", dpdk2, 96);
        interfaces.follow(List.of(dpdk2, dpdk0, without));
        assertThat(interfaces.all()).hasSize(2);
        assertThat(KernelInterfaces.nameOf("bond0.1234x")).isEqualTo("bond0.1234x.kni");
        assertThat(KernelInterfaces.nameOf("bond0.1234xy")).isNull();
        next = null;
        assertThatThrownBy(() -> interfaces.follow(List.of(dpdk2, dpdk0, vlan))).hasMessageContaining("dpdk2.96.kni");
        assertThat(interfaces.all()).hasSize(2);
    }

    private static List<byte[]> frames(FakeTap tap) {
        return tap.taken.stream()
                .map(bytes -> Arrays.copyOfRange(bytes, 10, bytes.length))
                .toList();
    }

    private static byte[] tagged(int id, byte[] frame) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        tagged[15] = (byte) id;
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
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
        try (KernelThread beside = thread(List.of(bond), KernelInterfaces.none())) {
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
    public void addresses(KernelHas now) {
        throw new AssertionError("there is no monitor");
    }

    @Override
    public void moved(int device) {
        moved.add(device);
    }
}
