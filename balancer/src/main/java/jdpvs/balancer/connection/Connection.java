package jdpvs.balancer.connection;

import jdpvs.wire.Memory;

/**
 * The record of one connection in native memory: two cache lines, one for each direction, so that an established packet touches one.
 *
 * <pre>
 *  in line (client to server), offset 0; out line (server to client), offset 64; machine order unless said otherwise
 *   0  new source address (4), new destination address (4), wire order; IPv6: unused, see {@link ConnectionAddresses}
 *   8  new source port (2), new destination port (2), wire order
 *  12  sum of the address change (2)             one's complement, machine order of wire bytes; what IPv4 headers and
 *                                                partial transport checksums need; between families too
 *  14  sum of the address and port change (2)    what full transport checksums need
 *  16  next hop's MAC address (6), wire order
 *  22  device to leave by (2)
 *  24  epoch (4)                                 of the configuration that the next hop was looked up in; 0 = never
 *  28  last seen (4)                             CLOCK_BOOTTIME milliseconds, wraps
 *  32  sequence number delta (4)                 of the sender's numbers, added on the way
 *  36  acknowledgement number delta (4)          added to acknowledgement numbers and SACK edges
 *  40  last acknowledgement number (4)           as it arrived in this direction; until the client has acknowledged payload, the in line
 *                                                holds the server's initial sequence number + 1
 *  44  server id (4)
 *  48  flags (1)                                 0 = an ordinary packet needs nothing but the rewrite of IPv4
 *  60  timestamp delta (4)                       in line: added to the client's TSval; out line: added to the TSecr that answers it
 *  then, in line only                            out line only
 *  49  state (1)                                 113  protocol (bit 0): 0 = TCP, 1 = UDP
 *                                                113  length of the PROXY header that the server has not acknowledged
 *                                                     (bits 1-7), 0 = none was sent
 *  50  local address id (2)                      114  timer slot (2)
 *  52  version (2)                               116  next in the timer slot, queue or free list (4)
 *  54  service id (2)                            120  previous in the timer slot or queue (4)
 *  56  created (4), seconds of CLOCK_BOOTTIME
 * </pre>
 *
 * The version is odd while the connection lives and even while it does not; a reader in another thread compares it before and after. What names the
 * connection's flows is not stored again: the client sees (new destination, new source) of the out line reversed, and so does the server
 * with the in line.
 */
public final class Connection {
    public static final int BYTES = 128;
    public static final int LINE = 64;
    public static final int OUT = 64;

    public static final int ADDRESSES = 0;
    public static final int PORTS = 8;
    public static final int ADDRESS_SUM = 12;
    public static final int FULL_SUM = 14;
    public static final int NEXT_HOP = 16;
    public static final int DEVICE = 22;
    public static final int EPOCH = 24;
    public static final int LAST_SEEN = 28;
    public static final int SEQUENCE_DELTA = 32;
    public static final int ACKNOWLEDGEMENT_DELTA = 36;
    public static final int LAST_ACKNOWLEDGEMENT = 40;
    public static final int SERVER = 44;
    public static final int FLAGS = 48;

    public static final int STATE = 49;
    public static final int LOCAL_ADDRESS = 50;
    public static final int VERSION = 52;
    public static final int SERVICE = 54;
    public static final int CREATED = 56;
    public static final int TIMESTAMP_DELTA = 60;

    public static final int PROTOCOL = 113;
    public static final int TIMER_SLOT = 114;
    public static final int NEXT = 116;
    public static final int PREVIOUS = 120;

    /** Flag: every packet goes through the state machine, not only SYN, FIN and RST. */
    public static final int UNSTEADY = 1;
    /** Flag: packets may have to carry the client's address (in line, TCP). */
    public static final int CLIENT_ADDRESS_DUE = 2;
    /** Flag: the server has sent nothing yet but its SYN and acknowledgements (out line, TCP). */
    public static final int SERVER_SILENT = 4;

    /**
     * Flag: a PROXY header tells the server the client's address, and it, or the client's first bytes, have still to come (in line). No packet carries an option
     * then.
     */
    public static final int PROXIED = 32;
    /** Flag beside {@link #PROXIED}: the header is of version 2. */
    public static final int PROXY_V2 = 64;
    /** Flag beside {@link #PROXIED}: a header of the client's is believed. */
    public static final int PROXY_INSECURE = 128;
    /** Flag beside {@link #PROXIED}: the client's first bytes have been looked at. */
    public static final int CLIENT_SPOKE = 4;
    /**
     * Flag: the server has not acknowledged the PROXY header (out line, TCP). Until it has, the line's last acknowledgement number stays that of its SYN: where
     * the header begins.
     */
    public static final int PROXY_HEADER_DUE = 32;

    private static final int PROXY_FLAGS = PROXIED | PROXY_V2 | PROXY_INSECURE | CLIENT_SPOKE;

    /** Flag: the line's packets arrive as IPv6. */
    public static final int ARRIVES_AS_IPV6 = 8;
    /** Flag: the line's packets leave as IPv6. */
    public static final int LEAVES_AS_IPV6 = 16;
    /** Of the flags, those that last as long as the connection. */
    public static final int FAMILIES = ARRIVES_AS_IPV6 | LEAVES_AS_IPV6;

    private Connection() {}

