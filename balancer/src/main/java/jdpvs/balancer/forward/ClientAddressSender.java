package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.ConnectionAddresses;
import jdpvs.balancer.connection.ConnectionSnapshot;
import jdpvs.port.Step;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;

/**
 * Puts the client's address into the segments that must carry it (facts: behaviour §5.1): cuts those in two that it would make too long, and tells the log of
 * what still goes without. Both parts of a cut segment carry it: either may reach the server first.
 */
final class ClientAddressSender {
    private static final int REPORT_MILLIS = 1000;

    private final BalancerState state;
    private final WorkerContext context;
    private final ConnectionAddresses addresses;
    private final ClientAddressOption option = new ClientAddressOption();
    private final Segments segments;
    private BalancerEvents events = BalancerEvents.NONE;
    private long withoutRoom;
    private long segmentsSplit;
    private long nextReportMillis;
    private int tailLength;

    ClientAddressSender(BalancerState state) {
        this.state = state;
        this.context = state.context;
        this.addresses = state.addresses;
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
        return (Connection.flags(record) & (Connection.CLIENT_ADDRESS_DUE | Connection.PROXIED))
                        == Connection.CLIENT_ADDRESS_DUE
                && (Tcp.flags(tcp) & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.ACK
                && Tcp.acknowledgement(tcp) == Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
    }

    /** Bytes by which a client's segments grow now. */
    static int growthNow(long record) {
        boolean due = (Connection.flags(record) & Connection.CLIENT_ADDRESS_DUE) != 0;
        return due ? growth(record) : 0;
    }

    /** Bytes by which a connection's segments grow while they carry the client's address; a PROXY header goes by itself. */
    static int growth(long record) {
        if (Connection.isProxied(record)) {
            return 0;
        }
        return ClientAddressOption.length(Connection.leavesAsIpv6(record + Connection.OUT));
    }

    /**
     * Cuts the end off a segment that has no room.
     *
     * @param frame as it will leave, but for the option
     * @return the end as a frame of its own, {@link #tailLength} bytes long, the first frame ends with its IP packet then; {@link Segments#NONE} when there is room, or cutting does not help
     */
    long cut(long record, long frame, int transportOffset, int mtu) {
        client(record);
        int excess = option.excess(frame, transportOffset, mtu);
        if (excess == 0) {
            return Segments.NONE;
        }
        long tail = segments.cut(frame, transportOffset, excess, mtu - growth(record));
        if (tail != Segments.NONE) {
            segmentsSplit++;
            tailLength = Ethernet.LENGTH + Ip.totalLength(tail + Ethernet.LENGTH);
            context.step(Step.SEGMENT_SPLIT, Ip.totalLength(frame + Ethernet.LENGTH), 0);
        }
        return tail;
    }

    int tailLength() {
        return tailLength;
    }

    /**
     * Inserts the option if there is room.
     *
     * @param frame as it will leave, but for the option
     * @param mtu of the route to the server; for a packet that leaves in fragments, bytes that its header can name
     * @return where the frame begins now: lower by as much as it has grown
     */
    long insert(int connection, long record, long frame, int transportOffset, int mtu) {
        client(record);
        int port = Connection.clientPort(record);
        int shift = option.insert(frame, transportOffset, port, mtu);
        if (shift != ClientAddressOption.NO_ROOM) {
            long out = record + Connection.OUT;
            context.step(Step.CLIENT_ADDRESS_TOLD, port, addresses.destinationHigh(out), addresses.destinationLow(out));
            return frame - shift;
        }
        withoutRoom++;
        context.step(Step.CLIENT_ADDRESS_NO_ROOM, growth(record), 0);
        if (context.nowMillis >= nextReportMillis) {
            nextReportMillis = context.nowMillis + REPORT_MILLIS;
            ConnectionSnapshot snapshot = state.connections.snapshot(connection);
            if (snapshot != null) {
                events.noRoomForClientAddress(snapshot);
            }
        }
        return frame;
    }

    private void client(long record) {
        long out = record + Connection.OUT;
        option.client(addresses.destinationHigh(out), addresses.destinationLow(out));
    }
}
