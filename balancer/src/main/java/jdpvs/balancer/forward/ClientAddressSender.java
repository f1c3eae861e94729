package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.port.Step;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * Puts the client's address into the segments that must carry it (facts: behaviour §5.1): cuts those in two that it would make too long, and tells the log of
 * what still goes without. Both parts of a cut segment carry it: either may reach the server first.
 */
final class ClientAddressSender {
    private static final int REPORT_MILLIS = 1000;

    private final WorkerContext context;
    private final ClientAddressOption option = new ClientAddressOption();
    private final Segments segments;
    private BalancerEvents events = BalancerEvents.NONE;
    private long withoutRoom;
    private long segmentsSplit;
    private long nextReportMillis;
    private int tailLength;

    ClientAddressSender(WorkerContext context) {
        this.context = context;
        this.segments = new Segments(context);
        this.nextReportMillis = context.nowMillis;
    }

    void events(BalancerEvents newEvents) {
        events = newEvents;
    }

    /** Packets that went to a server without the client's address for want of room; any thread may see it late. */
    long withoutRoom() {
        return withoutRoom;
    }

    /** Segments that left as two; any thread may see it late. */
    long segmentsSplit() {
        return segmentsSplit;
    }

    /** Whether a segment of a connection that is {@link Connection#CLIENT_ADDRESS_DUE} carries the address: it acknowledges the server's SYN alone. */
    boolean isWanted(long record, long tcp) {
        return (Connection.flags(record) & Connection.CLIENT_ADDRESS_DUE) != 0
                && (Tcp.flags(tcp) & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.ACK
                && Tcp.acknowledgement(tcp) == Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
    }

    /**
     * Cuts the end off a segment that has no room.
     *
     * @return the end as a frame of its own, {@link #tailLength} bytes long, the first frame ends with its IPv4 packet then; {@link Segments#NONE} when there is room, or cutting does not help
     */
    long cut(long frame, int transportOffset, int mtu) {
        int excess = option.excess(frame, transportOffset, mtu);
        if (excess == 0) {
            return Segments.NONE;
        }
        long tail = segments.cut(frame, transportOffset, excess, mtu - ClientAddressOption.LENGTH);
        if (tail != Segments.NONE) {
            segmentsSplit++;
            tailLength = Ethernet.LENGTH + Ipv4.totalLength(tail + Ethernet.LENGTH);
            context.step(Step.SEGMENT_SPLIT, Ipv4.totalLength(frame + Ethernet.LENGTH), 0);
        }
        return tail;
    }

    int tailLength() {
        return tailLength;
    }

    /**
     * Inserts the option if there is room.
     *
     * @return where the frame begins now: lower by as much as it has grown
     */
    long insert(long record, long frame, int transportOffset, int mtu) {
        int client = Connection.clientAddress(record);
        int port = Connection.clientPort(record);
        int shift = option.insert(frame, transportOffset, client, port, mtu);
        if (shift != ClientAddressOption.NO_ROOM) {
            context.step(Step.CLIENT_ADDRESS_TOLD, Integer.toUnsignedLong(client), port);
            return frame - shift;
        }
        withoutRoom++;
        context.step(Step.CLIENT_ADDRESS_NO_ROOM, ClientAddressOption.LENGTH, 0);
        if (context.nowMillis >= nextReportMillis) {
            nextReportMillis = context.nowMillis + REPORT_MILLIS;
            report(record);
        }
        return frame;
    }

    private void report(long record) {
        long toClient = Memory.getLong(record + Connection.OUT + Connection.ADDRESSES);
        long toServer = Memory.getLong(record + Connection.ADDRESSES);
        events.noRoomForClientAddress(
                pair(FlowKey.destination(toClient), FlowKey.source(toClient)),
                Connection.clientPort(record) << 16 | Connection.virtualPort(record),
                pair(FlowKey.source(toServer), FlowKey.destination(toServer)),
                Connection.localPort(record) << 16 | Connection.serverPort(record));
    }

    private static long pair(int first, int second) {
        return (long) first << 32 | Integer.toUnsignedLong(second);
    }
}
