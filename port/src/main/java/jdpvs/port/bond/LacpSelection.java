package jdpvs.port.bond;

import java.lang.foreign.Arena;
import java.util.List;
import jdpvs.port.Burst;
import jdpvs.port.LinkState;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.port.bond.lacp.LacpBond;
import jdpvs.port.bond.lacp.LacpOptions;
import jdpvs.port.bond.lacp.LacpSink;
import jdpvs.port.bond.lacp.LacpStatus;
import jdpvs.wire.MacAddress;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.LacpState;
import jdpvs.wire.slow.MarkerMessage;
import jdpvs.wire.slow.SlowProtocol;

/** {@link BondMode#LACP}: the slaves that the other end has agreed on. Its PDUs come and go by the slaves' control queues. */
final class LacpSelection implements SlaveSelection {
    /** Of a time in which nobody ticked so much counts: enough for a PDU that is due, and less than a partner may be silent, whose PDUs wait to be read. */
    private static final long LONGEST_STEP_MILLIS = 1_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final List<Port> slaves;
    private final LacpBond lacp;
    private final Burst burst = new Burst();
    private final Arena memory = Arena.ofAuto();
    private final long frame =
            memory.allocate(PortQueue.HEADROOM + SlowProtocol.FRAME_LENGTH, 64).address() + PortQueue.HEADROOM;
    private long tickedMillis = NEVER;
    private long missedMillis;
    /** The protocol's time: that of the clock without what was missed. */
    private long nowMillis;

    LacpSelection(List<Port> slaves, LacpOptions options) {
        this.slaves = List.copyOf(slaves);
        this.lacp = new LacpBond(options, slaves.size(), new Sender());
    }

    /** Writes each message into one frame and sends it at once. */
    private final class Sender implements LacpSink {
        @Override
        public void send(int slave, LacpMessage message) {
            message.write(frame, slaves.get(slave).macAddress());
            transmit(slave);
        }

        @Override
        public void send(int slave, MarkerMessage response) {
            response.write(frame, slaves.get(slave).macAddress());
            transmit(slave);
        }
    }

    private void transmit(int slave) {
        PortQueue control = slaves.get(slave).control();
        if (control != null) {
            VirtioNetHeader.clear(frame);
            burst.add(frame, SlowProtocol.FRAME_LENGTH);
            control.transmit(burst);
        }
    }

    @Override
    public boolean takes(int slave, long received, int length) {
        return lacp.receive(slave, received, length, nowMillis);
    }

    @Override
    public void link(int slave, LinkState link, long now) {
        advance(now);
        lacp.link(slave, link, nowMillis);
    }

    @Override
    public void tick(long now) {
        advance(now);
        lacp.tick(nowMillis);
    }

    private void advance(long now) {
        if (tickedMillis != NEVER) {
            missedMillis += Math.max(0, now - tickedMillis - LONGEST_STEP_MILLIS);
        }
        tickedMillis = now;
        nowMillis = now - missedMillis;
    }

    @Override
    public boolean receives(int slave) {
        return lacp.isCollecting(slave);
    }

    @Override
    public boolean sends(int slave) {
        return lacp.isDistributing(slave);
    }

    @Override
    public void leave() {
        lacp.leave(nowMillis);
    }

    @Override
    public String negotiation(int slave) {
        LacpStatus status = lacp.status(slave);
        boolean heard = !LacpState.has(status.actor().state(), LacpState.DEFAULTED);
        String partner = heard
                ? "partner " + MacAddress.format(status.partner().system()) + " port "
                        + status.partner().port() + " key " + status.partner().key() + " "
                        + LacpState.format(status.partner().state())
                : "no partner";
        String word = sends(slave)
                ? heard ? "negotiated" : "individual"
                : status.looped() ? "looped" : status.carrier() ? "not negotiated" : "no carrier";
        return "lacp " + word + ", aggregator " + status.aggregator() + ", mux " + status.mux() + ", actor "
                + LacpState.format(status.actor().state()) + ", " + partner + ", PDUs in "
                + status.counters().pdusIn() + " out " + status.counters().pdusOut() + " bad "
                + status.counters().bad();
    }
}
