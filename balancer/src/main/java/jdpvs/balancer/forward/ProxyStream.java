package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.service.Service;
import jdpvs.port.Step;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.TcpOptions;
import jdpvs.wire.VirtioNetHeader;

/**
 * The PROXY header at the beginning of a TCP connection's stream (facts: behaviour §5.3), a segment of its own, so that neither MTU nor segmentation matter to it:
 *
 * <pre>
 *  the client's numbers    first ────── its own header, if any (C) ────────────── data …
 *  the server's numbers    begin ── our header (H) ────────────────────────────── data …
 * </pre>
 *
 * It takes the place of the acknowledgement that ends the handshake: a server that speaks first gets it as well, and whoever loses it asks for it with its SYN. Where a header of the client's is
 * believed, it waits for the client's first bytes. It goes before the client's first bytes, each time they come, until the server has acknowledged it. No more than that need be remembered:
 *
 * <ul>
 *   <li>begin: the last acknowledgement number of the out line, which stays as it was in the server's SYN;
 *   <li>H: its length in the record, and its bytes follow from the addresses, or, where it was converted, from the client's header that comes again with them;
 *   <li>the in line's sequence delta counts H and C from the moment on when they are known; the out line's acknowledgement delta counts neither until the server has
 *       acknowledged the header, so that an acknowledgement of part of it, lowered to begin, acknowledges nothing of the client's.
 * </ul>
 *
 * What makes it safe: until the server has acknowledged the header, no byte of the client's leaves with a number before the header's end, so that nothing else can be read there. Once
 * it has acknowledged the header, whatever comes with such a number is old to it. And a second connection of the server's within one of ours, which would begin without a header, is refused: {@link
 * #isSecondLife}.
 */
final class ProxyStream {
    /** What belongs before a client's segment. */
    enum Lead {
        /** Nothing. */
        NONE,
        /** The header. */
        BEFORE,
        /** The header; the segment itself is not needed then. */
        INSTEAD,
        /** The segment cannot be sent yet. */
        REFUSED
    }

    private static final int TIMESTAMPS_LENGTH = 10;

    private final BalancerState state;
    private final Segments segments;
    private final ProxySource source;

    /** Bytes at the front of the segment at hand that are not for the server: of the client's own header, or before it. */
    private int own;

    private long added;

    ProxyStream(BalancerState state) {
        this.state = state;
        this.segments = new Segments(state.context);
        this.source = new ProxySource(state.addresses);
    }

    /** Frames made here that went beside the client's. */
    long added() {
        return added;
    }

    /** Whether a connection's server expects a header, also when it has long had it. */
    boolean isExpected(long record) {
        if (Connection.isProxied(record)) {
            return true;
        }
        Service service = state.services.service(Connection.service(record));
        return service == null || service.proxyProtocol() != null;
    }

    /** A client's SYN, before it is rewritten, of a connection whose server {@link #isExpected expects} a header. */
    void synFromClient(long record, long frame, int transportOffset) {
        long tcp = frame + transportOffset;
        int bytes = payload(frame, tcp);
        if (bytes > 0) {
            // Data of a SYN (RFC 7413) would come before the header; the client repeats what the server does not
            // acknowledge.
            long ip = frame + Ethernet.LENGTH;
            Segments.shorten(frame, ip, tcp, Ip.totalLength(ip) - bytes);
        }
        if (isHandshake(record)) {
            return;
        }
        Connection.setFlag(record + Connection.OUT, Connection.PROXY_SYN_AGAIN);
        if (isDue(record)) {
            // It comes before what has moved the numbers since.
            renumber(frame, tcp, 4, Tcp.sequence(tcp) - moved(record));
        }
    }

