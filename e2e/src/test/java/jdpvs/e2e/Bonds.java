package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import jdpvs.e2e.Lab.Side;

/**
 * The two bonds of {@link Configuration#twoBonds} in a lab of {@link Lab#bond}: waiting until both ends use what they should, and cables that fail.
 *
 * @param mode as dpvs.conf has it; what the switch says is looked at with LACP (4) only
 */
record Bonds(Lab lab, Dpvs dpvs, int mode) {
    /** Negotiation takes a second or two. */
    static final Duration SETTLED = Duration.ofSeconds(10);

    private static final int LACP = 4;
    private static final int ACTIVE_BACKUP = 1;

    /** Until both bonds use all that the mode uses. */
    void settle() {
        for (Side side : Side.values()) {
            settle(side);
        }
    }

    private void settle(Side side) {
        awaitActive(side, active(), SETTLED);
        if (mode == LACP) {
            awaitSwitch(side, "enabled", "enabled");
        }
    }

    /** How many of two slaves the mode uses. */
    private int active() {
        return mode == ACTIVE_BACKUP ? 1 : 2;
    }

    void awaitActive(Side side, int number, Duration limit) {
        String words = "link show " + side.bond + " status";
        Await.until(
                limit,
                () -> dpvs.dpip(words).succeeded().contains("ative/slaves " + number + "/2 "),
                () -> number + " active slaves of 2; there is:\n"
                        + dpvs.dpip(words).output());
    }

    /** @param first what the switch says of its first member */
    void awaitSwitch(Side side, String first, String second) {
        Await.until(
                SETTLED,
                () -> lab.askSwitch(side, "bond/show")
                                .contains("member " + side.slaves().get(0) + ": " + first)
                        && lab.askSwitch(side, "bond/show")
                                .contains("member " + side.slaves().get(1) + ": " + second),
                () -> "members " + first + " and " + second + "; the switch says:\n"
                        + lab.askSwitch(side, "bond/show"));
    }

    /** Without this, pulling a cable that carries nothing would prove nothing. */
    void assertSlavesCarry(Side side) {
        List<Long> before = received(side);
        Await.pause(Duration.ofMillis(200));
        List<Long> after = received(side);
        for (int slave = 0; slave < active(); slave++) {
            assertThat(after.get(slave) - before.get(slave))
                    .as("frames from %s to the switch in 200 ms", side.slaves().get(slave))
                    .isGreaterThan(20);
        }
    }

    private List<Long> received(Side side) {
        return side.slaves().stream()
                .map(device -> "cat /sys/class/net/" + device + "/statistics/rx_packets")
                .map(command -> Long.parseLong(
                        lab.switchOf(side).run(command).succeeded().strip()))
                .toList();
    }

    /**
     * Traffic has a second with one slave, and a fifth with both again.
     *
     * @return how long dpvs gave frames to the pulled cable
     */
    LastFrame pullAndPlug(Side side, String device) {
        LastFrame last = lab.pull(side, device, Duration.ofSeconds(1));
        awaitActive(side, 1, Duration.ofSeconds(3));
        lab.plug(side, device);
        settle(side);
        Await.pause(Duration.ofMillis(200));
        return last;
    }
}
