package jdpvs.wire.slow;

/**
 * The value of a marker PDU.
 *
 * @param response whether it answers a marker
 * @param port the requester's port number, 16 bits
 * @param system the requester's MAC address, 48 bits
 * @param transaction chosen by the requester, 32 bits
 */
public record MarkerMessage(boolean response, int port, long system, int transaction) {
    /** What the receiver of this marker sends back: the same, as a response (IEEE 802.1AX-2014 §6.5.4). */
    public MarkerMessage answer() {
        return new MarkerMessage(true, port, system, transaction);
    }

    /** Writes {@link SlowProtocol#FRAME_LENGTH} bytes. */
    public void write(long frame, long source) {
        MarkerPdu.set(frame, source, this);
    }
}
