package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The periodic machine (IEEE 802.1AX-2014 §6.4.13), the churn machines (§6.4.17) and the limit of PDUs (§6.4.16). */
class LacpPeriodicTest {
    private final PortVariables variables =
            new PortVariables(new LacpParty(65535, 0x0200_0000_000aL, 1, 255, 1, LacpState.ACTIVITY));
    private final PeriodicMachine machine = new PeriodicMachine(variables);

    private void set(boolean carrier, boolean weAreActive, boolean partnerActive, boolean partnerWantsFast) {
        variables.portEnabled = carrier;
        variables.setActor(LacpState.ACTIVITY, weAreActive);
        variables.setPartner(LacpState.ACTIVITY, partnerActive);
        variables.setPartner(LacpState.TIMEOUT, partnerWantsFast);
        variables.needToTransmit = false;
    }

    private static final String NONE = "NO_PERIODIC";
    private static final String FAST = "FAST_PERIODIC";

    @ParameterizedTest
    @CsvSource(textBlock = """
            # state,       carrier, we active, partner active, wants fast, ms,    next,          PDU due
            NO_PERIODIC,   false,   true,      true,           true,       0,     NO_PERIODIC,   false
            NO_PERIODIC,   true,    false,     false,          true,       0,     NO_PERIODIC,   false
            NO_PERIODIC,   true,    false,     true,           true,       0,     FAST_PERIODIC, false
            NO_PERIODIC,   true,    true,      false,          true,       0,     FAST_PERIODIC, false
            NO_PERIODIC,   true,    true,      false,          false,      0,     SLOW_PERIODIC, false
            FAST_PERIODIC, true,    true,      true,           true,       999,   FAST_PERIODIC, false
            FAST_PERIODIC, true,    true,      true,           true,       1000,  FAST_PERIODIC, true
            FAST_PERIODIC, true,    true,      true,           false,      500,   SLOW_PERIODIC, false
            FAST_PERIODIC, true,    true,      true,           false,      1000,  SLOW_PERIODIC, true
            FAST_PERIODIC, false,   true,      true,           true,       1000,  NO_PERIODIC,   false
            FAST_PERIODIC, true,    false,     false,          true,       1000,  NO_PERIODIC,   false
            SLOW_PERIODIC, true,    true,      true,           false,      29999, SLOW_PERIODIC, false
            SLOW_PERIODIC, true,    true,      true,           false,      30000, SLOW_PERIODIC, true
            SLOW_PERIODIC, true,    true,      true,           true,       1,     FAST_PERIODIC, true
            SLOW_PERIODIC, false,   true,      true,           false,      30000, NO_PERIODIC,   false
            """)
    void transitions(
            String from,
            boolean carrier,
            boolean weAreActive,
            boolean partnerActive,
            boolean wantsFast,
            long afterMillis,
            PeriodicState next,
            boolean due) {
        if (!NONE.equals(from)) {
            set(true, true, true, FAST.equals(from));
            machine.step(5000);
        }
        assertThat(machine.state()).hasToString(from);
        set(carrier, weAreActive, partnerActive, wantsFast);
        machine.step(5000 + afterMillis);
        assertThat(machine.state()).isEqualTo(next);
        assertThat(variables.needToTransmit).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # heard, carrier, ms,  PDU due
            false,   true,    149, false
            false,   true,    150, true
            true,    true,    150, false
            false,   false,   150, false
            """)
    void whoHasHeardNothingSpeaksAgain(boolean heard, boolean carrier, long afterMillis, boolean due) {
        variables.setActor(LacpState.EXPIRED, true);
        set(true, true, true, true);
        machine.step(5000);
        variables.setActor(LacpState.EXPIRED, !heard);
        set(carrier, true, true, true);
        machine.step(5000 + afterMillis);
        assertThat(variables.needToTransmit).isEqualTo(due);
    }

    @Test
    void itSpeaksAgainOnce() {
        variables.setActor(LacpState.EXPIRED, true);
        set(true, true, true, true);
        machine.step(0);
        machine.step(160);
        assertThat(variables.needToTransmit).isTrue();
        variables.needToTransmit = false;
        machine.step(999);
        assertThat(variables.needToTransmit).isFalse();
        machine.step(1000);
        assertThat(variables.needToTransmit).isTrue();
    }

    @Test
    void theFirstPduAfterTheChangeToSlowIsThirtySecondsLater() {
        set(true, true, true, true);
        machine.step(0);
        set(true, true, true, false);
        machine.step(900);
        machine.step(30_899);
        assertThat(variables.needToTransmit).isFalse();
        machine.step(30_900);
        assertThat(variables.needToTransmit).isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # out of sync since 0 with carrier, then: in sync, carrier, at ms, next
            CHURN_MONITOR, false, true,  59999, CHURN_MONITOR
            CHURN_MONITOR, false, true,  60000, CHURN
            CHURN_MONITOR, true,  true,  1,     NO_CHURN
            CHURN_MONITOR, false, false, 60000, CHURN_MONITOR
            NO_CHURN,      true,  true,  99999, NO_CHURN
            NO_CHURN,      false, true,  1,     CHURN_MONITOR
            NO_CHURN,      true,  false, 1,     CHURN_MONITOR
            CHURN,         false, true,  99999, CHURN
            CHURN,         true,  true,  60001, NO_CHURN
            CHURN,         false, false, 60001, CHURN_MONITOR
            """)
    void churn(ChurnState from, boolean inSync, boolean carrier, long atMillis, ChurnState next) {
        var churn = new ChurnMachine();
        churn.step(true, from == ChurnState.NO_CHURN, 0);
        if (from == ChurnState.CHURN) {
            churn.step(true, false, 60_000);
        }
        assertThat(churn.state()).isEqualTo(from);
        churn.step(carrier, inSync, atMillis);
        assertThat(churn.state()).isEqualTo(next);
    }

    @Test
    void threeOfAnySecond() {
        var limit = new RateLimit(3, 1000);
        List<Long> allowed = new ArrayList<>();
        for (long now = 0; now < 3000; now += 100) {
            if (limit.tryAcquire(now)) {
                allowed.add(now);
            }
        }
        assertThat(allowed).containsExactly(0L, 100L, 200L, 1000L, 1100L, 1200L, 2000L, 2100L, 2200L);
        // However the second is laid: 2150 to 3150 has but two.
        assertThat(limit.tryAcquire(3050)).isTrue();
        assertThat(limit.tryAcquire(3099)).isFalse();
        assertThat(limit.tryAcquire(3100)).isTrue();
        assertThat(limit.tryAcquire(3199)).isFalse();
    }
}
