package jdpvs.port.bond.lacp;

import java.util.List;
import java.util.stream.IntStream;
import jdpvs.port.LinkState;
import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.Lacpdu;
import jdpvs.wire.slow.MarkerMessage;
import jdpvs.wire.slow.MarkerPdu;
import jdpvs.wire.slow.SlowProtocol;

/**
 * The LACP side of a bond: which of its slaves may take frames, and which may send some. Slaves are numbered from 0; slave n is port n + 1 of the protocol. All slaves begin without carrier.
 *
 * <p>One thread, which calls {@link #tick} about every 20 ms, and {@link #link} and one of {@code receive} when something happens. Time never runs backwards; its origin does not matter.
 */
public final class LacpBond {
    /** The queries answer with one bit per slave. */
    public static final int MAXIMUM_SLAVES = 32;

    private final List<LacpPort> ports;
    private final Selection selection;
    private long collecting;
    private long distributing;
    private long changes;

    /** @param sink is told what to send, from within this object's methods */
    public LacpBond(LacpOptions options, int slaves, LacpSink sink) {
        if (slaves < 1 || slaves > MAXIMUM_SLAVES) {
            throw new IllegalArgumentException("a bond has 1 to " + MAXIMUM_SLAVES + " slaves, not " + slaves);
        }
        ports = IntStream.range(0, slaves)
                .mapToObj(slave -> new LacpPort(slave, options, sink))
                .toList();
        selection = new Selection(ports);
    }

    public int slaveCount() {
        return ports.size();
    }

    /** What the driver knows of a slave's link; may be told again and again. */
    public void link(int slave, LinkState link, long nowMillis) {
        ports.get(slave).link(link);
        settle(nowMillis);
    }

    /**
     * Takes a frame of a slow protocol that came in on a slave; any other is left alone.
     *
     * @param frame untagged, {@code length} bytes from the Ethernet header on
     * @return whether it was one of LACP or markers, good or bad, and is done with
     */
    public boolean receive(int slave, long frame, int length, long nowMillis) {
        if (!SlowProtocol.is(frame, length)) {
            return false;
        }
        int subtype = SlowProtocol.subtype(frame);
        if (subtype != SlowProtocol.SUBTYPE_LACP && subtype != SlowProtocol.SUBTYPE_MARKER) {
            return false;
        }
        if (Lacpdu.isValid(frame, length)) {
            receive(slave, LacpMessage.read(frame), nowMillis);
        } else if (MarkerPdu.isValid(frame, length)) {
            receive(slave, MarkerPdu.read(frame), nowMillis);
        } else {
            ports.get(slave).bad();
        }
        return true;
    }

    public void receive(int slave, LacpMessage message, long nowMillis) {
        for (int other = 0; other < ports.size(); other++) {
            if (other != slave) {
                ports.get(other).partnerHeardElsewhere(message.actor());
            }
        }
        ports.get(slave).receive(message, nowMillis);
        settle(nowMillis);
    }

    public void receive(int slave, MarkerMessage marker, long nowMillis) {
        ports.get(slave).receive(marker, nowMillis);
    }

    /** Lets time pass. */
    public void tick(long nowMillis) {
        settle(nowMillis);
    }

    /** The last thing: tells every partner that nothing may be sent here any more, so that none has to time out. */
    public void leave(long nowMillis) {
        ports.forEach(port -> port.leave(nowMillis));
        look();
    }

    private void settle(long nowMillis) {
        for (LacpPort port : ports) {
            port.observe(nowMillis);
        }
        selection.step(nowMillis);
        boolean ready = selection.isReady(nowMillis);
        for (LacpPort port : ports) {
            port.conclude(ready, nowMillis);
        }
        look();
    }

    private void look() {
        long nowCollecting = 0;
        long nowDistributing = 0;
        for (int slave = 0; slave < ports.size(); slave++) {
            MuxState mux = ports.get(slave).muxState();
            nowDistributing |= mux == MuxState.DISTRIBUTING ? 1L << slave : 0;
            nowCollecting |= mux == MuxState.DISTRIBUTING || mux == MuxState.COLLECTING ? 1L << slave : 0;
        }
        if (nowCollecting != collecting || nowDistributing != distributing) {
            collecting = nowCollecting;
            distributing = nowDistributing;
            changes++;
        }
    }

    /** Whether frames that came in on the slave are the bond's. */
    public boolean isCollecting(int slave) {
        return (collecting >>> slave & 1) != 0;
    }

    /** Whether the bond may send frames by the slave. */
    public boolean isDistributing(int slave) {
        return (distributing >>> slave & 1) != 0;
    }

    /** Bit n is {@link #isDistributing}(n). */
    public long distributing() {
        return distributing;
    }

    /** Grows whenever a slave begins or ends to collect or to distribute. */
    public long changes() {
        return changes;
    }

    public LacpStatus status(int slave) {
        return ports.get(slave).status(aggregator(slave));
    }

    /** All slaves in their order. */
    public List<LacpStatus> status() {
        return IntStream.range(0, ports.size()).mapToObj(this::status).toList();
    }

    private int aggregator(int slave) {
        LacpPort port = ports.get(slave);
        if (port.selected() == Selected.UNSELECTED) {
            return 0;
        }
        int lowest = slave;
        for (int other = slave - 1; other >= 0; other--) {
            LacpPort candidate = ports.get(other);
            if (candidate.selected() != Selected.UNSELECTED && candidate.lag().equals(port.lag())) {
                lowest = other;
            }
        }
        return lowest + 1;
    }
}
