package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/**
 * Writes a connection line's addresses, ports and numbers into a packet and repairs its checksums (RFC 1624 eqn. 3). The time to live stays (facts:
 * behaviour §4), and so does the identification of a packet that must not be fragmented. Sums are taken over machine-order words: the one's complement sum
 * does not mind the byte order, and takes 32 bits for two words of 16.
 */
final class Rewrite {
    private static final long MAC_MASK = 0xffff_ffff_ffffL;
    private static final long WORD = 0xffff_ffffL;

    /** The don't-fragment flag in the byte that has it. */
    private static final int DONT_FRAGMENT = Ipv4.DONT_FRAGMENT >>> 8;

    private Rewrite() {}

    static void tcp(long frame, long ip, long tcp, long line, boolean outbound, WorkerContext context) {
        ip(ip, line, context);
        transportOfTcp(frame, tcp, line, outbound);
    }

    /** The TCP header alone, whatever families the line is of. */
    static void transportOfTcp(long frame, long tcp, long line, boolean outbound) {
        long field = tcp + Tcp.CHECKSUM_OFFSET;
        long change = NumberShift.apply(tcp, line, outbound);
        if (VirtioNetHeader.needsChecksum(frame)) {
            addToPartial(field, Memory.getShort(line + Connection.ADDRESS_SUM));
        } else {
            change += Memory.getShort(line + Connection.FULL_SUM);
            Memory.putShort(field, ~Checksum.fold((~Memory.getShort(field) & 0xffff) + change));
        }
        Memory.putInt(tcp, Memory.getInt(line + Connection.PORTS));
    }

    static void udp(long frame, long ip, long udp, long line, WorkerContext context) {
        ip(ip, line, context);
        transportOfUdp(frame, udp, line);
    }

    /** The UDP header alone. */
    static void transportOfUdp(long frame, long udp, long line) {
        long field = udp + Udp.CHECKSUM_OFFSET;
        if (VirtioNetHeader.needsChecksum(frame)) {
            addToPartial(field, Memory.getShort(line + Connection.ADDRESS_SUM));
        } else if (Memory.getShort(field) != 0) {
            addToChecksum(field, Memory.getShort(line + Connection.FULL_SUM));
            if (Memory.getShort(field) == 0) {
                // 0 would say that there is no checksum (RFC 768).
                Memory.putShort(field, 0xffff);
            }
        }
        Memory.putInt(udp, Memory.getInt(line + Connection.PORTS));
    }

    private static void ip(long ip, long line, WorkerContext context) {
        if ((Memory.getByte(ip + 6) & DONT_FRAGMENT) == 0) {
            setIdentification(ip, context.nextIdentification());
        }
        addToChecksum(ip + 10, Memory.getShort(line + Connection.ADDRESS_SUM));
        Memory.putLong(ip + 12, Memory.getLong(line + Connection.ADDRESSES));
    }

    /**
     * A packet that may be fragmented further on gets an identification of ours: those of several clients behind one local address would collide, and the
     * server would put pieces of different packets together.
     */
    private static void setIdentification(long ip, int identification) {
        Checksum.apply(ip + 10, Checksum.delta16(Ipv4.identification(ip), identification));
        Memory.putShortNet(ip + 4, identification);
    }

    /**
     * Addresses the frame to the line's next hop.
     *
     * @param source MAC address of the outgoing device, wire order in the low 48 bits
     */
    static void ethernet(long frame, long nextHop, long source) {
        Memory.putLong(frame, (nextHop & MAC_MASK) | source << 48);
        Memory.putInt(frame + 8, (int) (source >>> 16));
    }

    /** A 48-bit MAC address (first octet most significant) as it lies in a frame, in the low 48 bits. */
    static long wireOrder(long macAddress) {
        return Long.reverseBytes(macAddress) >>> 16;
    }

    /** What a checksum's sum gains when a 32-bit field at an even offset changes; machine order, not folded. */
    static long change(int before, int now) {
        return (now & WORD) + (~before & WORD);
    }

    /** Adds a folded sum to what a complemented checksum field covers. */
    private static void addToChecksum(long field, int sum) {
        Memory.putShort(field, ~fold((~Memory.getShort(field) & 0xffff) + sum));
    }

    /** Adds a folded sum to an uncomplemented pseudo-header sum. */
    private static void addToPartial(long field, int sum) {
        Memory.putShort(field, fold(Memory.getShort(field) + sum));
    }

    private static int fold(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }

    /** Changes the IP packet's length and everything that sums it: an IPv4 header and the TCP pseudo header. */
    static void setTotalLength(long frame, long ip, long tcp, int total) {
        int delta = Checksum.delta16(Ip.totalLength(ip), total);
        Ip.setTotalLength(ip, total);
        if (!Ip.isIpv6(ip)) {
            Checksum.apply(ip + 10, delta);
        }
        // The transport length changes by the same amount, and one's complement sums know only differences.
        if (VirtioNetHeader.needsChecksum(frame)) {
            Checksum.applyPartial(tcp + Tcp.CHECKSUM_OFFSET, delta);
        } else {
            Checksum.apply(tcp + Tcp.CHECKSUM_OFFSET, delta);
        }
    }
}
