package jdpvs.stack;

import static jdpvs.stack.StackFixture.CLIENT;
import static jdpvs.stack.StackFixture.CLIENT_MAC;
import static jdpvs.stack.StackFixture.LAN_MAC;
import static jdpvs.stack.StackFixture.LIP;
import static jdpvs.stack.StackFixture.SERVER;
import static jdpvs.stack.StackFixture.SERVER_MAC;
import static jdpvs.stack.StackFixture.VIP;
import static jdpvs.stack.StackFixture.WAN_MAC;
import static jdpvs.stack.StackFixture.arpReply;
import static jdpvs.stack.StackFixture.arpRequest;
import static jdpvs.stack.StackFixture.fromClient;
import static jdpvs.stack.StackFixture.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.VirtioNetHeader;
import org.junit.jupiter.api.Test;

/** Resolution of next hops over time. */
class NeighboursTest {
    private static final String ASK_SERVER = "lan all<LAN arp who-has 192.168.0.1 tell 192.168.0.100";
    private static final String SENT = "lan server<LAN 192.168.0.100>192.168.0.1 ttl 64 udp length 12";
    private static final long OTHER_MAC = 0x0200_0000_9999L;

    private final StackFixture f = new StackFixture(false);

    @Test
    void packetsWaitForTheAnswerInOrder() {
        int generation = f.stack.neighbourGeneration();
        assertThat(toServer(4)).containsExactly(ASK_SERVER);
        assertThat(toServer(5)).isEmpty();
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(-1);
        assertThat(f.stack.neighbourGeneration()).isEqualTo(generation);
        assertThat(answer()).containsExactly(SENT, "lan server<LAN 192.168.0.100>192.168.0.1 ttl 64 udp length 13");
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        assertThat(f.stack.neighbourGeneration()).isNotEqualTo(generation);
        assertThat(f.handedOver).containsExactly(new StackFixture.Learnt(1, SERVER, SERVER_MAC));
        assertThat(toServer(4)).containsExactly(SENT);
        assertThat(f.dropped()).isZero();
    }

    @Test
    void aSegmentedPacketOf64KilobytesWaitsWhole() {
        PacketBuilder big = PacketBuilder.tcp(LIP, 1, SERVER, 2).payload(65_495).segmentSize(1348);
        byte[] expected = big.toBytes();
        assertThat(f.output(route(SERVER), big)).containsExactly(ASK_SERVER);
        answer();
        FakeEgress.Sent sent = f.egress.sent.get(0);
        assertThat(sent.frame).hasSize(14 + 65_535).endsWith(Arrays.copyOfRange(expected, 14, expected.length));
        assertThat(sent.header[0]).isEqualTo((byte) VirtioNetHeader.NEEDS_CHECKSUM);
        assertThat(sent.header[1]).isEqualTo((byte) VirtioNetHeader.GSO_TCP4);
    }

    @Test
    void asksOnceASecondThenDropsAndForgets() {
        assertThat(toServer(4)).containsExactly(ASK_SERVER);
        assertThat(f.advance(500)).isEmpty();
        assertThat(f.advance(500)).containsExactly(ASK_SERVER);
        assertThat(f.advance(1000)).containsExactly(ASK_SERVER);
        assertThat(state(SERVER)).isEqualTo("SEND");
        assertThat(f.advance(1000)).containsExactly("NEIGHBOUR_UNRESOLVED");
        assertThat(state(SERVER)).isEqualTo("NONE");
        assertThat(f.advance(2000)).isEmpty();
        assertThat(state(SERVER)).isEqualTo("gone");
    }

    @Test
    void aPacketAfterTheFailureAsksAnew() {
        toServer(4);
        f.advance(1000);
        f.advance(1000);
        f.advance(1000);
        assertThat(toServer(4)).containsExactly(ASK_SERVER);
        assertThat(toServer(4)).isEmpty();
        assertThat(answer()).containsExactly(SENT, SENT);
    }

    @Test
    void anUnreachableHostIsReportedToTheSourceOfAForwardedPacket() {
        f.context.network = f.context.network.withIpv4Forwarding(true);
        f.know(f.wan, CLIENT, CLIENT_MAC);
        assertThat(f.input(
                        f.wan,
                        fromClient(PacketBuilder.udp(CLIENT, 1, SERVER, 2)).toBytes()))
                .containsExactly(ASK_SERVER);
        f.advance(1000);
        f.advance(1000);
        assertThat(f.advance(1000))
                .containsExactly(
                        "wan client<WAN 10.0.0.100>10.0.0.1 ttl 64 icmp 3/1 length 36", "NEIGHBOUR_UNRESOLVED");
    }

