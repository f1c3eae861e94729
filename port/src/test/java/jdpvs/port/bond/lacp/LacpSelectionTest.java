package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.port.LinkState;
import jdpvs.wire.slow.LacpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of the links of a bond are used together: groups, loops, switches without LACP, links of other speeds. */
class LacpSelectionTest {
    private static final LacpOptions LEFT = LacpOptions.of(0x0200_0000_000aL);
    private static final LacpOptions RIGHT = LacpOptions.of(0x0200_0000_000bL);

    private static LacpLab lab(int cables) {
        return LacpLab.of(1, LEFT, RIGHT, cables);
    }

    private static boolean distributes(LacpLab lab, long slaves) {
        return lab.left().distributing() == slaves && lab.right().distributing() == slaves;
    }

    @Test
    void oneOfTwoSystemsIsChosenAndKept() {
        LacpLab lab = lab(4);
        LacpStation stranger = lab.station(LacpOptions.of(0x0200_0000_000cL), 4);
        lab.plug(lab.left(), 0, stranger, 0);
        for (int slave = 1; slave < 3; slave++) {
            lab.plug(lab.left(), slave, lab.right(), slave);
        }
        lab.await(() -> lab.left().distributing() == 0b110, 4000);
        lab.run(100_000);
        assertThat(lab.left().distributing()).isEqualTo(0b110);
        assertThat(lab.left().status(0).selected()).isEqualTo(Selected.STANDBY);
        assertThat(lab.left().status(0).aggregator()).isEqualTo(1);
        assertThat(lab.left().status(1).aggregator()).isEqualTo(2);
        assertThat(stranger.distributing()).isZero();
        assertThat(lab.left().status(0).actorChurn()).isEqualTo(ChurnState.CHURN);
        assertThat(stranger.status(0).partnerChurn()).isEqualTo(ChurnState.CHURN);

        // Equal is no reason to move; the one in use without any usable link is left at once.
        long changes = lab.left().bond.changes();
        lab.plug(lab.left(), 3, stranger, 3);
        lab.run(100_000);
        assertThat(lab.left().distributing()).isEqualTo(0b110);
        assertThat(lab.left().bond.changes()).isEqualTo(changes);
        lab.unplug(lab.left(), 1);
        lab.unplug(lab.left(), 2);
        assertThat(lab.await(() -> lab.left().distributing() == 0b1001, 1500)).isLessThan(1100);
        lab.plug(lab.left(), 1, lab.right(), 1);
        lab.plug(lab.left(), 2, lab.right(), 2);
        lab.run(100_000);
        assertThat(lab.left().distributing()).isEqualTo(0b1001);
    }

    @Test
    void aBetterSystemIsTakenWhenItStaysBetter() {
        LacpLab lab = lab(3);
        LacpStation stranger = lab.station(LacpOptions.of(0x0200_0000_000cL), 3);
        lab.plug(lab.left(), 0, stranger, 0);
        lab.await(() -> lab.left().distributing() == 0b001, 4000);
        lab.plug(lab.left(), 1, lab.right(), 1);
        lab.plug(lab.left(), 2, lab.right(), 2);
        // A link that comes and goes never makes the other better for long enough.
        for (int i = 0; i < 20; i++) {
            lab.run(9_000);
            lab.unplug(lab.left(), 2);
            lab.run(500);
            lab.plug(lab.left(), 2, lab.right(), 2);
            assertThat(lab.left().distributing()).isEqualTo(0b001);
        }
        assertThat(lab.await(() -> lab.left().distributing() == 0b110, 20_000))
                .isBetween(Selection.BETTER_MILLIS, Selection.BETTER_MILLIS + 1500);
        assertThat(stranger.distributing()).isZero();
    }

