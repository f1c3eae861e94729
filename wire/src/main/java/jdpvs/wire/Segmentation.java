package jdpvs.wire;

/**
 * What a frame is on the wire. One that is to be segmented ({@link VirtioNetHeader#gsoType}) leaves, or has come, as several packets, each with a copy of
 * the headers; statistics count those.
 */
public final class Segmentation {
    /** Type and control bits of one VLAN tag (IEEE 802.1Q). */
    private static final int VLAN_TAG = 4;

    private static final int TAGS = 2;

    private Segmentation() {}

    /** Packets on the wire: 1 for a frame that is not segmented, or whose headers make no sense. */
    public static int packets(long frame, int length) {
        if (VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE) {
            return 1;
        }
        int headers = headers(frame, length);
        return headers == 0 ? 1 : packets(length, headers, VirtioNetHeader.segmentSize(frame));
    }

    /** IP datagrams that a frame is: its packets on the wire, but one where a datagram is to be cut into fragments ({@link VirtioNetHeader#GSO_UDP}). */
    public static int datagrams(long frame, int length) {
        int type = VirtioNetHeader.gsoType(frame) & ~VirtioNetHeader.GSO_ECN;
        return type == VirtioNetHeader.GSO_UDP ? 1 : packets(frame, length);
    }

    /** Bytes on the wire from the Ethernet headers on: the frame's length, and the headers again for each further packet. */
    public static int wireBytes(long frame, int length) {
        if (VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_NONE) {
            return length;
        }
        int headers = headers(frame, length);
        return headers == 0
                ? length
                : length + (packets(length, headers, VirtioNetHeader.segmentSize(frame)) - 1) * headers;
    }

    /** Bytes of the largest IP packet that a frame is on the wire: what has to fit an MTU. */
    public static int largestPacket(long frame, int length) {
        int total = Ip.totalLength(frame + Ethernet.LENGTH);
        int type = VirtioNetHeader.gsoType(frame);
        if (type == VirtioNetHeader.GSO_NONE
                || (type == VirtioNetHeader.GSO_UDP && Ip.isIpv6(frame + Ethernet.LENGTH))) {
            // A datagram of IPv6 that may be cut is not yet: whether it must be is asked here.
            return total;
        }
        int headers = headers(frame, length);
        return headers == 0 ? total : Math.min(total, headers - Ethernet.LENGTH + VirtioNetHeader.segmentSize(frame));
    }

    private static int packets(int length, int headers, int segment) {
        return Math.max(1, (length - headers + segment - 1) / segment);
    }

    /**
     * Bytes, from the Ethernet header on, that every packet of a segmented frame begins with: up to the end of the TCP or UDP header, and of the IP header
     * where UDP is cut by IP fragmentation ({@link VirtioNetHeader#GSO_UDP}). The header length that the kernel tells is only a hint. Reads
     * nothing beyond the frame.
     *
     * @return 0 when the frame is not segmented or makes no sense
     */
    public static int headers(long frame, int length) {
        int type = VirtioNetHeader.gsoType(frame) & ~VirtioNetHeader.GSO_ECN;
        int transport = transport(frame, length);
        if (type == VirtioNetHeader.GSO_NONE || transport == 0 || VirtioNetHeader.segmentSize(frame) == 0) {
            return 0;
        }
        int headers = switch (type) {
            case VirtioNetHeader.GSO_UDP -> transport;
            case VirtioNetHeader.GSO_UDP_L4 -> transport + Udp.LENGTH;
            default ->
                transport + Tcp.MINIMUM_LENGTH > length ? length : transport + Tcp.headerLength(frame + transport);
        };
        return headers < length ? headers : 0;
    }

    /** Offset of the transport header, 0 when there is none to be found. */
    private static int transport(long frame, int length) {
        if (VirtioNetHeader.needsChecksum(frame)) {
            return VirtioNetHeader.checksumStart(frame);
        }
        int at = Ethernet.LENGTH;
        for (int tag = 0; tag < TAGS && at <= length && isTag(Memory.getShortNet(frame + at - 2)); tag++) {
            at += VLAN_TAG;
        }
        int type = at > length ? 0 : Memory.getShortNet(frame + at - 2);
        if (type == Ethernet.TYPE_IPV4 && at + Ipv4.MINIMUM_LENGTH <= length) {
            return at + Ipv4.headerLength(frame + at);
        }
        if (type == Ethernet.TYPE_IPV6 && at + Ipv6.LENGTH <= length) {
            int walked = ExtensionHeaders.walk(frame + at, frame + length);
            return walked == ExtensionHeaders.REFUSED ? 0 : at + ExtensionHeaders.offset(walked);
        }
        return 0;
    }

    private static boolean isTag(int type) {
        return type == Ethernet.TYPE_VLAN || type == 0x88a8;
    }
}
