package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.ConnectionAddresses;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.translate.HeaderTranslation;
import jdpvs.wire.translate.SourceRoute;

/**
 * Rewrites packets by a connection line that has a side of IPv6: {@link Rewrite} for the other families. A frame that changes its family begins elsewhere afterwards; its
 * transport header stays where it is.
 */
final class FamilyRewrite {
    /** An IPv6 header is so much longer than the shortest of IPv4. */
    private static final int GROWTH = Ipv6.LENGTH - Ipv4.MINIMUM_LENGTH;

    private final WorkerContext context;
    private final ConnectionAddresses addresses;

    FamilyRewrite(BalancerState state) {
        this.context = state.context;
        this.addresses = state.addresses;
    }

    /** @return where the frame begins now */
    long tcp(long frame, long tcp, long line, boolean outbound) {
        long sent = ip(frame, tcp, line);
        Rewrite.transportOfTcp(sent, tcp, line, outbound);
        return sent;
    }

    /** @return where the frame begins now */
    long udp(long frame, long udp, long line) {
        long sent = ip(frame, udp, line);
        Rewrite.transportOfUdp(sent, udp, line);
        if (Memory.getShort(udp + Udp.CHECKSUM_OFFSET) == 0
                && (Connection.flags(line) & Connection.FAMILIES) == Connection.LEAVES_AS_IPV6
                && !VirtioNetHeader.needsChecksum(sent)) {
            complete(sent + Ethernet.LENGTH, udp);
        }
        return sent;
    }

    /** IPv6 has no checksum but this one, and IPv4's datagram may have none (RFC 7915 §4.5). */
    private static void complete(long ip, long udp) {
        int bytes = Udp.length(udp);
        int sum = Checksum.add(Ip.pseudoHeader(ip, Ipv4.UDP, bytes), Checksum.sum(udp, bytes));
        Udp.setChecksum(udp, sum == 0xffff ? 0xffff : Checksum.complement(sum));
    }

    private long ip(long frame, long transport, long line) {
        int families = Connection.flags(line) & Connection.FAMILIES;
        if (families == Connection.LEAVES_AS_IPV6) {
            return HeaderTranslation.toIpv6(frame, transport, addresses.pair(line));
        }
        if (families == Connection.ARRIVES_AS_IPV6) {
            return HeaderTranslation.toIpv4(
                    frame, transport, Memory.getLong(line + Connection.ADDRESSES), context.nextIdentification());
        }
        long from = addresses.pair(line);
        long to = frame + Ethernet.LENGTH + Ipv6.SOURCE;
        Memory.putLong(to, Memory.getLong(from));
        Memory.putLong(to + 8, Memory.getLong(from + 8));
        Memory.putLong(to + 16, Memory.getLong(from + 16));
        Memory.putLong(to + 24, Memory.getLong(from + 24));
        return frame;
    }

    /** What a packet of a line can grow by at most. */
    static int mostGrowth(long line) {
        return (Connection.flags(line) & Connection.FAMILIES) == Connection.LEAVES_AS_IPV6 ? GROWTH : 0;
    }

    /** Bytes that the header of a line's packets can name; IPv6 does not count its own. */
    static int largestPacket(long line) {
        return Connection.leavesAsIpv6(line) ? 65_535 + Ipv6.LENGTH : 65_535;
    }

    /** By how many bytes a packet grows on its way through a line, negative when it shrinks. */
    static int growth(long frame, int transportOffset, long line) {
        return crosses(line) ? HeaderTranslation.growth(frame, transportOffset) : 0;
    }

    /** Whether a packet that is too large must not leave in fragments. */
    static boolean mustStayWhole(long frame, int transportOffset, long line) {
        if (!Connection.arrivesAsIpv6(line)) {
            return (Ipv4.flagsAndOffset(frame + Ethernet.LENGTH) & Ipv4.DONT_FRAGMENT) != 0;
        }
        return Connection.leavesAsIpv6(line)
                ? VirtioNetHeader.gsoType(frame) != VirtioNetHeader.GSO_UDP
                : HeaderTranslation.mustStayWhole(frame, transportOffset);
    }

    /** Whether a packet leaves in fragments of IPv6 although it may fit the first link: who could make it smaller would not hear of it. */
    static boolean leavesInFragments(long frame, long line) {
        return Connection.leavesAsIpv6(line)
                && (Connection.arrivesAsIpv6(line)
                        ? VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_UDP
                        : VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE
                                && HeaderTranslation.leavesInFragments(frame + Ethernet.LENGTH));
    }

    /** Whether a packet of a line must be refused because IPv6 has no form for the way that it asks for. */
    static boolean isSourceRouted(long frame, long line) {
        return (Connection.flags(line) & Connection.FAMILIES) == Connection.LEAVES_AS_IPV6
                && SourceRoute.isUnexpired(frame + Ethernet.LENGTH);
    }

    /**
     * Whether a packet that fits as it is still does when it is rewritten, and nothing is to be decided about it.
     *
     * @param families of the line
     * @param room bytes of a frame that leaves
     */
    static boolean isUsual(long frame, int length, int families, int room) {
        return families != Connection.LEAVES_AS_IPV6
                || (length + GROWTH <= room
                        && Ipv4.headerLength(frame + Ethernet.LENGTH) == Ipv4.MINIMUM_LENGTH
                        && !HeaderTranslation.leavesInFragments(frame + Ethernet.LENGTH));
    }

    private static boolean crosses(long line) {
        int families = Connection.flags(line) & Connection.FAMILIES;
        return families == Connection.ARRIVES_AS_IPV6 || families == Connection.LEAVES_AS_IPV6;
    }
}
