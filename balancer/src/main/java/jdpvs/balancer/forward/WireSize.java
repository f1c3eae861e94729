package jdpvs.balancer.forward;

import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/** A frame as the packets that it is on the wire: one that the kernel has put together, or is to segment, stands for several (facts: packet-io §4). */
final class WireSize {
    private WireSize() {}

    /** Bytes of the largest IP packet. */
    static int largestPacket(long frame, int transportOffset, boolean udp) {
        int total = Ipv4.totalLength(frame + Ethernet.LENGTH);
        int segment = segment(frame, udp);
        return segment == 0 ? total : Math.min(total, headers(frame, transportOffset, udp) + segment);
    }

    /** Number of packets, 1 or more. */
    static int packets(long frame, int transportOffset, boolean udp) {
        int segment = segment(frame, udp);
        if (segment == 0) {
            return 1;
        }
        int payload = Ipv4.totalLength(frame + Ethernet.LENGTH) - headers(frame, transportOffset, udp);
        return Math.max(1, (payload + segment - 1) / segment);
    }

    /** IP total lengths of so many {@link #packets} together: each has the headers. */
    static int bytes(long frame, int transportOffset, boolean udp, int packets) {
        int total = Ipv4.totalLength(frame + Ethernet.LENGTH);
        return packets == 1 ? total : total + (packets - 1) * headers(frame, transportOffset, udp);
    }

    /** Payload bytes of a segment; 0 when the frame is one packet. */
    private static int segment(long frame, boolean udp) {
        int type = VirtioNetHeader.gsoType(frame) & ~VirtioNetHeader.GSO_ECN;
        boolean segmented = udp ? type == VirtioNetHeader.GSO_UDP_L4 : type != VirtioNetHeader.GSO_NONE;
        return segmented ? VirtioNetHeader.segmentSize(frame) : 0;
    }

    /** IP and transport headers. */
    private static int headers(long frame, int transportOffset, boolean udp) {
        return transportOffset - Ethernet.LENGTH + (udp ? Udp.LENGTH : Tcp.headerLength(frame + transportOffset));
    }
}
