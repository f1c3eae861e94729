package jdpvs.port.bond.lacp;

import static org.assertj.core.api.Assertions.assertThat;

import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpParty;
import jdpvs.wire.slow.LacpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The receive machine: IEEE 802.1AX-2014 §6.4.12, its functions §6.4.9. */
class LacpReceiveTest {
    private static final int ACTIVE = LacpState.ACTIVITY | LacpState.AGGREGATION;
    private static final LacpParty US = new LacpParty(65535, 0x0200_0000_000aL, 1, 255, 1, ACTIVE | LacpState.TIMEOUT);
    private static final LacpParty THEM =
            new LacpParty(65535, 0x0200_0000_000bL, 2, 255, 3, ACTIVE | LacpState.SYNCHRONIZATION);

    private final PortVariables variables = new PortVariables(US);
    private final ReceiveMachine machine = new ReceiveMachine(variables);
    private long nowMillis = 1000;

    private void step() {
        machine.step(nowMillis);
    }

    private void carrier(boolean up) {
        variables.portEnabled = up;
        step();
    }

    private void pdu(LacpParty sender, LacpParty believed) {
        machine.receive(new LacpMessage(sender, believed, 0), nowMillis);
    }

    /** Brings the machine into a state by what happens to real ports. */
    private void bring(String state) {
        if (!"PORT_DISABLED".equals(state)) {
            carrier(true);
        }
        switch (state) {
            case "DEFAULTED" -> {
                nowMillis += 3000;
                step();
            }
            case "CURRENT" -> pdu(THEM, variables.actor);
            case "EXPIRED", "PORT_DISABLED" -> {}
            default -> throw new IllegalArgumentException(state);
        }
        assertThat(machine.state()).hasToString(state);
        variables.selected = Selected.SELECTED;
        variables.needToTransmit = false;
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # state,        event,        next,          selected,   in sync, Defaulted, Expired
            PORT_DISABLED,  nothing,      PORT_DISABLED, SELECTED,   false,   true,      false
            PORT_DISABLED,  pdu,          PORT_DISABLED, SELECTED,   false,   true,      false
            PORT_DISABLED,  carrier,      EXPIRED,       SELECTED,   false,   true,      true
            PORT_DISABLED,  moved,        PORT_DISABLED, UNSELECTED, false,   true,      false
            EXPIRED,        2999 ms,      EXPIRED,       SELECTED,   false,   true,      true
            EXPIRED,        3000 ms,      DEFAULTED,     SELECTED,   true,    true,      false
            EXPIRED,        pdu,          CURRENT,       UNSELECTED, true,    false,     false
            EXPIRED,        no carrier,   PORT_DISABLED, SELECTED,   false,   true,      true
            DEFAULTED,      100000 ms,    DEFAULTED,     SELECTED,   true,    true,      false
            DEFAULTED,      pdu,          CURRENT,       UNSELECTED, true,    false,     false
            DEFAULTED,      no carrier,   PORT_DISABLED, SELECTED,   false,   true,      false
            CURRENT,        pdu,          CURRENT,       SELECTED,   true,    false,     false
            CURRENT,        pdu of other, CURRENT,       UNSELECTED, true,    false,     false
            CURRENT,        2999 ms,      CURRENT,       SELECTED,   true,    false,     false
            CURRENT,        3000 ms,      EXPIRED,       SELECTED,   false,   false,     true
            CURRENT,        no carrier,   PORT_DISABLED, SELECTED,   false,   false,     false
            """)
    void transitions(
            String from,
            String event,
            ReceiveState next,
            Selected selected,
            boolean inSync,
            boolean defaulted,
            boolean expired) {
        bring(from);
        switch (event) {
            case "nothing" -> step();
            case "carrier" -> carrier(true);
            case "no carrier" -> carrier(false);
            case "pdu" -> pdu(THEM, variables.actor);
            case "pdu of other" ->
                pdu(new LacpParty(65535, 0x0200_0000_000cL, 2, 255, 3, THEM.state()), variables.actor);
            case "moved" -> {
                variables.portMoved = true;
                step();
                assertThat(variables.portMoved).isFalse();
            }
            default -> {
                nowMillis += Long.parseLong(event.substring(0, event.indexOf(' ')));
                step();
            }
        }
        assertThat(machine.state()).isEqualTo(next);
        assertThat(variables.selected).isEqualTo(selected);
        assertThat(variables.partner.has(LacpState.SYNCHRONIZATION)).isEqualTo(inSync);
        assertThat(variables.actorHas(LacpState.DEFAULTED)).isEqualTo(defaulted);
        assertThat(variables.actorHas(LacpState.EXPIRED)).isEqualTo(expired);
    }

    /** From silence to default: CURRENT, EXPIRED, DEFAULTED; there the partner is forgotten, and the port has no aggregator. */
    @Test
    void silenceEndsInTheDefault() {
        bring("CURRENT");
        nowMillis += 3000;
        step();
        assertThat(variables.partner).isEqualTo(THEM.withState(ACTIVE | LacpState.TIMEOUT));
        nowMillis += 3000;
        step();
        assertThat(machine.state()).isEqualTo(ReceiveState.DEFAULTED);
        assertThat(variables.selected).isEqualTo(Selected.UNSELECTED);
        assertThat(variables.partner).isEqualTo(PortVariables.PARTNER_ADMIN);
    }

    @Test
    void theLongTimeoutIsNinetySeconds() {
        variables.setActor(LacpState.TIMEOUT, false);
        bring("CURRENT");
        nowMillis += 89_999;
        step();
        assertThat(machine.state()).isEqualTo(ReceiveState.CURRENT);
        nowMillis++;
        step();
        assertThat(machine.state()).isEqualTo(ReceiveState.EXPIRED);
    }

    /** recordPDU: when the partner's claim to be in sync is believed. Bits: A activity, S synchronization, G aggregation. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # sender, it believes of us, our activity, in sync
            AGS,      us,                true,         true
            AG,       us,                true,         false
            AGS,      another,           true,         false
            AGS,      us alone,          true,         false
            AS,       another,           true,         true
            GS,       us,                true,         true
            GS,       us passive,        true,         false
            GS,       us,                false,        false
            """)
    void whenThePartnerIsInSync(String sender, String believed, boolean active, boolean inSync) {
        bring("EXPIRED");
        variables.setActor(LacpState.ACTIVITY, active);
        int state = (sender.contains("A") ? LacpState.ACTIVITY : 0)
                | (sender.contains("G") ? LacpState.AGGREGATION : 0)
                | (sender.contains("S") ? LacpState.SYNCHRONIZATION : 0);
        LacpParty us = switch (believed) {
            case "us" -> variables.actor.with(LacpState.ACTIVITY, true);
            case "us alone" -> variables.actor.with(LacpState.AGGREGATION, false);
            case "us passive" -> variables.actor.with(LacpState.ACTIVITY, false);
            default -> new LacpParty(65535, 0x0200_0000_000aL, 1, 255, 2, US.state());
        };
        pdu(THEM.withState(state), us);
        assertThat(variables.partner.has(LacpState.SYNCHRONIZATION)).isEqualTo(inSync);
    }

