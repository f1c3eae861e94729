package jdpvs.wire.translate;

import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/**
 * The IP header of a TCP or UDP packet in the other family's form (RFC 7915 §4.1, §5.1). The transport header stays where it is, and so the frame begins elsewhere
 * afterwards: what stands before it, the Ethernet type and the virtio-net header, is written anew directly before the new header. MAC addresses are not. The transport
 * checksum is the caller's: only the addresses change under it.
 *
 * <p>Other than RFC 7915 says, time to live and hop limit stay as they are: a full-NAT balancer is no hop (facts: behaviour §4).
 */
public final class HeaderTranslation {
    /** Payload of a fragment that every IPv6 link carries: 1,280 less an IPv6 and a fragment header. */
    public static final int FRAGMENT_PAYLOAD = Ipv6.MINIMUM_MTU - Ipv6.LENGTH - Ipv6.FRAGMENT_LENGTH;

    /** An IPv4 packet up to this size came from an IPv6 packet that every link carries (RFC 7915 §5.1). */
    private static final int SMALL = Ipv6.MINIMUM_MTU - Ipv6.LENGTH + Ipv4.MINIMUM_LENGTH;

    private HeaderTranslation() {}

    /** By how many bytes a packet changes its length. */
    public static int growth(long frame, int transportOffset) {
        int before = transportOffset - Ethernet.LENGTH;
        return (Ip.isIpv6(frame + Ethernet.LENGTH) ? Ipv4.MINIMUM_LENGTH : Ipv6.LENGTH) - before;
    }

    /** Whether a packet of IPv6 that is too large for IPv4's way must not leave in fragments: its sender can make it smaller (RFC 7915 §5.1). */
    public static boolean mustStayWhole(long frame, int transportOffset) {
        return VirtioNetHeader.gsoType(frame) != VirtioNetHeader.GSO_UDP
                && Ip.totalLength(frame + Ethernet.LENGTH) + growth(frame, transportOffset) > SMALL;
    }

    /** Whether a packet of IPv4 will leave in fragments of 1,280 bytes: its sender lets it be cut, and would not hear that it is too large (RFC 7915 §4). */
    public static boolean leavesInFragments(long ip) {
        return (Ipv4.flagsAndOffset(ip) & Ipv4.DONT_FRAGMENT) == 0
                && Ipv4.totalLength(ip) - Ipv4.headerLength(ip) + Ipv6.LENGTH > Ipv6.MINIMUM_MTU;
    }

    /**
     * IPv4 to IPv6; options go.
     *
     * @param pair address of the new source and destination, 16 bytes each
     * @return the frame; it says {@link VirtioNetHeader#GSO_UDP} where it is to leave in fragments
     */
    public static long toIpv6(long frame, long transport, long pair) {
        long ip = frame + Ethernet.LENGTH;
        int tos = Ipv4.tos(ip);
        int payload = Ipv4.totalLength(ip) - (int) (transport - ip);
        int protocol = Ipv4.protocol(ip);
        int ttl = Ipv4.ttl(ip);
        boolean fragments = leavesInFragments(ip);
        long sent = begin(frame, transport, transport - Ipv6.LENGTH);
        long to = sent + Ethernet.LENGTH;
        Memory.putShortNet(to - 2, Ethernet.TYPE_IPV6);
        Ipv6.write(to, tos, payload, protocol, ttl);
        Memory.putLong(to + Ipv6.SOURCE, Memory.getLong(pair));
        Memory.putLong(to + Ipv6.SOURCE + 8, Memory.getLong(pair + 8));
        Memory.putLong(to + Ipv6.DESTINATION, Memory.getLong(pair + 16));
        Memory.putLong(to + Ipv6.DESTINATION + 8, Memory.getLong(pair + 24));
        int type = VirtioNetHeader.gsoType(sent);
        if ((type & ~VirtioNetHeader.GSO_ECN) == VirtioNetHeader.GSO_TCP4) {
            VirtioNetHeader.setGsoType(sent, VirtioNetHeader.GSO_TCP6 | (type & VirtioNetHeader.GSO_ECN));
        } else if (fragments && type == VirtioNetHeader.GSO_NONE) {
            VirtioNetHeader.setFragments(sent, FRAGMENT_PAYLOAD);
        }
        return sent;
    }

    /**
     * IPv6 to IPv4; extension headers and flow label go.
     *
     * @param addresses new source and destination as they lie in the header
     * @param identification for a packet that may be fragmented, 16 bits
     * @return the frame
     */
    public static long toIpv4(long frame, long transport, long addresses, int identification) {
        long ip = frame + Ethernet.LENGTH;
        int trafficClass = Ipv6.trafficClass(ip);
        int total = Ipv6.totalLength(ip) - (int) (transport - ip) + Ipv4.MINIMUM_LENGTH;
        int protocol = Memory.getByte(protocolField(ip, transport));
        int hops = Ipv6.hopLimit(ip);
        long sent = begin(frame, transport, transport - Ipv4.MINIMUM_LENGTH);
        long to = sent + Ethernet.LENGTH;
        int type = VirtioNetHeader.gsoType(sent);
        boolean mayFragment = type == VirtioNetHeader.GSO_UDP || (type == VirtioNetHeader.GSO_NONE && total <= SMALL);
        if (type == VirtioNetHeader.GSO_UDP) {
            VirtioNetHeader.clearSegmentation(sent);
        } else if ((type & ~VirtioNetHeader.GSO_ECN) == VirtioNetHeader.GSO_TCP6) {
            VirtioNetHeader.setGsoType(sent, VirtioNetHeader.GSO_TCP4 | (type & VirtioNetHeader.GSO_ECN));
        }
        Memory.putShortNet(to - 2, Ethernet.TYPE_IPV4);
        Memory.putIntNet(to, 0x4500 << 16 | trafficClass << 16 | total);
        Memory.putIntNet(to + 4, mayFragment ? identification << 16 : Ipv4.DONT_FRAGMENT);
        Memory.putIntNet(to + 8, hops << 24 | protocol << 16);
        Memory.putLong(to + 12, addresses);
        Ipv4.setChecksum(to, Checksum.ipv4Header(to));
        return sent;
    }

    /** Where the protocol of the transport header stands: in the last header before it. */
    private static long protocolField(long ip, long transport) {
        long field = ip + 6;
        for (long at = ip + Ipv6.LENGTH; at < transport; ) {
            int header = Memory.getByte(field);
            int units = Memory.getByte(at + 1);
            field = at;
            at += header == Ipv6.AUTHENTICATION ? (units + 2) * 4L : (units + 1) * 8L;
        }
        return field;
    }

    /** Writes the virtio-net header before the frame's new beginning, its offsets moved with it. */
    private static long begin(long frame, long transport, long ip) {
        int flagsAndType = Memory.getShort(frame - 10);
        int headerLength = VirtioNetHeader.headerLength(frame);
        int segmentSize = VirtioNetHeader.segmentSize(frame);
        int start = VirtioNetHeader.checksumStart(frame);
        int offset = VirtioNetHeader.checksumOffset(frame);
        long sent = ip - Ethernet.LENGTH;
        int shift = (int) (frame - sent);
        Memory.putShort(sent - 10, flagsAndType);
        Memory.putShort(sent - 8, headerLength == 0 ? 0 : headerLength + shift);
        Memory.putShort(sent - 6, segmentSize);
        Memory.putShort(sent - 4, start == 0 ? 0 : (int) (transport - sent));
        Memory.putShort(sent - 2, offset);
        return sent;
    }
}