    @Test
    void aUsedNeighbourIsKeptFreshByAskingIt() {
        toServer(4);
        answer();
        int generation = f.stack.neighbourGeneration();
        for (int minute = 0; minute < 3; minute++) {
            assertThat(f.advance(58_000)).isEmpty();
            assertThat(f.advance(3_000)).containsExactly("lan server<LAN arp who-has 192.168.0.1 tell 192.168.0.100");
            assertThat(state(SERVER)).isEqualTo("PROBE");
            answer();
            assertThat(state(SERVER)).isEqualTo("REACHABLE");
        }
        assertThat(f.stack.neighbourGeneration()).isEqualTo(generation);
    }

    @Test
    void aSilentNeighbourIsProbedThenAskedForThenGivenUp() {
        toServer(4);
        answer();
        int generation = f.stack.neighbourGeneration();
        String probe = "lan server<LAN arp who-has 192.168.0.1 tell 192.168.0.100";
        assertThat(f.advance(60_000)).containsExactly(probe);
        assertThat(f.advance(10_000)).containsExactly(probe);
        assertThat(f.advance(10_000)).containsExactly(probe);
        assertThat(toServer(4)).containsExactly(SENT);
        assertThat(f.advance(10_000)).containsExactly(ASK_SERVER);
        assertThat(state(SERVER)).isEqualTo("DELAY");
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        assertThat(f.advance(1000)).containsExactly(ASK_SERVER);
        assertThat(f.advance(1000)).containsExactly(ASK_SERVER);
        assertThat(f.stack.neighbourGeneration()).isEqualTo(generation);
        assertThat(f.advance(1000)).isEmpty();
        assertThat(state(SERVER)).isEqualTo("NONE");
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(-1);
        assertThat(f.stack.neighbourGeneration()).isNotEqualTo(generation);
    }

    @Test
    void aNeighbourThatWasNeverUsedIsForgottenQuietly() {
        f.input(f.wan, arpRequest(CLIENT_MAC, CLIENT, VIP));
        assertThat(state(CLIENT)).isEqualTo("REACHABLE");
        assertThat(f.advance(119_000)).isEmpty();
        assertThat(state(CLIENT)).isEqualTo("REACHABLE");
        assertThat(f.advance(1_000)).isEmpty();
        assertThat(state(CLIENT)).isEqualTo("gone");
    }

    @Test
    void aNeighbourUsedLateIsAskedAtOnce() {
        f.input(f.wan, arpRequest(CLIENT_MAC, CLIENT, VIP));
        assertThat(f.advance(100_000)).isEmpty();
        assertThat(f.stack.macAddress(0, CLIENT)).isEqualTo(CLIENT_MAC);
        assertThat(f.advance(0)).containsExactly("wan client<WAN arp who-has 10.0.0.1 tell 10.0.0.100");
    }

