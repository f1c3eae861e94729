package jdpvs.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import jdpvs.daemon.worker.WirePort;
import jdpvs.port.Burst;
import jdpvs.port.DropCounters;
import jdpvs.stack.Device;
import jdpvs.stack.Egress;
import jdpvs.stack.Handover;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Address;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VlanTag;
import org.junit.jupiter.api.Test;

/** What a worker gives the kernel by itself, and how much. */
class WorkerKernelSideTest implements Egress, Handover {
    private static final int CLIENT = Ipv4Address.parse("10.0.0.2");
    private static final int KERNEL = Ipv4Address.parse("10.0.0.9");
    private static final int ELSEWHERE = Ipv4Address.parse("10.0.0.3");

    private final WirePort port = new WirePort("dpdk0", 1, 1, true);
    private final FakeTap tap = new FakeTap("dpdk0.kni");
    private final Device dpdk0 = new Device(0, "dpdk0", 1, 1500, false, true);
    private final KernelInterface beside = FakeTap.beside(dpdk0, tap, port);
    private final FakeTap vlanTap = new FakeTap("dpdk0.96.kni");
    private final KernelInterfaces interfaces =
            new KernelInterfaces(2, List.of(beside), (name, macAddress, mtu) -> vlanTap);
    private final WorkerContext context = new WorkerContext(
            0,
            1,
            this,
            this,
            new DropCounters(),
            NetworkConfiguration.of(List.of(dpdk0)).withKernelAddresses(Map.of(Address.ofIpv4(KERNEL), dpdk0)));
    private final WorkerKernelSide side = new WorkerKernelSide(context, interfaces);
    private final FrameCopies copies = new FrameCopies(context, interfaces);
    private final long buffer = Arena.global().allocate(2048, 64).address() + 64;

    private Burst burst(PacketBuilder packet) {
        Burst burst = new Burst();
        burst.add(buffer, packet.writeWithHeader(buffer));
        return burst;
    }

    private static PacketBuilder echo(int destination) {
        return PacketBuilder.echo(CLIENT, destination, 1, 1).macs(1, 2);
    }

    @Test
    void aFloodIsBoundedAndCounted() {
        int length = echo(ELSEWHERE).writeWithHeader(buffer);
        for (int i = 0; i < 25_000; i++) {
            assertThat(side.take(0, buffer, length)).isTrue();
        }
        int first = WorkerKernelSide.FRAMES_PER_SECOND / 20;
        assertThat(tap.taken).hasSize(first);
        assertThat(beside.view().droppedLimit()).isEqualTo(25_000 - first);
        context.nowMillis += 10;
        for (int i = 0; i < 25_000; i++) {
            side.take(0, buffer, length);
        }
        assertThat(tap.taken).hasSize(first + WorkerKernelSide.FRAMES_PER_SECOND / 100);
    }

    @Test
    void aDeviceWithoutOneKeepsItsFrame() {
        assertThat(side.take(1, buffer, 60)).isFalse();
        assertThat(side.take(-1, buffer, 60)).isFalse();
        assertThat(tap.taken).isEmpty();
    }

    @Test
    void copiesAreOnlyMadeWhenAskedForAndOnlyOnce() {
        Burst burst = burst(echo(ELSEWHERE));
        copies.received(0, burst);
        copies.sent(0, buffer, burst.length[0]);
        assertThat(tap.taken).isEmpty();
        beside.copying(true);
        copies.received(0, burst);
        assertThat(side.take(0, buffer, burst.length[0])).isTrue();
        assertThat(tap.taken).hasSize(1);
        copies.sent(0, buffer, burst.length[0]);
        assertThat(tap.taken).hasSize(2);
        copies.received(1, burst);
        assertThat(tap.taken).hasSize(2);
    }

    @Test
    void whatTheControlQueueGivesIsNotCopied() {
        beside.copying(true);
        copies.received(0, burst(echo(KERNEL)));
        copies.received(0, burst(echo(Ipv4Address.parse("224.0.0.5"))));
        Burst lldp = burst(echo(ELSEWHERE));
        Memory.putShortNet(buffer + 12, 0x88cc);
        copies.received(0, lldp);
        assertThat(tap.taken).isEmpty();
        Burst cut = burst(echo(KERNEL));
        cut.length[0] = Ethernet.LENGTH;
        copies.received(0, cut);
        assertThat(tap.taken).hasSize(1);
    }

    /** The control queue of the link gives tagged frames to the VLAN device's interface, and the rest to nobody: the copy is the only one. */
    @Test
    void taggedFramesAreCopiedUnlessTheInterfaceHasThemAnyway() throws Exception {
        beside.copying(true);
        int group = Ipv4Address.parse("224.0.0.18");
        copies.received(0, tagged(echo(ELSEWHERE)));
        assertThat(tap.taken).hasSize(1);
        copies.received(0, tagged(echo(group)));
        assertThat(tap.taken).hasSize(1);
        interfaces.follow(List.of(dpdk0, Device.vlan(2, "dpdk0.96", dpdk0, 96, true)));
        copies.received(0, tagged(echo(group)));
        assertThat(tap.taken).hasSize(2);
        assertThat(vlanTap.taken).isEmpty();
    }

    private Burst tagged(PacketBuilder packet) {
        Burst burst = burst(packet);
        burst.address[0] = VlanTag.putOn(burst.address[0], Ethernet.TYPE_VLAN, 96);
        burst.length[0] += VlanTag.LENGTH;
        return burst;
    }

    @Override
    public void send(int device, long frame, int length) {
        throw new AssertionError("nothing is to be sent");
    }

    @Override
    public long allocate() {
        return 0;
    }

    @Override
    public void frame(int worker, int device, long frame, int length) {
        throw new AssertionError("nothing is to be handed over");
    }

    @Override
    public void neighbour(int device, long high, long low, long macAddress) {
        throw new AssertionError("nothing is to be handed over");
    }
}