    /**
     * Looks at a client's segment other than a SYN, of a connection that is {@link Connection#isProxied}, before it is rewritten.
     *
     * @return what to do; {@link #header} and {@link #withoutHeader} do it, afterwards
     */
    Lead fromClient(long record, long frame, int transportOffset) {
        own = 0;
        long tcp = frame + transportOffset;
        int flags = Tcp.flags(tcp);
        boolean spoke = (Connection.flags(record) & Connection.CLIENT_SPOKE) != 0;
        boolean due = isDue(record);
        boolean answered = !due || (Connection.flags(record + Connection.OUT) & Connection.PROXY_ANSWERED) != 0;
        if (!answered || (spoke && !due) || !Segments.isSound(frame, transportOffset)) {
            return Lead.NONE;
        }
        int bytes = payload(frame, tcp);
        int ahead = Tcp.sequence(tcp) + Memory.getInt(record + Connection.SEQUENCE_DELTA) - end(record);
        if ((flags & Tcp.RST) != 0) {
            return resets(record, ahead);
        }
        if ((flags & Tcp.ACK) == 0) {
            return Lead.NONE;
        }
        if (spoke) {
            return repeats(record, tcp, bytes, ahead);
        }
        boolean old = ahead < 0 && ahead + bytes <= 0 && (flags & Tcp.FIN) == 0;
        if (old || (bytes == 0 && (flags & Tcp.FIN) == 0)) {
            return listens(record, ahead);
        }
        return speaks(record, tcp, bytes, ahead);
    }

    /** A reset must be the next byte to be believed (RFC 5961 §3.2). */
    private Lead resets(long record, int ahead) {
        int length = Connection.proxyHeaderLength(record);
        return length != 0 && ahead == 0 && source.own(record) == length ? Lead.BEFORE : Lead.NONE;
    }

    /** A segment without payload, or with bytes before the first (a keep-alive probe, RFC 9293 §3.8.4), before the client has spoken. */
    private Lead listens(long record, int ahead) {
        boolean insecure = (Connection.flags(record) & Connection.PROXY_INSECURE) != 0;
        int length = Connection.proxyHeaderLength(record);
        if (!isDue(record) || insecure || ahead > 0 || (length == 0 && ahead != 0)) {
            return Lead.NONE;
        }
        int bytes = source.own(record);
        if (length == 0) {
            begin(record, bytes);
        }
        return Lead.INSTEAD;
    }

    /** The client's first bytes, or its end. */
    private Lead speaks(long record, long tcp, int bytes, int ahead) {
        if (ahead != 0) {
            return Lead.REFUSED;
        }
        own = source.read(tcp + Tcp.headerLength(tcp), bytes);
        boolean due = isDue(record);
        if (due) {
            boolean believed = own > 0 && (Connection.flags(record) & Connection.PROXY_INSECURE) != 0;
            if (believed && source.isAsWanted(record)) {
                state.context.step(Step.PROXY_HEADER_KEPT, own, source.versionRead());
                own = 0;
                acknowledged(record);
                spoke(record);
                return Lead.NONE;
            }
            int length = believed ? source.converted(record) : source.own(record);
            if (Connection.proxyHeaderLength(record) == 0) {
                begin(record, length);
            }
        }
        if (own > 0) {
            state.context.step(Step.PROXY_HEADER_REPLACED, own, source.versionRead());
            Memory.putInt(record + Connection.SEQUENCE_DELTA, Memory.getInt(record + Connection.SEQUENCE_DELTA) - own);
            if (!due) {
                agree(record);
            }
        }
        spoke(record);
        return due ? Lead.BEFORE : Lead.NONE;
    }