    /** Two groups of equal bandwidth, and each end has begun with another one: neither may wait for the other for ever. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void endsThatChoseDifferentlyComeTogether(int delayMillis) {
        LacpLab lab = lab(3);
        lab.delayMillis = delayMillis;
        lab.left().links[0] = new LinkState(true, 2000, true, true);
        lab.right().links[0] = lab.left().links[0];
        for (int slave = 1; slave < 3; slave++) {
            lab.left().links[slave] = new LinkState(true, 1000, true, true);
            lab.right().links[slave] = lab.left().links[slave];
            lab.left().eats[slave] = true;
        }
        lab.right().eats[0] = true;
        lab.straight();
        lab.run(4000);
        assertThat(lab.left().status(1).selected()).isEqualTo(Selected.SELECTED);
        assertThat(lab.right().status(0).selected()).isEqualTo(Selected.SELECTED);
        for (int slave = 0; slave < 3; slave++) {
            lab.left().eats[slave] = false;
            lab.right().eats[slave] = false;
        }
        lab.await(() -> distributes(lab, 0b001) || distributes(lab, 0b110), 15_000);
        long changes = lab.left().bond.changes();
        lab.run(300_000);
        assertThat(lab.left().bond.changes()).isEqualTo(changes);
    }

    /** Ports that hear themselves, by a plug or by each other, are never used; the others are. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoopNeverDistributes(boolean samePort) {
        LacpLab lab = lab(3);
        lab.plug(lab.left(), 0, lab.left(), samePort ? 0 : 1);
        lab.run(60_000);
        assertThat(lab.left().distributing()).isZero();
        assertThat(lab.left().status(0).looped()).isTrue();
        assertThat(lab.left().status(0).selected()).isEqualTo(Selected.UNSELECTED);
        lab.plug(lab.left(), 2, lab.right(), 2);
        lab.await(() -> distributes(lab, 0b100), 4000);
        lab.run(60_000);
        assertThat(distributes(lab, 0b100)).isTrue();
    }

    @Test
    void aSwitchWithoutLacpGetsOneLink() {
        LacpLab lab = lab(3);
        LacpStation left = lab.left();
        for (int slave = 0; slave < 3; slave++) {
            left.carrier(slave, true);
        }
        assertThat(lab.await(() -> left.distributing() == 0b001, 6000)).isBetween(4900L, 5200L);
        lab.run(100_000);
        assertThat(left.distributing()).isEqualTo(0b001);
        assertThat(left.status(0).actor().has(LacpState.DEFAULTED)).isTrue();
        left.carrier(0, false);
        lab.await(() -> left.distributing() == 0b010, 100);
        left.carrier(0, true);
        lab.run(100_000);
        assertThat(left.distributing()).isEqualTo(0b010);

        // Somebody who speaks LACP is better than silence, and the silent link is given up for it.
        lab.plug(left, 2, lab.right(), 2);
        lab.await(() -> left.distributing() == 0b100, 4000);
        lab.run(60_000);
        assertThat(distributes(lab, 0b100)).isTrue();
        lab.unplug(left, 2);
        lab.await(() -> left.distributing() == 0b001, 3000);
    }

    @Test
    void linksOfDifferentSpeedAreNotMixed() {
        LacpLab lab = lab(3);
        LinkState gigabit = new LinkState(true, 1000, true, true);
        lab.left().links[0] = gigabit;
        lab.right().links[0] = gigabit;
        lab.straight();
        lab.await(() -> distributes(lab, 0b110), 4000);
        lab.run(60_000);
        assertThat(distributes(lab, 0b110)).isTrue();
        assertThat(lab.left().status(0).selected()).isEqualTo(Selected.STANDBY);
        // Later it negotiates what the others have.
        lab.left().links[0] = lab.left().links[1];
        lab.right().links[0] = lab.left().links[1];
        lab.plug(lab.left(), 0, lab.right(), 0);
        lab.await(() -> distributes(lab, 0b111), 5000);
    }

    @Test
    void halfDuplexStandsAlone() {
        LacpLab lab = lab(2);
        for (int slave = 0; slave < 2; slave++) {
            lab.left().links[slave] = new LinkState(true, 100, false, true);
        }
        lab.straight();
        lab.await(() -> lab.left().distributing() == 0b01, 4000);
        lab.run(30_000);
        assertThat(lab.left().distributing()).isEqualTo(0b01);
        assertThat(lab.left().status(0).actor().has(LacpState.AGGREGATION)).isFalse();
    }

    /** A switch that will not aggregate these links (it has others, or is the idle half of a pair) is not waited for, when there is somebody who will. */
    @Test
    void aPartnerThatRefusesForAMinuteIsGivenUp() {
        LacpLab lab = new LacpLab(1);
        LacpStation left = lab.station(LEFT, 3);
        LacpStation right = lab.station(RIGHT, 5);
        LacpStation favourite = lab.station(LacpOptions.of(0x0200_0000_000cL), 3);
        LacpStation willing = lab.station(LacpOptions.of(0x0200_0000_000dL), 1);
        for (int slave = 0; slave < 3; slave++) {
            lab.plug(favourite, slave, right, 2 + slave);
        }
        lab.run(5000);
        lab.plug(left, 0, right, 0);
        lab.plug(left, 1, right, 1);
        lab.plug(left, 2, willing, 0);
        lab.run(50_000);
        assertThat(left.distributing()).isZero();
        assertThat(left.status(0).mux()).isEqualTo(MuxState.ATTACHED);
        lab.await(() -> left.distributing() == 0b100, 15_000);
        assertThat(left.status(0).partnerChurn()).isEqualTo(ChurnState.CHURN);
        long changes = left.bond.changes();
        lab.run(300_000);
        assertThat(left.bond.changes()).isEqualTo(changes);
        assertThat(willing.distributing()).isEqualTo(1);
        // The favourite goes: now it wants us, and is better.
        for (int slave = 0; slave < 3; slave++) {
            lab.unplug(favourite, slave);
        }
        lab.await(() -> left.distributing() == 0b011 && right.distributing() == 0b011, 15_000);
    }

