package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of random mishaps: what {@link LacpStation#check} asks is true all the while, and whenever the cables are whole again both ends agree. */
class LacpRandomTest {
    private static final int CABLES = 4;
    private static final int STEPS = 2500;
    private static final long ALL = (1 << CABLES) - 1;

    private LacpLab lab = new LacpLab(0);

    private Random random() {
        return lab.random;
    }

    private LacpStation any() {
        return random().nextBoolean() ? lab.left() : lab.right();
    }

    private static LacpOptions named(long system) {
        return LacpOptions.of(0x0200_0000_0000L + system);
    }

    private void mishap() {
        int slave = random().nextInt(CABLES);
        switch (random().nextInt(9)) {
            case 0 -> lab.unplug(lab.left(), slave);
            case 1 -> {
                int other = random().nextInt(CABLES);
                lab.unplug(lab.left(), slave);
                lab.unplug(lab.right(), other);
                lab.plug(lab.left(), slave, lab.right(), other);
            }
            case 2 -> {
                LacpStation station = any();
                station.eats[slave] = !station.eats[slave];
            }
            case 3 -> lab.loss = random().nextInt(3) == 0 ? random().nextDouble() : 0;
            case 4 -> lab.duplication = random().nextDouble();
            case 5 -> lab.delayMillis = 1 + random().nextInt(200);
            case 6 -> any().carrier(slave, random().nextBoolean() && lab.left().peers[slave] != null);
            case 7 -> {
                if (random().nextInt(10) == 0) {
                    boolean left = random().nextBoolean();
                    (left ? lab.left() : lab.right()).restart(named(2 * random().nextInt(2) + (left ? 0 : 1)));
                }
            }
            default -> {
                int other = random().nextInt(CABLES);
                lab.unplug(lab.left(), slave);
                lab.unplug(lab.left(), other);
                lab.plug(lab.left(), slave, lab.left(), other);
            }
        }
    }

    private void heal() {
        lab.loss = 0;
        lab.duplication = 0;
        lab.delayMillis = 1;
        for (int slave = 0; slave < CABLES; slave++) {
            lab.left().eats[slave] = false;
            lab.right().eats[slave] = false;
            lab.unplug(lab.left(), slave);
            lab.unplug(lab.right(), slave);
        }
        lab.straight();
    }

    private boolean isAgreed() {
        return lab.left().distributing() == ALL && lab.right().distributing() == ALL;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mishaps(long seed) {
        lab = LacpLab.of(seed, named(0), named(1), CABLES).straight();
        long distributed = 0;
        for (int step = 1; step <= STEPS; step++) {
            mishap();
            lab.run(random().nextInt(5) == 0 ? random().nextInt(8000) : random().nextInt(300));
            distributed += Long.bitCount(lab.left().distributing());
            if (step % 50 == 0) {
                heal();
                lab.await(this::isAgreed, 8000);
                long changes = lab.left().bond.changes() + lab.right().bond.changes();
                lab.run(15_000);
                assertThat(isAgreed()).isTrue();
                assertThat(lab.left().bond.changes() + lab.right().bond.changes())
                        .isEqualTo(changes);
            }
        }
        // The mishaps leave something to check.
        assertThat(distributed).isGreaterThan(STEPS / 4);
    }
}
