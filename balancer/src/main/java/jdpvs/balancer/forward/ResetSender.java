package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.port.DropReason;
import jdpvs.stack.Route;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * Tells both ends of an established connection that it is over. A reset is believed only if its sequence number is exactly the one expected next
 * (RFC 5961 §3.2), which is what its receiver has last acknowledged.
 */
final class ResetSender {
    private final BalancerState state;

    ResetSender(BalancerState state) {
        this.state = state;
    }

    /** @return false when there was no buffer for both */
    boolean send(long record) {
        long toServer = state.context.egress.allocate();
        if (toServer == 0) {
            return false;
        }
        long toClient = state.context.egress.allocate();
        if (toClient == 0) {
            return false;
        }
        long out = record + Connection.OUT;
        int fromClient = Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
        int fromServer = Memory.getInt(out + Connection.LAST_ACKNOWLEDGEMENT);
        int shiftIn = Memory.getInt(record + Connection.ACKNOWLEDGEMENT_DELTA);
        int shiftOut = Memory.getInt(out + Connection.ACKNOWLEDGEMENT_DELTA);
        // Each end is given its own number as sequence, and as acknowledgement what the other end confirmed, in its own
        // numbering.
        send(toServer, record, fromServer, fromClient + shiftIn);
        send(toClient, out, fromClient, fromServer + shiftOut);
        return true;
    }

    private void send(long frame, long line, int sequence, int acknowledgement) {
        long tcp = OwnHeader.begin(frame, line, state.addresses, Tcp.MINIMUM_LENGTH);
        Tcp.setSequence(tcp, sequence);
        Tcp.setAcknowledgement(tcp, acknowledgement);
        Memory.putShortNet(tcp + 12, Tcp.MINIMUM_LENGTH << 10 | Tcp.RST | Tcp.ACK);
        Memory.putLong(tcp + 14, 0);
        int length = OwnHeader.finish(frame, tcp);
        Route route = state.route(line);
        if (route == null) {
            state.drop(DropReason.NO_ROUTE);
        } else {
            state.stack.output(route, frame, length);
        }
    }
}