    @Test
    void neighboursMayBeListedWhileTheyChange() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!stop.get()) {
                for (NeighbourEntry entry : f.stack.neighbours()) {
                    boolean mixed = entry.macAddress() != 0
                            && (int) entry.macAddress() != entry.address().ipv4();
                    if (mixed) {
                        wrong.set(entry.toString());
                    }
                }
            }
        });
        reader.start();
        for (int i = 0; i < 300_000; i++) {
            int address = ip("192.168.0.1") + i % 9000;
            f.stack.learn(1, address, 0x0200_0000_0000L | (address & 0xffff_ffffL));
        }
        stop.set(true);
        reader.join();
        assertThat(wrong.get()).isNull();
    }

    @Test
    void aNewMacAddressIsTakenFromGratuitousArp() {
        toServer(4);
        answer();
        f.advance(2000);
        int generation = f.stack.neighbourGeneration();
        assertThat(f.input(f.lan, arpRequest(OTHER_MAC, SERVER, SERVER))).isEmpty();
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(OTHER_MAC);
        assertThat(f.stack.neighbourGeneration()).isNotEqualTo(generation);
        assertThat(f.handedOver).contains(new StackFixture.Learnt(1, SERVER, OTHER_MAC));
    }

    @Test
    void theChatterOfTheLinkMakesNoGenerations() {
        toServer(4);
        answer();
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        int generation = f.stack.neighbourGeneration();
        for (int i = 1; i < 50; i++) {
            f.input(f.wan, arpRequest(CLIENT_MAC + i, ip("10.0.0.110") + i, VIP));
        }
        assertThat(f.stack.neighbourGeneration()).isEqualTo(generation);
        assertThat(f.stack.macAddress(0, ip("10.0.0.9"))).isEqualTo(-1);
        f.input(f.wan, arpRequest(OTHER_MAC, ip("10.0.0.9"), VIP));
        assertThat(f.stack.neighbourGeneration()).isNotEqualTo(generation);
        assertThat(f.stack.macAddress(0, ip("10.0.0.9"))).isEqualTo(OTHER_MAC);
    }

    @Test
    void repeatedConfirmationsAreHandedOverAtMostOnceASecond() {
        for (int i = 0; i < 10; i++) {
            answer();
        }
        assertThat(f.handedOver).hasSize(1);
        f.advance(1000);
        answer();
        assertThat(f.handedOver).hasSize(2);
    }

    @Test
    void whatAnotherWorkerLearntSendsWaitingPackets() {
        toServer(4);
        f.egress.sent.clear();
        f.stack.learn(1, SERVER, SERVER_MAC);
        assertThat(f.egress.sent).hasSize(1);
        assertThat(f.handedOver).isEmpty();
    }

    @Test
    void claimsToOurAddressAreTold() {
        f.input(f.wan, arpRequest(OTHER_MAC, VIP, CLIENT));
        f.input(f.wan, arpReply(OTHER_MAC, VIP, WAN_MAC, VIP));
        assertThat(f.drops.get(DropReason.BAD_ARP)).isEqualTo(2);
        assertThat(f.events).containsExactly("conflict 0 10.0.0.100 02:00:00:00:99:99");
        assertThat(f.stack.macAddress(0, VIP)).isEqualTo(-1);
    }

    @Test
    void theQueueOfOneNextHopIsBounded() {
        toServer(4);
        for (int i = 1; i < 128; i++) {
            assertThat(toServer(4)).isEmpty();
        }
        assertThat(toServer(4)).containsExactly("NEIGHBOUR_QUEUE_FULL");
        assertThat(f.events).containsExactly("queue full 1 192.168.0.1");
        assertThat(answer()).hasSize(128);
        f.context.network = f.context.network.withSettings(new StackSettings(false, true, false, 64, 60, 16));
        for (int i = 0; i < 17; i++) {
            f.output(route(SERVER), PacketBuilder.udp(LIP, 1, ip("192.168.0.2"), 2));
        }
        assertThat(f.drops.get(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(2);
    }

    @Test
    void waitingPacketsAreBoundedOverAllAndTheirBuffersComeBack() {
        StackFixture small = new StackFixture(false, new StackLimits(64, 4, 1, 1000), 0);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 6; i++) {
                small.output(route(SERVER), PacketBuilder.udp(LIP, 1, SERVER + i, 2));
            }
            assertThat(small.drops.get(DropReason.BUFFERS_EXHAUSTED)).isEqualTo(2L * (round + 1));
            small.advance(1000);
            small.advance(1000);
            assertThat(small.advance(1000)).containsExactly("NEIGHBOUR_UNRESOLVED x4");
        }
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(small.output(route(SERVER), PacketBuilder.udp(LIP, 1, SERVER + 30 + 4 * round + i, 2)))
                        .doesNotContain("BUFFERS_EXHAUSTED");
            }
            for (int i = 0; i < 4; i++) {
                small.know(small.lan, SERVER + 30 + 4 * round + i, SERVER_MAC);
            }
            // Sent copies are read until the cycle ends: no room before, room after.
            assertThat(small.output(route(SERVER), PacketBuilder.udp(LIP, 1, SERVER + 20, 2)))
                    .contains("BUFFERS_EXHAUSTED");
            small.advance(1);
        }
    }

    @Test
    void aFullTableTakesOverTheLeastValuableEntry() {
        StackFixture small = new StackFixture(false, new StackLimits(8, 64, 1, 1000), 0);
        small.know(small.lan, SERVER, SERVER_MAC);
        assertThat(small.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        small.know(small.lan, SERVER + 1, OTHER_MAC);
        for (int i = 0; i < 1000; i++) {
            small.output(route(SERVER), PacketBuilder.udp(LIP, 1, ip("192.168.0.10") + i % 200, 2));
        }
        assertThat(small.stack.neighbours()).hasSize(6);
        assertThat(small.drops.get(DropReason.NEIGHBOUR_TABLE_FULL)).isEqualTo(1000 - 4);
        assertThat(small.stack.neighboursEvicted()).isEqualTo(1000 - 4);
        assertThat(small.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        assertThat(small.stack.macAddress(1, SERVER + 1)).isEqualTo(OTHER_MAC);
        for (int i = 0; i < 20; i++) {
            small.know(small.lan, ip("192.168.1.1") + i, OTHER_MAC);
        }
        assertThat(small.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
    }

    @Test
    void chatterNeverPushesOutWhatIsBeingResolved() {
        StackFixture small = new StackFixture(false, new StackLimits(8, 64, 1, 1000), 0);
        small.output(route(SERVER), PacketBuilder.udp(LIP, 1, SERVER, 2));
        for (int i = 0; i < 500; i++) {
            small.know(small.lan, ip("192.168.1.1") + i, OTHER_MAC);
        }
        assertThat(small.stack.neighbours()).hasSize(3);
        assertThat(small.stack.waiting()).isEqualTo(1);
        small.know(small.lan, SERVER, SERVER_MAC);
        assertThat(small.stack.waiting()).isZero();
        assertThat(small.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        assertThat(small.stack.neighboursEvicted()).isZero();
    }

    @Test
    void deadNextHopsNeverPushOutUsedOnesAndLeaveRoomForOneMore() {
        StackFixture small = new StackFixture(false, new StackLimits(64, 64, 8, 1000), 0);
        for (int i = 0; i < 40; i++) {
            small.know(small.lan, SERVER + i, SERVER_MAC);
            assertThat(small.stack.macAddress(1, SERVER + i)).isEqualTo(SERVER_MAC);
        }
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 10; i++) {
                small.output(route(SERVER), PacketBuilder.udp(LIP, 1, ip("192.168.1.1") + i, 2));
            }
        }
        assertThat(small.drops.get(DropReason.BUFFERS_EXHAUSTED)).isZero();
        int waiting = small.stack.waiting();
        small.output(route(SERVER), PacketBuilder.udp(LIP, 1, ip("192.168.2.1"), 2));
        assertThat(small.stack.waiting()).isEqualTo(waiting + 1);
        for (int i = 0; i < 1000; i++) {
            small.output(route(SERVER), PacketBuilder.udp(LIP, 1, ip("192.168.4.1") + i, 2));
        }
        for (int i = 0; i < 40; i++) {
            assertThat(small.stack.macAddress(1, SERVER + i)).isEqualTo(SERVER_MAC);
        }
    }

    @Test
    void aTableFullOfStaticEntriesRefuses() throws NetworkException {
        StackFixture small = new StackFixture(false, new StackLimits(2, 64, 1, 1000), 0);
        small.context.network = small.context
                .network
                .withNeighbour(Address.ofIpv4(SERVER), SERVER_MAC, small.lan)
                .withNeighbour(Address.ofIpv4(SERVER + 1), SERVER_MAC, small.lan);
        assertThat(small.output(route(SERVER), PacketBuilder.udp(LIP, 1, SERVER + 2, 2)))
                .containsExactly("NEIGHBOUR_TABLE_FULL");
        assertThat(small.input(small.lan, arpReply(OTHER_MAC, SERVER, LAN_MAC, LIP)))
                .isEmpty();
        assertThat(small.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
    }

    @Test
    void staticNeighboursComeAndGoWithTheConfiguration() throws NetworkException {
        toServer(4);
        int generation = f.stack.neighbourGeneration();
        f.egress.sent.clear();
        f.context.network = f.context.network.withNeighbour(Address.ofIpv4(SERVER), SERVER_MAC, f.lan);
        assertThat(f.stack.neighbourGeneration()).isNotEqualTo(generation);
        assertThat(f.egress.sent).hasSize(1);
        assertThat(f.stack.neighbours())
                .containsExactly(new NeighbourEntry(
                        1, Address.ofIpv4(SERVER), SERVER_MAC, NeighbourState.REACHABLE, true, 0, 0));
        assertThat(f.advance(1_000_000)).isEmpty();
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(SERVER_MAC);
        f.context.network = f.context.network.withoutNeighbour(Address.ofIpv4(SERVER), f.lan);
        assertThat(f.stack.macAddress(1, SERVER)).isEqualTo(-1);
        assertThat(f.stack.neighbours()).isEmpty();
    }

    @Test
    void newAddressesAreAnnouncedThreeTimesByTheFirstWorker() throws NetworkException {
        String garp = "wan all<WAN arp who-has 10.0.0.101 tell 10.0.0.101";
        NetworkConfiguration more =
                f.context.network.withAddress(InterfaceAddress.of(ip("10.0.0.101"), 32, f.wan, false));
        f.context.network = more;
        assertThat(f.advance(0)).containsExactly(garp);
        assertThat(f.advance(999)).containsExactly(garp);
        assertThat(f.advance(999)).containsExactly(garp);
        assertThat(f.advance(5000)).isEmpty();
        f.stack.announce(0, Address.ofIpv4(ip("10.0.0.101")));
        assertThat(f.advance(0)).containsExactly(garp);
        f.context.network = more.withoutAddress(Address.parse("10.0.0.101"), 0, f.wan);
        assertThat(f.advance(5000)).isEmpty();
        StackFixture second = new StackFixture(false, StackLimits.DEFAULTS, 1);
        second.context.network = more;
        assertThat(second.advance(0)).isEmpty();
    }

    @Test
    void anAddressIsAnnouncedOnceMoreInBothForms() throws NetworkException {
        String request = "wan all<WAN arp who-has 10.0.0.101 tell 10.0.0.101";
        String reply = "wan all<WAN arp reply 10.0.0.101 to 10.0.0.101";
        Address address = Address.ofIpv4(ip("10.0.0.101"));
        f.stack.announceOnce(f.wan.id(), address);
        assertThat(f.advance(0)).as("it is not ours").isEmpty();
        f.context.network = f.context.network.withAddress(InterfaceAddress.of(ip("10.0.0.101"), 32, f.wan, false));
        f.stack.announceOnce(f.wan.id(), address);
        assertThat(f.advance(0)).as("new as well").containsExactly(reply, request);
        assertThat(f.advance(999)).containsExactly(request);
        f.stack.announceOnce(f.wan.id(), address);
        assertThat(f.advance(0)).containsExactly(reply, request);
        assertThat(f.advance(5000)).isEmpty();
        f.stack.announceOnce(f.wan.id(), address);
        f.stack.announceOnce(f.wan.id(), address);
        assertThat(f.advance(0)).as("two of one moment are one").containsExactly(reply, request);
        assertThat(f.advance(5000)).isEmpty();
    }

    @Test
    void manyAnnouncementsAreSpreadOverTicks() throws NetworkException {
        NetworkEditor editor = f.context.network.edit();
        for (int i = 0; i < 1000; i++) {
            editor.addAddress(InterfaceAddress.of(ip("172.16.0.1") + i, 32, f.wan, false));
        }
        f.context.network = editor.build();
        int sent = 0;
        for (int i = 0; i < 500; i++) {
            int now = f.advance(10).size();
            assertThat(now).isLessThanOrEqualTo(32);
            sent += now;
        }
        assertThat(sent).isEqualTo(3000);
    }

    @Test
    void errorsAreLimited() {
        f.context.network = f.context.network.withIpv4Forwarding(true);
        f.know(f.wan, CLIENT, CLIENT_MAC);
        byte[] expired =
                fromClient(PacketBuilder.udp(CLIENT, 1, SERVER, 2)).ttl(1).toBytes();
        f.stack.macAddress(0, CLIENT);
        for (int i = 0; i < 300; i++) {
            f.context.nowMillis--;
            f.input(f.wan, expired);
        }
        assertThat(f.drops.get(DropReason.TTL_EXCEEDED)).isEqualTo(300);
        assertThat(f.drops.get(DropReason.REPLY_LIMITED)).isEqualTo(250);
    }

    @Test
    void withoutBuffersItAsksAgainLater() {
        f.egress.exhausted = true;
        assertThat(toServer(4)).containsExactly("BUFFERS_EXHAUSTED");
        f.egress.exhausted = false;
        assertThat(f.advance(1000)).containsExactly(ASK_SERVER);
        assertThat(answer()).containsExactly(SENT);
    }

    private List<String> toServer(int payload) {
        return f.output(route(SERVER), PacketBuilder.udp(LIP, 1000, SERVER, 80).payload(payload));
    }

    private List<String> answer() {
        return f.input(f.lan, arpReply(SERVER_MAC, SERVER, LAN_MAC, LIP));
    }

    private Route route(int destination) {
        return Objects.requireNonNull(f.context.network.route(destination), Ipv4Address.format(destination));
    }

    private String state(int address) {
        return f.stack.neighbours().stream()
                .filter(entry -> entry.address().ipv4() == address)
                .map(entry -> entry.state().name())
                .findFirst()
                .orElse("gone");
    }
}
