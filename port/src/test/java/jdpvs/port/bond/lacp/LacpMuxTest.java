package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mux machine with independent control: IEEE 802.1AX-2014 §6.4.15. */
class LacpMuxTest {
    private final PortVariables variables =
            new PortVariables(new LacpParty(65535, 0x0200_0000_000aL, 1, 255, 1, LacpState.ACTIVITY));
    private final MuxMachine machine = new MuxMachine(variables);
    private long nowMillis = 1000;

    private void set(Selected selected, boolean partnerInSync, boolean partnerCollects) {
        variables.selected = selected;
        variables.setPartner(LacpState.SYNCHRONIZATION, partnerInSync);
        variables.setPartner(LacpState.COLLECTING, partnerCollects);
    }

    private void bring(MuxState state) {
        set(Selected.UNSELECTED, false, false);
        if (state.compareTo(MuxState.WAITING) >= 0) {
            set(Selected.SELECTED, false, false);
            machine.step(false, nowMillis);
        }
        if (state.compareTo(MuxState.ATTACHED) >= 0) {
            set(Selected.SELECTED, state.compareTo(MuxState.COLLECTING) >= 0, state == MuxState.DISTRIBUTING);
            machine.step(true, nowMillis);
        }
        assertThat(machine.state()).isEqualTo(state);
        variables.needToTransmit = false;
    }

    /** The partner's words: what of "sync" and "collects" it says. The last column is whether a PDU is due. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # state,       selected,   partner,       ready, next,         actor bits, told
            DETACHED,      UNSELECTED, sync collects, true,  DETACHED,     0x00,       false
            DETACHED,      SELECTED,   sync collects, true,  WAITING,      0x00,       false
            DETACHED,      STANDBY,    sync collects, true,  WAITING,      0x00,       false
            WAITING,       SELECTED,   sync collects, false, WAITING,      0x00,       false
            WAITING,       STANDBY,    sync collects, true,  WAITING,      0x00,       false
            WAITING,       UNSELECTED, sync collects, true,  DETACHED,     0x00,       true
            WAITING,       SELECTED,   nothing,       true,  ATTACHED,     0x08,       true
            WAITING,       SELECTED,   sync,          true,  COLLECTING,   0x18,       true
            WAITING,       SELECTED,   sync collects, true,  DISTRIBUTING, 0x38,       true
            ATTACHED,      SELECTED,   nothing,       true,  ATTACHED,     0x08,       false
            ATTACHED,      SELECTED,   collects,      true,  ATTACHED,     0x08,       false
            ATTACHED,      SELECTED,   sync,          false, COLLECTING,   0x18,       true
            ATTACHED,      STANDBY,    sync,          true,  WAITING,      0x00,       true
            ATTACHED,      UNSELECTED, sync,          true,  DETACHED,     0x00,       true
            COLLECTING,    SELECTED,   sync,          true,  COLLECTING,   0x18,       false
            COLLECTING,    SELECTED,   sync collects, true,  DISTRIBUTING, 0x38,       false
            COLLECTING,    SELECTED,   collects,      true,  ATTACHED,     0x08,       true
            COLLECTING,    STANDBY,    sync collects, true,  WAITING,      0x00,       true
            COLLECTING,    UNSELECTED, sync collects, true,  DETACHED,     0x00,       true
            DISTRIBUTING,  SELECTED,   sync collects, false, DISTRIBUTING, 0x38,       false
            DISTRIBUTING,  SELECTED,   sync,          true,  COLLECTING,   0x18,       true
            DISTRIBUTING,  SELECTED,   collects,      true,  ATTACHED,     0x08,       true
            DISTRIBUTING,  STANDBY,    sync collects, true,  WAITING,      0x00,       true
            DISTRIBUTING,  UNSELECTED, sync collects, true,  DETACHED,     0x00,       true
            """)
    void transitions(
            MuxState from,
            Selected selected,
            String partner,
            boolean ready,
            MuxState next,
            String actorBits,
            boolean told) {
        bring(from);
        set(selected, partner.contains("sync"), partner.contains("collects"));
        machine.step(ready, nowMillis);
        assertThat(machine.state()).isEqualTo(next);
        assertThat(variables.actor.state() & ~LacpState.ACTIVITY).isEqualTo(Integer.decode(actorBits));
        assertThat(variables.needToTransmit).isEqualTo(told);
    }

    /** Aggregate_Wait_Time; a port that stands by has done its waiting when it is called. */
    @Test
    void waitingTakesTwoSeconds() {
        assertThat(machine.isReady(nowMillis)).isFalse();
        variables.selected = Selected.STANDBY;
        machine.step(false, nowMillis);
        assertThat(machine.isReady(nowMillis + 1999)).isFalse();
        assertThat(machine.isReady(nowMillis + 2000)).isTrue();
        variables.selected = Selected.SELECTED;
        machine.step(machine.isReady(nowMillis + 2000), nowMillis + 2000);
        assertThat(machine.state()).isGreaterThanOrEqualTo(MuxState.ATTACHED);
        assertThat(machine.isReady(nowMillis + 9000)).isFalse();
    }

    @Test
    void theBeginningIsDetachedAndSaysSo() {
        assertThat(machine.state()).isEqualTo(MuxState.DETACHED);
        assertThat(variables.needToTransmit).isTrue();
    }
}
