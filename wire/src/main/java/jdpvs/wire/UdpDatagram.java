package jdpvs.wire;

/**
 * The value of a UDP datagram with its addresses; for tests and messages, not for the packet path.
 *
 * @param payload bytes behind the header
 * @param checksumValid whether the checksum is complete and right, or absent
 */
public record UdpDatagram(
        int source, int sourcePort, int destination, int destinationPort, int payload, boolean checksumValid) {

    /**
     * Of a whole frame at a native address.
     *
     * @throws IllegalArgumentException when the frame is not a well-formed UDP packet over IPv4
     */
    public static UdpDatagram read(long frame, int length) {
        int classification = Classifier.classify(frame, length);
        if (FrameKind.kind(classification) != FrameKind.UDP4) {
            throw new IllegalArgumentException(
                    "a frame of kind " + FrameKind.kind(classification) + " is no UDP datagram");
        }
        long ip = frame + Ethernet.LENGTH;
        long udp = frame + FrameKind.transportOffset(classification);
        return new UdpDatagram(
                Ipv4.source(ip),
                Udp.sourcePort(udp),
                Ipv4.destination(ip),
                Udp.destinationPort(udp),
                Udp.length(udp) - Udp.LENGTH,
                Checksum.isTransportValid(Ipv4.source(ip), Ipv4.destination(ip), Ipv4.UDP, udp, Udp.length(udp)));
    }
}