    public static long inLine(long record) {
        return record;
    }

    public static long outLine(long record) {
        return record + OUT;
    }

    public static int flags(long line) {
        return Memory.getByte(line + FLAGS);
    }

    public static boolean leavesAsIpv6(long line) {
        return (flags(line) & LEAVES_AS_IPV6) != 0;
    }

    public static boolean arrivesAsIpv6(long line) {
        return (flags(line) & ARRIVES_AS_IPV6) != 0;
    }

    /** What packets get that leave as IPv4. */
    public static int ipv4Source(long line) {
        return FlowKey.source(Memory.getLong(line + ADDRESSES));
    }

    public static int ipv4Destination(long line) {
        return FlowKey.destination(Memory.getLong(line + ADDRESSES));
    }

    public static void setFlag(long line, int flag) {
        Memory.putByte(line + FLAGS, flags(line) | flag);
    }

    public static void clearFlag(long line, int flag) {
        Memory.putByte(line + FLAGS, flags(line) & ~flag);
    }

    public static int state(long record) {
        return Memory.getByte(record + STATE);
    }

    public static boolean isUdp(long record) {
        return (Memory.getByte(record + PROTOCOL) & 1) != 0;
    }

    /** Begins a connection that tells the client's address in a PROXY header. */
    public static void setProxied(long record, boolean v2, boolean insecure) {
        setFlag(record, PROXIED | (v2 ? PROXY_V2 : 0) | (insecure ? PROXY_INSECURE : 0));
        if (!isUdp(record)) {
            setFlag(record + OUT, PROXY_HEADER_DUE);
        }
    }

    public static boolean isProxied(long record) {
        return (flags(record) & PROXIED) != 0;
    }

    /** Nothing of a PROXY header is to come any more. */
    public static void clearProxied(long record) {
        clearFlag(record, PROXY_FLAGS);
    }

    /** Bytes of the PROXY header that the server has not acknowledged; 0 = none was sent. */
    public static int proxyHeaderLength(long record) {
        return Memory.getByte(record + PROTOCOL) >>> 1;
    }

    /** @param bytes at most 127 */
    public static void setProxyHeaderLength(long record, int bytes) {
        Memory.putByte(record + PROTOCOL, bytes << 1 | (isUdp(record) ? 1 : 0));
    }

    public static int server(long line) {
        return Memory.getInt(line + SERVER);
    }

    public static int service(long record) {
        return Memory.getShort(record + SERVICE);
    }

    public static int localAddress(long record) {
        return Memory.getShort(record + LOCAL_ADDRESS);
    }

    /** The stamp of the latest packet in either direction. */
    public static int lastSeen(long record) {
        int in = Memory.getInt(record + LAST_SEEN);
        int out = Memory.getInt(record + OUT + LAST_SEEN);
        return in - out >= 0 ? in : out;
    }

    public static void setLastSeen(long line, int millis) {
        Memory.putInt(line + LAST_SEEN, millis);
    }

    public static int clientPort(long record) {
        return Memory.getShortNet(record + OUT + PORTS + 2);
    }

    public static int virtualPort(long record) {
        return Memory.getShortNet(record + OUT + PORTS);
    }

    public static int localPort(long record) {
        return Memory.getShortNet(record + PORTS);
    }

    public static int serverPort(long record) {
        return Memory.getShortNet(record + PORTS + 2);
    }

    /** Fills one direction's rewrite, but for the addresses of IPv6: a packet of one flow becomes one that answers the other. */
    static void setRewrite(long line, Flow arriving, Flow answered) {
        int newPorts = Integer.rotateLeft((int) answered.ports(), 16);
        Memory.putLong(line + ADDRESSES, answered.isIpv6() ? 0 : Long.rotateLeft(answered.addresses(), 32));
        Memory.putInt(line + PORTS, newPorts);
        int addressSum = difference(sum(arriving), sum(answered));
        Memory.putShort(line + ADDRESS_SUM, addressSum);
        int portSum =
                difference(sum(Integer.toUnsignedLong((int) arriving.ports())), sum(Integer.toUnsignedLong(newPorts)));
        Memory.putShort(line + FULL_SUM, fold(addressSum + portSum));
        Memory.putByte(
                line + FLAGS, (arriving.isIpv6() ? ARRIVES_AS_IPV6 : 0) | (answered.isIpv6() ? LEAVES_AS_IPV6 : 0));
    }

    /** Of the addresses as they lie in a packet. */
    private static int sum(Flow flow) {
        return flow.isIpv6()
                ? fold(sum(Long.reverseBytes(flow.sourceHigh()))
                        + sum(Long.reverseBytes(flow.sourceLow()))
                        + sum(Long.reverseBytes(flow.destinationHigh()))
                        + sum(Long.reverseBytes(flow.destinationLow())))
                : sum(flow.addresses());
    }

    private static int sum(long words) {
        return fold((int) ((words & 0xffff) + (words >>> 16 & 0xffff) + (words >>> 32 & 0xffff) + (words >>> 48)));
    }

    /** {@code now - before} in one's complement, never 0: the other zero keeps the range of a sum computed from scratch (RFC 1624 §3). */
    private static int difference(int before, int now) {
        int difference = fold(now + (before ^ 0xffff));
        return difference == 0 ? 0xffff : difference;
    }

    private static int fold(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }
}
