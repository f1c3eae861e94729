package jdpvs.wire;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The value of a TCP segment with its addresses; for tests and messages, not for the packet path.
 *
 * @param options the options' bytes, 0 to 255 each
 * @param payload bytes behind the header
 * @param checksumValid whether the checksum is complete and right
 */
public record TcpSegment(
        int source,
        int sourcePort,
        int destination,
        int destinationPort,
        int sequence,
        int acknowledgement,
        int flags,
        int window,
        List<Integer> options,
        int payload,
        boolean checksumValid) {

    /**
     * Of a whole frame at a native address.
     *
     * @throws IllegalArgumentException when the frame is not a well-formed TCP packet over IPv4
     */
    public static TcpSegment read(long frame, int length) {
        int classification = Classifier.classify(frame, length);
        if (FrameKind.kind(classification) != FrameKind.TCP4) {
            throw new IllegalArgumentException(
                    "a frame of kind " + FrameKind.kind(classification) + " is no TCP segment");
        }
        long ip = frame + Ethernet.LENGTH;
        long tcp = frame + FrameKind.transportOffset(classification);
        int transportLength = Ipv4.totalLength(ip) - Ipv4.headerLength(ip);
        byte[] options = new byte[Tcp.headerLength(tcp) - Tcp.MINIMUM_LENGTH];
        Memory.copyOut(tcp + Tcp.MINIMUM_LENGTH, options, 0, options.length);
        return new TcpSegment(
                Ipv4.source(ip),
                Tcp.sourcePort(tcp),
                Ipv4.destination(ip),
                Tcp.destinationPort(tcp),
                Tcp.sequence(tcp),
                Tcp.acknowledgement(tcp),
                Tcp.flags(tcp),
                Tcp.window(tcp),
                IntStream.range(0, options.length)
                        .map(i -> options[i] & 0xff)
                        .boxed()
                        .toList(),
                transportLength - Tcp.headerLength(tcp),
                Checksum.isTransportValid(Ipv4.source(ip), Ipv4.destination(ip), Ipv4.TCP, tcp, transportLength));
    }

    /** The flags as letters in the order SYN, FIN, RST, PSH, ACK, URG, for example {@code SA}. */
    public String flagLetters() {
        int[] masks = {Tcp.SYN, Tcp.FIN, Tcp.RST, Tcp.PSH, Tcp.ACK, Tcp.URG};
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < masks.length; i++) {
            if ((flags & masks[i]) != 0) {
                letters.append("SFRPAU".charAt(i));
            }
        }
        return letters.toString();
    }

    @Override
    public String toString() {
        return Ipv4Address.format(source) + ":" + sourcePort + " > " + Ipv4Address.format(destination) + ":"
                + destinationPort + " " + flagLetters() + " seq " + Integer.toUnsignedString(sequence) + " ack "
                + Integer.toUnsignedString(acknowledgement) + " win " + window + " options "
                + Arrays.toString(options.toArray()) + " payload " + payload + (checksumValid ? "" : " bad checksum");
    }
}