    /** Bytes that may have been sent before, while the server has not acknowledged the header. */
    private Lead repeats(long record, long tcp, int bytes, int ahead) {
        int clients = Connection.proxyHeaderLength(record) - moved(record);
        boolean ends = (Tcp.flags(tcp) & Tcp.FIN) != 0;
        boolean first = ahead == -clients && (bytes > 0 || ends);
        if (ahead > 0 || (ahead == 0 && !first)) {
            return Lead.NONE;
        }
        if (clients > 0 && (Connection.flags(record) & Connection.PROXY_INSECURE) != 0) {
            if (!first || source.read(tcp + Tcp.headerLength(tcp), bytes) != clients) {
                return bytes == 0 ? Lead.NONE : Lead.REFUSED;
            }
            source.converted(record);
        } else {
            source.own(record);
        }
        own = Math.min(-ahead, bytes);
        boolean nothingLeft = ahead + bytes < 0 || (ahead + bytes == 0 && !ends);
        return nothingLeft ? Lead.INSTEAD : Lead.BEFORE;
    }

    /**
     * Looks at a server's acknowledgement while the header is {@link Connection#PROXY_HEADER_DUE}, before it is rewritten; one of a part of the header becomes one of nothing.
     *
     * @return whether its number is to be remembered as the last one
     */
    boolean fromServer(long record, long frame, int transportOffset) {
        long tcp = frame + transportOffset;
        if ((Tcp.flags(tcp) & Tcp.SYN) != 0) {
            return isHandshake(record);
        }
        int length = Connection.proxyHeaderLength(record);
        if (length == 0 || !Segments.isSound(frame, transportOffset)) {
            return false;
        }
        int begin = Memory.getInt(record + Connection.OUT + Connection.LAST_ACKNOWLEDGEMENT);
        int bytes = Tcp.acknowledgement(tcp) - begin;
        if (bytes >= length) {
            acknowledged(record);
            return true;
        }
        if (bytes > 0) {
            renumber(frame, tcp, 8, begin);
        }
        // What it has of later bytes counts by another delta; the client repeats them with the first.
        OptionGuard.blank(frame, tcp, TcpOptions.SACK);
        return false;
    }

    /** Whether a connection's server may still answer the SYN that opened it: nothing has been sent but that. */
    boolean isHandshake(long record) {
        return isDue(record)
                && Connection.proxyHeaderLength(record) == 0
                && (Connection.flags(record) & Connection.CLIENT_SPOKE) == 0;
    }

    /**
     * Whether a server's SYN begins another connection of the server's, because it has forgotten the one before and the client has sent a SYN again: one without a header, for that was
     * sent. The server's repetition of its first SYN does not.
     */
    boolean isSecondLife(long record, long tcp) {
        boolean again = (Connection.flags(record + Connection.OUT) & Connection.PROXY_SYN_AGAIN) != 0;
        boolean repeated = (Connection.flags(record) & Connection.CLIENT_ADDRESS_DUE) != 0
                && Tcp.sequence(tcp) + 1 == Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
        return again && !repeated && !isHandshake(record);
    }

    /** The server has sent its SYN. */
    static void answered(long record) {
        if (isDue(record)) {
            Connection.setFlag(record + Connection.OUT, Connection.PROXY_ANSWERED);
        }
    }