    /** update_NTT: a partner whose picture of us is out of date is told at once; of bits that do not concern it, not. */
    @ParameterizedTest
    @CsvSource({
        "0x00, false",
        "0x01, true",
        "0x02, true",
        "0x04, true",
        "0x08, true",
        "0x10, false",
        "0x20, false",
        "0x40, false",
        "0x80, false"
    })
    void whenThePartnerIsTold(String difference, boolean told) {
        bring("CURRENT");
        pdu(THEM, variables.actor.withState(variables.actor.state() ^ Integer.decode(difference)));
        assertThat(variables.needToTransmit).isEqualTo(told);
    }

    /** update_Selected: port, its priority, system, its priority, key and aggregation are the partner; the other bits are not. */
    @ParameterizedTest
    @CsvSource({
        "1, 11, 2, 255, 3, 0x0d, UNSELECTED",
        "65535, 12, 2, 255, 3, 0x0d, UNSELECTED",
        "65535, 11, 9, 255, 3, 0x0d, UNSELECTED",
        "65535, 11, 2, 9, 3, 0x0d, UNSELECTED",
        "65535, 11, 2, 255, 9, 0x0d, UNSELECTED",
        "65535, 11, 2, 255, 3, 0x09, UNSELECTED",
        "65535, 11, 2, 255, 3, 0xf6, SELECTED"
    })
    void whenThePartnerIsAnother(
            int systemPriority, int system, int key, int portPriority, int port, String state, Selected selected) {
        bring("CURRENT");
        pdu(
                new LacpParty(
                        systemPriority, 0x0200_0000_0000L + system, key, portPriority, port, Integer.decode(state)),
                variables.actor);
        assertThat(variables.selected).isEqualTo(selected);
    }
}
