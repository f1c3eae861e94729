package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import jdpvs.port.LinkState;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpState;
import jdpvs.wire.slow.MarkerMessage;
import org.jspecify.annotations.Nullable;

/** One bond of a {@link LacpLab}, with what it is plugged into. */
final class LacpStation implements LacpSink {
    private static final LinkState TEN_GIGABIT = new LinkState(true, 10_000, true, true);

    private final LacpLab lab;
    private final boolean fast;
    private final List<Deque<Long>> sent = new ArrayList<>();
    private final long[] lastCollecting;

    LacpBond bond;
    final @Nullable LacpStation[] peers;
    final int[] peerSlaves;
    /** What the slave sends is lost, with carrier on both ends. */
    final boolean[] eats;

    final LinkState[] links;
    final List<MarkerMessage> markers = new ArrayList<>();
    /** The last PDU that each slave sent. */
    final @Nullable LacpMessage[] said;

    LacpStation(LacpLab lab, LacpOptions options, int slaves) {
        this.lab = lab;
        fast = options.fast();
        peers = new LacpStation[slaves];
        peerSlaves = new int[slaves];
        eats = new boolean[slaves];
        links = new LinkState[slaves];
        said = new LacpMessage[slaves];
        lastCollecting = new long[slaves];
        Arrays.fill(links, TEN_GIGABIT);
        for (int i = 0; i < slaves; i++) {
            sent.add(new ArrayDeque<>());
        }
        bond = new LacpBond(options, slaves, this);
    }

    /** The same box after a restart, perhaps under another name. */
    void restart(LacpOptions options) {
        bond = new LacpBond(options, peers.length, this);
        sent.forEach(Deque::clear);
        for (int slave = 0; slave < peers.length; slave++) {
            carrier(slave, peers[slave] != null);
        }
    }

    void carrier(int slave, boolean up) {
        LinkState link = links[slave];
        bond.link(
                slave,
                new LinkState(up, link.speedMegabits(), link.fullDuplex(), link.autoNegotiated()),
                lab.nowMillis);
    }

    void tick() {
        bond.tick(lab.nowMillis);
    }

    LacpStatus status(int slave) {
        return bond.status(slave);
    }

    @Override
    public void send(int slave, LacpMessage message) {
        said[slave] = message;
        Deque<Long> times = sent.get(slave);
        times.addLast(lab.nowMillis);
        if (times.size() > 3) {
            assertThat(lab.nowMillis - times.removeFirst())
                    .as("four PDUs within a second")
                    .isGreaterThanOrEqualTo(1000);
        }
        pass(slave, lab.bytes(frame -> message.write(frame, 0x0200_0000_0001L)));
    }

    @Override
    public void send(int slave, MarkerMessage response) {
        markers.add(response);
        pass(slave, lab.bytes(frame -> response.write(frame, 0x0200_0000_0001L)));
    }

    private void pass(int slave, byte[] frame) {
        LacpStation peer = peers[slave];
        if (peer != null && !eats[slave]) {
            lab.send(peer, peerSlaves[slave], frame);
        }
    }

    /** What is true of every slave at every moment. */
    void check() {
        LagId used = null;
        for (int slave = 0; slave < peers.length; slave++) {
            LacpStatus status = status(slave);
            boolean collecting = bond.isCollecting(slave);
            boolean distributing = bond.isDistributing(slave);
            if (collecting) {
                lastCollecting[slave] = lab.nowMillis;
                assertThat(status.carrier()).isTrue();
                assertThat(status.isActive()).isTrue();
                assertThat(status.looped()).isFalse();
                assertThat(status.partner().has(LacpState.SYNCHRONIZATION)).isTrue();
                assertThat(status.actor().has(LacpState.SYNCHRONIZATION)).isTrue();
                LagId lag = LagId.of(status.actor(), status.partner());
                assertThat(used == null || used.equals(lag)).isTrue();
                used = lag;
            }
            assertThat(status.actor().has(LacpState.COLLECTING)).isEqualTo(collecting);
            assertThat(status.actor().has(LacpState.DISTRIBUTING)).isEqualTo(distributing);
            if (distributing) {
                assertThat(collecting).isTrue();
                assertThat(status.partner().has(LacpState.COLLECTING)).isTrue();
                checkPeerCollects(slave, status);
            }
        }
    }

    /** With a partner of LACP, a slave never sends for longer than the timeout to an end that does not take it, whatever the cable does. */
    private void checkPeerCollects(int slave, LacpStatus status) {
        LacpStation peer = peers[slave];
        boolean partnered = status.receive() == ReceiveState.CURRENT;
        if (partnered && peer != null) {
            long silent = lab.nowMillis - peer.lastCollecting[peerSlaves[slave]];
            assertThat(silent)
                    .as(() -> "sends for " + silent + " ms into nothing: " + status)
                    .isLessThanOrEqualTo((fast ? 3_020 : 90_020) + lab.delayMillis);
        }
    }

    long distributing() {
        return bond.distributing();
    }

    @Override
    public String toString() {
        return bond.status() + "\n";
    }
}