    /**
     * The header as a segment of its own, which has nothing of the client's segment but its numbers, so that the client cannot spoil it.
     *
     * @param segment the client's, rewritten
     * @return its frame, or {@link Segments#NONE} when there is no buffer
     */
    long header(long record, Lead lead, long segment, int transportOffset) {
        long frame = state.context.egress.allocate();
        if (frame == 0) {
            return Segments.NONE;
        }
        long theirs = segment + transportOffset;
        long stamps = TcpOptions.find(theirs, TcpOptions.TIMESTAMPS);
        boolean stamped = stamps != 0 && TcpOptions.length(stamps) == TIMESTAMPS_LENGTH;
        int headers = Tcp.MINIMUM_LENGTH + (stamped ? TIMESTAMPS_LENGTH + 2 : 0);
        long tcp = OwnHeader.begin(frame, record, state.addresses, headers + source.length());
        Tcp.setSequence(tcp, Memory.getInt(record + Connection.OUT + Connection.LAST_ACKNOWLEDGEMENT));
        Tcp.setAcknowledgement(
                tcp,
                (Tcp.flags(theirs) & Tcp.ACK) != 0
                        ? Tcp.acknowledgement(theirs)
                        : Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT));
        Memory.putShortNet(tcp + 12, headers << 10 | Tcp.ACK | Tcp.PSH);
        Memory.putShortNet(tcp + 14, Tcp.window(theirs));
        Memory.putInt(tcp + 16, 0);
        if (stamped) {
            Memory.putShortNet(tcp + Tcp.MINIMUM_LENGTH, TcpOptions.NO_OPERATION << 8 | TcpOptions.NO_OPERATION);
            Memory.copy(stamps, tcp + Tcp.MINIMUM_LENGTH + 2, TIMESTAMPS_LENGTH);
        }
        source.copy(tcp + headers);
        OwnHeader.finish(frame, tcp);
        added += lead == Lead.BEFORE ? 1 : 0;
        state.context.step(Step.PROXY_HEADER_SENT, source.length(), source.versionWritten());
        return frame;
    }

    /** The client's segment, rewritten, without what is not for the server; returns where the frame begins now. */
    long withoutHeader(long frame, int transportOffset) {
        return own == 0 ? frame : segments.dropFront(frame, transportOffset, own);
    }

    /** Lets a connection take the fast path when nothing is to come any more. */
    static void settle(long record) {
        int flags = Connection.flags(record)
                & (Connection.PROXIED | Connection.CLIENT_SPOKE | Connection.CLIENT_ADDRESS_DUE);
        if (flags == (Connection.PROXIED | Connection.CLIENT_SPOKE) && !isDue(record)) {
            Connection.clearProxied(record);
        }
    }

    private static void begin(long record, int bytes) {
        Connection.setProxyHeaderLength(record, bytes);
        Memory.putInt(record + Connection.SEQUENCE_DELTA, Memory.getInt(record + Connection.SEQUENCE_DELTA) + bytes);
    }

    private static void spoke(long record) {
        Connection.setFlag(record, Connection.CLIENT_SPOKE);
        settle(record);
    }

    private static void acknowledged(long record) {
        Connection.setProxyHeaderLength(record, 0);
        Connection.clearFlag(record + Connection.OUT, Connection.PROXY_HEADER_DUE | Connection.PROXY_ANSWERED);
        agree(record);
        settle(record);
    }

    /** Acknowledgements count as sequence numbers do. */
    private static void agree(long record) {
        Memory.putInt(
                record + Connection.OUT + Connection.ACKNOWLEDGEMENT_DELTA,
                -Memory.getInt(record + Connection.SEQUENCE_DELTA));
    }

    private static boolean isDue(long record) {
        return (Connection.flags(record + Connection.OUT) & Connection.PROXY_HEADER_DUE) != 0;
    }

    /** By how much the header, and the client's own, have moved the client's numbers; 0 once the server has acknowledged it. */
    private static int moved(long record) {
        return Memory.getInt(record + Connection.SEQUENCE_DELTA)
                + Memory.getInt(record + Connection.OUT + Connection.ACKNOWLEDGEMENT_DELTA);
    }

    /** Where the client's bytes begin, in the server's numbers. */
    private static int end(long record) {
        return Memory.getInt(record + Connection.OUT + Connection.LAST_ACKNOWLEDGEMENT)
                + Connection.proxyHeaderLength(record);
    }

    /** Sets a number of a segment that is not rewritten yet, at an offset of its header. */
    private static void renumber(long frame, long tcp, int offset, int value) {
        int before = Memory.getIntNet(tcp + offset);
        Memory.putIntNet(tcp + offset, value);
        if (!VirtioNetHeader.needsChecksum(frame)) {
            Checksum.apply(tcp + Tcp.CHECKSUM_OFFSET, Checksum.delta32(before, value));
        }
    }

    private static int payload(long frame, long tcp) {
        long ip = frame + Ethernet.LENGTH;
        return Ip.totalLength(ip) - (int) (tcp - ip) - Tcp.headerLength(tcp);
    }
}
