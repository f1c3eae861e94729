package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.TcpState;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.connection.TimerWheel;
import jdpvs.balancer.connection.UdpState;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.session.EndReason;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/** The states a connection goes through, and its end. */
final class Lifecycle implements TimerWheel.Expiry {
    private static final int ESTABLISHED = TcpState.ESTABLISHED.ordinal();

    private final BalancerState state;
    private final ResetSender resets;
    private int resetsThisTick;
    private long evicted;

    Lifecycle(BalancerState state) {
        this.state = state;
        this.resets = new ResetSender(state);
    }

    /** Lets a packet's flags act on a TCP connection. */
    void tcp(int connection, long record, boolean outbound, int tcpFlags) {
        if (state.sessions != null && (tcpFlags & (Tcp.FIN | Tcp.RST)) != 0) {
            state.sessions.ending(connection, outbound, tcpFlags);
        }
        int before = Connection.state(record);
        int after = TcpState.next(before, outbound, tcpFlags);
        if (after == before) {
            return;
        }
        change(connection, record, before, after);
        int server = Connection.server(record);
        if (after == ESTABLISHED) {
            state.counters.becameActive(server);
            setUnsteady(record, false);
        } else if (before == ESTABLISHED) {
            state.counters.becameInactive(server);
            setUnsteady(record, true);
        }
    }

    void udp(int connection, long record, boolean outbound) {
        int before = Connection.state(record);
        int after = UdpState.next(before, outbound);
        boolean proven = before == UdpState.NORMAL.ordinal() && isUnsteady(record) && !outbound;
        if (outbound) {
            Connection.clearFlag(record + Connection.OUT, Connection.UNSTEADY);
            if (after != before) {
                // A forged sender never sees the answer. The client's next packet tells.
                Connection.setFlag(record, Connection.UNSTEADY);
            }
        } else {
            // Until the server has answered, only its packets can change the state.
            Connection.clearFlag(record, Connection.UNSTEADY);
        }
        if (after != before || proven) {
            change(connection, record, before, after);
        }
    }

    /** Ends a connection at once. */
    void close(int connection, EndReason reason) {
        account(connection, state.connections.record(connection), reason);
        state.connections.close(connection);
    }

    /** Ends a half-open connection to make room for a new one. */
    void evict(int connection) {
        evicted++;
        state.context.step(Step.HALF_OPEN_EVICTED, connection, 0);
        close(connection, EndReason.EVICTED);
    }

    /** Half-open connections that had to make room; any thread may see it late. */
    long evicted() {
        return evicted;
    }

    /** Ends connections whose time is over. */
    void tick() {
        resetsThisTick = 0;
        state.connections.tick(state.context.nowMillis, this);
    }

    @Override
    public int remainingMillis(int connection, long record) {
        int idle = (int) state.context.nowMillis - Connection.lastSeen(record);
        return timeoutMillis(record, Connection.state(record)) - Math.max(0, idle);
    }

    @Override
    public boolean expire(int connection, long record) {
        if (!Connection.isUdp(record) && Connection.state(record) == ESTABLISHED) {
            if (resets.send(record)) {
                resetsThisTick++;
            } else if (resetsThisTick > 0) {
                // The buffers of this cycle are used up; the next ones have more.
                return false;
            } else {
                state.drop(DropReason.BUFFERS_EXHAUSTED);
            }
        }
        account(connection, record, EndReason.TIMEOUT);
        state.connections.closeExpired(connection);
        return true;
    }

    private void account(int connection, long record, EndReason reason) {
        if (state.sessions != null) {
            state.sessions.closed(connection, record, state.addresses, reason, state.context.nowMillis);
        }
        boolean active = !Connection.isUdp(record) && Connection.state(record) == ESTABLISHED;
        state.counters.ended(Connection.server(record), active);
        state.changes++;
    }

    private void change(int connection, long record, int before, int after) {
        int timeoutBefore = timeoutMillis(record, before);
        int timeoutAfter = timeoutMillis(record, after);
        Memory.putByte(record + Connection.STATE, after);
        state.connections.stateChanged(connection, state.context.nowMillis, timeoutAfter, timeoutAfter < timeoutBefore);
        state.context.step(Step.STATE_CHANGED, before, after);
    }

    private int timeoutMillis(long record, int number) {
        boolean udp = Connection.isUdp(record);
        int seconds = 0;
        if (number == (udp ? UdpState.NORMAL.ordinal() : ESTABLISHED)) {
            Service service = state.services.service(Connection.service(record));
            seconds = service == null ? 0 : service.connectionTimeoutSeconds();
        }
        if (seconds == 0) {
            seconds = state.timeouts.seconds(udp, number);
        }
        return Math.min(seconds, Timeouts.LONGEST_SECONDS) * 1000;
    }

    private static boolean isUnsteady(long line) {
        return (Connection.flags(line) & Connection.UNSTEADY) != 0;
    }

    private static void setUnsteady(long record, boolean unsteady) {
        if (unsteady) {
            Connection.setFlag(record, Connection.UNSTEADY);
            Connection.setFlag(record + Connection.OUT, Connection.UNSTEADY);
        } else {
            Connection.clearFlag(record, Connection.UNSTEADY);
            Connection.clearFlag(record + Connection.OUT, Connection.UNSTEADY);
        }
    }
}
