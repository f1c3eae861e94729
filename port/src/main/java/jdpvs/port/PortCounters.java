package jdpvs.port;

/**
 * Counts of one port since it was opened, as packets on the wire: a frame that is segmented on its way counts as all its segments, each with
 * its headers.
 *
 * @param receiveMissed frames lost before us because a queue was full
 * @param receiveErrors frames that could not be taken
 * @param transmitErrors frames that the device refused
 * @param receiveUnused received frames that came in by a slave which its bond does not use
 */
public record PortCounters(
        long receivedPackets,
        long receivedBytes,
        long sentPackets,
        long sentBytes,
        long receiveErrors,
        long transmitErrors,
        long receiveMissed,
        long receiveUnused) {
    public static final PortCounters ZERO = new PortCounters(0, 0, 0, 0, 0, 0, 0, 0);

    /** Without what was received: of a queue whose frames come in by others as well. */
    public PortCounters sent() {
        return new PortCounters(0, 0, sentPackets, sentBytes, 0, transmitErrors, 0, 0);
    }

    public PortCounters plus(PortCounters other) {
        return new PortCounters(
                receivedPackets + other.receivedPackets,
                receivedBytes + other.receivedBytes,
                sentPackets + other.sentPackets,
                sentBytes + other.sentBytes,
                receiveErrors + other.receiveErrors,
                transmitErrors + other.transmitErrors,
                receiveMissed + other.receiveMissed,
                receiveUnused + other.receiveUnused);
    }

    /** What came since an earlier reading. */
    public PortCounters minus(PortCounters earlier) {
        return new PortCounters(
                receivedPackets - earlier.receivedPackets,
                receivedBytes - earlier.receivedBytes,
                sentPackets - earlier.sentPackets,
                sentBytes - earlier.sentBytes,
                receiveErrors - earlier.receiveErrors,
                transmitErrors - earlier.transmitErrors,
                receiveMissed - earlier.receiveMissed,
                receiveUnused - earlier.receiveUnused);
    }
}
