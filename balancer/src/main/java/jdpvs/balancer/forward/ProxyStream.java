package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
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
 * believed, it waits for the client's first bytes. It is sent again with the client's first bytes until the server has acknowledged it. No more than that need be remembered:
 *
 * <ul>
 *   <li>begin: the last acknowledgement number of the out line, which stays as it was in the server's SYN;
 *   <li>H: its length in the record, and its bytes follow from the addresses, or, where it was converted, from the client's header that comes again with them;
 *   <li>the in line's sequence delta counts H and C from the moment on when they are known; the out line's acknowledgement delta counts neither until the server has
 *       acknowledged the header, so that an acknowledgement of part of it, lowered to begin, acknowledges nothing of the client's.
 * </ul>
 *
 * Once the server has acknowledged the header, it has it: what comes before its end again, such as a client's own header, is old to it.
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

    private final BalancerState state;
    private final Segments segments;
    private final ProxySource source;

    /** Bytes of the client's own header at the front of the segment at hand. */
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

    /**
     * Looks at a client's segment of a connection that is {@link Connection#isProxied}, before it is rewritten.
     *
     * @return what to do; {@link #header} and {@link #withoutHeader} do it, afterwards
     */
    Lead fromClient(long record, long frame, int transportOffset) {
        own = 0;
        long tcp = frame + transportOffset;
        int flags = Tcp.flags(tcp);
        int bytes = payload(frame, tcp);
        if ((flags & Tcp.SYN) != 0) {
            if (bytes > 0) {
                // Data of a SYN (RFC 7413) would come before the header; the client repeats what the server does not
                // acknowledge.
                long ip = frame + Ethernet.LENGTH;
                Segments.shorten(frame, ip, tcp, Ip.totalLength(ip) - bytes);
            }
            return Lead.NONE;
        }
        boolean spoke = (Connection.flags(record) & Connection.CLIENT_SPOKE) != 0;
        boolean answered = Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT) != 0;
        if ((flags & Tcp.ACK) == 0
                || !answered
                || (spoke && !isDue(record))
                || !Segments.isSound(frame, transportOffset)) {
            return Lead.NONE;
        }
        int ahead = Tcp.sequence(tcp) + Memory.getInt(record + Connection.SEQUENCE_DELTA) - end(record);
        if (spoke) {
            return repeats(record, tcp, bytes, ahead);
        }
        return bytes > 0 || (flags & Tcp.FIN) != 0 ? speaks(record, tcp, bytes, ahead) : listens(record, flags, ahead);
    }

    /** A segment without payload, before there was any. */
    private Lead listens(long record, int flags, int ahead) {
        int length = Connection.proxyHeaderLength(record);
        if (!isDue(record) || ahead != 0) {
            return Lead.NONE;
        }
        if ((flags & Tcp.RST) != 0) {
            // It must be the next byte to be believed (RFC 5961 §3.2).
            return length != 0 && source.own(record) == length ? Lead.BEFORE : Lead.NONE;
        }
        if ((Connection.flags(record) & Connection.PROXY_INSECURE) != 0) {
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
        if (ahead < 0 && ahead + bytes <= 0 && (Tcp.flags(tcp) & Tcp.FIN) == 0) {
            // A keep-alive probe (RFC 9293 §3.8.4).
            return Lead.NONE;
        }
        if (ahead != 0) {
            return Lead.REFUSED;
        }
        own = source.read(tcp + Tcp.headerLength(tcp), bytes);
        Lead lead = Lead.NONE;
        if (isDue(record) && Connection.proxyHeaderLength(record) == 0) {
            boolean believed = own > 0 && (Connection.flags(record) & Connection.PROXY_INSECURE) != 0;
            if (believed && source.isAsWanted(record)) {
                state.context.step(Step.PROXY_HEADER_KEPT, own, source.versionRead());
                own = 0;
                acknowledged(record);
                spoke(record);
                return Lead.NONE;
            }
            begin(record, believed ? source.converted(record) : source.own(record));
            lead = Lead.BEFORE;
        }
        if (own > 0) {
            state.context.step(Step.PROXY_HEADER_REPLACED, own, source.versionRead());
            Memory.putInt(record + Connection.SEQUENCE_DELTA, Memory.getInt(record + Connection.SEQUENCE_DELTA) - own);
            if (!isDue(record)) {
                agree(record);
            }
        }
        spoke(record);
        return lead;
    }

    /** Bytes that may have been sent before, while the server has not acknowledged the header. */
    private Lead repeats(long record, long tcp, int bytes, int ahead) {
        long out = record + Connection.OUT;
        int length = Connection.proxyHeaderLength(record);
        int clients = length
                - Memory.getInt(record + Connection.SEQUENCE_DELTA)
                - Memory.getInt(out + Connection.ACKNOWLEDGEMENT_DELTA);
        if (ahead >= -clients && ahead < 0) {
            own = Math.min(-ahead, bytes);
        }
        boolean speaks = bytes > 0 || (Tcp.flags(tcp) & (Tcp.FIN | Tcp.RST)) != 0;
        if (ahead != -clients || !speaks) {
            return Lead.NONE;
        }
        if (clients == 0 || (Connection.flags(record) & Connection.PROXY_INSECURE) == 0) {
            source.own(record);
            return Lead.BEFORE;
        }
        if (source.read(tcp + Tcp.headerLength(tcp), bytes) != clients) {
            return Lead.REFUSED;
        }
        source.converted(record);
        return Lead.BEFORE;
    }

    /**
     * Looks at a server's acknowledgement while the header is {@link Connection#PROXY_HEADER_DUE}, before it is rewritten; one of a part of the header becomes one of nothing.
     *
     * @return whether its number is to be remembered as the last one
     */
    boolean fromServer(long record, long frame, long tcp) {
        int length = Connection.proxyHeaderLength(record);
        if ((Tcp.flags(tcp) & Tcp.SYN) != 0) {
            return length == 0;
        }
        if (length == 0) {
            return false;
        }
        int begin = Memory.getInt(record + Connection.OUT + Connection.LAST_ACKNOWLEDGEMENT);
        int bytes = Tcp.acknowledgement(tcp) - begin;
        if (bytes >= length) {
            acknowledged(record);
            return true;
        }
        if (bytes > 0) {
            Tcp.setAcknowledgement(tcp, begin);
            if (!VirtioNetHeader.needsChecksum(frame)) {
                Checksum.apply(tcp + Tcp.CHECKSUM_OFFSET, Checksum.delta32(begin + bytes, begin));
            }
        }
        // What it has of later bytes counts by another delta; the client repeats them with the first.
        OptionGuard.blank(frame, tcp, TcpOptions.SACK);
        return false;
    }

    /**
     * The header as a segment of its own.
     *
     * @param segment the client's, rewritten
     * @return its frame, or {@link Segments#NONE} when there is no buffer
     */
    long header(long record, Lead lead, long segment, int transportOffset) {
        long frame = segments.headersOf(segment, transportOffset);
        if (frame == Segments.NONE) {
            return Segments.NONE;
        }
        long tcp = frame + transportOffset;
        int headers = transportOffset + Tcp.headerLength(tcp);
        int bytes = source.copy(frame + headers);
        Tcp.setSequence(tcp, Memory.getInt(record + Connection.OUT + Connection.LAST_ACKNOWLEDGEMENT));
        Memory.putByte(tcp + 13, Tcp.ACK | Tcp.PSH);
        Memory.putShort(tcp + 18, 0);
        segments.seal(frame, transportOffset, headers - Ethernet.LENGTH + bytes);
        added += lead == Lead.BEFORE ? 1 : 0;
        state.context.step(Step.PROXY_HEADER_SENT, bytes, source.versionWritten());
        return frame;
    }

    /** The client's segment, rewritten, without its own header; returns where the frame begins now. */
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
        Connection.clearFlag(record + Connection.OUT, Connection.PROXY_HEADER_DUE);
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

    /** Where the client's bytes begin, in the server's numbers. */
    private static int end(long record) {
        return Memory.getInt(record + Connection.OUT + Connection.LAST_ACKNOWLEDGEMENT)
                + Connection.proxyHeaderLength(record);
    }

    private static int payload(long frame, long tcp) {
        long ip = frame + Ethernet.LENGTH;
        return Ip.totalLength(ip) - (int) (tcp - ip) - Tcp.headerLength(tcp);
    }
}
