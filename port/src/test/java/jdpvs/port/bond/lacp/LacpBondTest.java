package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.wire.slow.LacpState;
import jdpvs.wire.slow.MarkerMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two bonds back to back on a virtual clock: what becomes of links that come, go, fall silent and change their other end. */
class LacpBondTest {
    private static final LacpOptions LEFT = LacpOptions.of(0x0200_0000_000aL);
    private static final LacpOptions RIGHT = LacpOptions.of(0x0200_0000_000bL);

    private static LacpLab lab(int cables) {
        return LacpLab.of(1, LEFT, RIGHT, cables);
    }

    /** Plugged, and everything distributes. */
    private static LacpLab working(int cables) {
        LacpLab lab = lab(cables).straight();
        lab.await(() -> distributes(lab, (1L << cables) - 1), 4000);
        return lab;
    }

    private static boolean distributes(LacpLab lab, long slaves) {
        return lab.left().distributing() == slaves && lab.right().distributing() == slaves;
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void bothAgreeInLittleMoreThanTheWait(boolean leftFast, boolean rightFast) {
        LacpLab lab = LacpLab.of(1, leftFast ? LEFT : LEFT.slow(), rightFast ? RIGHT : RIGHT.slow(), 4)
                .straight();
        long tookMillis = lab.await(() -> distributes(lab, 0b1111), 4000);
        assertThat(tookMillis).isBetween(2000L, 3100L);
        lab.run(400_000);
        assertThat(distributes(lab, 0b1111)).isTrue();
        LacpStatus status = lab.left().status(2);
        // Each sends as often as the other wants.
        assertThat(status.periodic()).isEqualTo(rightFast ? PeriodicState.FAST_PERIODIC : PeriodicState.SLOW_PERIODIC);
        assertThat(status.counters().pdusOut()).isBetween(rightFast ? 395L : 13L, rightFast ? 412L : 25L);
        assertThat(status.counters().pdusIn())
                .isEqualTo(lab.right().status(2).counters().pdusOut());
        assertThat(status.partner().port()).isEqualTo(3);
        assertThat(status.partner().system()).isEqualTo(RIGHT.system());
        assertThat(status.aggregator()).isEqualTo(1);
        assertThat(status.actorChurn()).isEqualTo(ChurnState.NO_CHURN);
        assertThat(status.partnerChurn()).isEqualTo(ChurnState.NO_CHURN);
    }

    @Test
    void withoutCarrierALinkIsOutAtOnceAndComesBackWithoutWaiting() {
        LacpLab lab = working(2);
        long changes = lab.left().bond.changes();
        lab.unplug(lab.left(), 0);
        assertThat(distributes(lab, 0b10)).isTrue();
        assertThat(lab.left().bond.changes()).isGreaterThan(changes);
        lab.run(100_000);
        lab.plug(lab.left(), 0, lab.right(), 0);
        assertThat(lab.await(() -> distributes(lab, 0b11), 4000)).isLessThan(1100);
    }

    /** As where one end takes its carrier for true a little later, and meanwhile hears nothing. A {@link LacpStation} sees to it that three PDUs in a second stay three. */
    @Test
    void aFirstPduThatIsLostIsRepeatedSoon() {
        LacpLab lab = working(2);
        for (int round = 0; round < 20; round++) {
            lab.unplug(lab.left(), 0);
            lab.run(3_007);
            lab.loss = 1;
            lab.plug(lab.left(), 0, lab.right(), 0);
            lab.run(100);
            lab.loss = 0;
            assertThat(lab.await(() -> distributes(lab, 0b11), 4000)).isLessThan(100);
        }
    }

    @Test
    void aFirstPduThatIsHeardIsNotRepeated() {
        LacpLab lab = working(2);
        lab.unplug(lab.left(), 0);
        lab.run(3_000);
        lab.plug(lab.left(), 0, lab.right(), 0);
        assertThat(lab.await(() -> distributes(lab, 0b11), 4000)).isLessThan(100);
        long sent = lab.left().status(0).counters().pdusOut();
        lab.run(800);
        assertThat(lab.left().status(0).counters().pdusOut()).isEqualTo(sent);
    }

    /** One end's carrier alone: a media converter tells nobody. */
    @Test
    void theOtherEndLearnsOfCarrierLostFromSilence() {
        LacpLab lab = working(2);
        lab.left().carrier(0, false);
        assertThat(lab.left().distributing()).isEqualTo(0b10);
        lab.await(() -> lab.right().distributing() == 0b10, 3500);
        lab.left().carrier(0, true);
        lab.await(() -> distributes(lab, 0b11), 3000);
    }

    @ParameterizedTest
    @CsvSource({"true, true, true", "true, true, false", "true, false, true", "false, true, true"})
    void aLinkThatEatsFramesIsLeftAfterTheTimeout(boolean fast, boolean eatsRight, boolean eatsLeft) {
        LacpLab lab = LacpLab.of(1, fast ? LEFT : LEFT.slow(), fast ? RIGHT : RIGHT.slow(), 3)
                .straight();
        lab.await(() -> distributes(lab, 0b111), 4000);
        lab.run(12_345);
        lab.left().eats[1] = eatsRight;
        lab.right().eats[1] = eatsLeft;
        long tookMillis = lab.await(() -> distributes(lab, 0b101), 91_000);
        assertThat(tookMillis).isLessThanOrEqualTo(fast ? 3500 : 90_500);
        lab.run(300_000);
        assertThat(distributes(lab, 0b101)).isTrue();
        lab.left().eats[1] = false;
        lab.right().eats[1] = false;
        lab.await(() -> distributes(lab, 0b111), 4000);
    }

    @Test
    void aPartnerUnderANewNameIsANewPartner() {
        LacpLab lab = working(2);
        lab.right().restart(LacpOptions.of(0x0200_0000_00ffL));
        lab.run(10);
        assertThat(lab.left().distributing()).isZero();
        lab.await(() -> distributes(lab, 0b11), 4000);
        assertThat(lab.left().status(0).partner().system()).isEqualTo(0x0200_0000_00ffL);
    }

    @Test
    void aPartnerThatBeginsAnewUnderItsNameIsJoinedAgain() {
        LacpLab lab = working(2);
        lab.right().restart(RIGHT);
        lab.run(10);
        assertThat(lab.left().distributing()).isZero();
        lab.await(() -> distributes(lab, 0b11), 4000);
    }

    /** The partner's cable has been moved while the old port had no carrier: the old port forgets it (§6.4.8, port_moved). */
    @Test
    void aMovedPartnerIsForgottenWhereItWas() {
        LacpLab lab = working(2);
        lab.unplug(lab.left(), 0);
        assertThat(lab.left().status(0).partner().port()).isEqualTo(1);
        lab.unplug(lab.left(), 1);
        lab.plug(lab.left(), 1, lab.right(), 0);
        lab.run(50);
        assertThat(lab.left().status(0).partner())
                .isEqualTo(PortVariables.PARTNER_ADMIN.with(LacpState.SYNCHRONIZATION, false));
        lab.await(() -> lab.left().distributing() == 0b10 && lab.right().distributing() == 0b01, 4000);
    }

    @Test
    void whoLeavesSaysSo() {
        LacpLab lab = working(2);
        lab.left().bond.leave(lab.nowMillis);
        assertThat(lab.left().distributing()).isZero();
        lab.stations.remove(0);
        lab.run(5);
        assertThat(lab.stations.get(0).distributing()).isZero();
    }

    @Test
    void markersAreAnsweredTenASecond() {
        LacpLab lab = working(1);
        for (int i = 0; i < 30; i++) {
            var marker = new MarkerMessage(false, 1, RIGHT.system(), i);
            lab.send(lab.left(), 0, lab.bytes(frame -> marker.write(frame, RIGHT.system())));
        }
        lab.run(100);
        assertThat(lab.left().markers).hasSize(10).startsWith(new MarkerMessage(true, 1, RIGHT.system(), 0));
        LacpCounters counters = lab.left().status(0).counters();
        assertThat(counters.markersIn()).isEqualTo(30);
        assertThat(counters.markerResponsesOut()).isEqualTo(10);
        assertThat(lab.right().status(0).counters().markerResponsesIn()).isEqualTo(10);
        // An answer is not answered.
        assertThat(lab.right().markers).isEmpty();
    }

    @Test
    void badFramesAreCountedAndChangeNothing() {
        LacpLab lab = working(1);
        byte[] bad = lab.bytes(frame -> new MarkerMessage(false, 1, 1, 1).write(frame, 1));
        bad[17] = 0;
        long pdusIn = lab.left().status(0).counters().pdusIn();
        lab.send(lab.left(), 0, bad);
        lab.run(2);
        assertThat(lab.left().status(0).counters().bad()).isEqualTo(1);
        assertThat(lab.left().status(0).counters().pdusIn()).isEqualTo(pdusIn);
        assertThat(distributes(lab, 1)).isTrue();
    }
}