    /** Ports that come within the wait are attached together (§6.4.15: Ready is asked of all that wait). */
    @Test
    void whoComesWithinTheWaitIsWaitedFor() {
        LacpLab lab = lab(2);
        lab.plug(lab.left(), 0, lab.right(), 0);
        lab.run(1500);
        lab.plug(lab.left(), 1, lab.right(), 1);
        lab.run(1900);
        assertThat(distributes(lab, 0)).isTrue();
        lab.await(() -> distributes(lab, 0b11), 1300);
    }

    /** A link of another speed is another link, also without a pause in between: the port is off its aggregator before it joins the next. */
    @Test
    void anotherSpeedIsAnotherAggregator() {
        LacpLab lab = lab(1).straight();
        lab.await(() -> distributes(lab, 1), 4000);
        lab.left().links[0] = new LinkState(true, 1000, true, true);
        lab.left().carrier(0, true);
        assertThat(lab.left().distributing()).isZero();
        assertThat(lab.left().status(0).mux()).isEqualTo(MuxState.WAITING);
        lab.await(() -> distributes(lab, 1), 4000);
    }

    /** A partner that has fallen silent for a moment is not given up for a link without one. */
    @Test
    void aSilentPartnerIsWaitedFor() {
        LacpLab lab = lab(2);
        lab.left().carrier(0, true);
        lab.plug(lab.left(), 1, lab.right(), 1);
        lab.await(() -> lab.left().distributing() == 0b10, 4000);
        lab.run(10_000);
        lab.right().eats[1] = true;
        lab.await(() -> lab.left().status(1).receive() == ReceiveState.EXPIRED, 3500);
        lab.run(2500);
        assertThat(lab.left().status(0).selected()).isEqualTo(Selected.STANDBY);
        lab.await(() -> lab.left().distributing() == 0b01, 1000);
    }
}
