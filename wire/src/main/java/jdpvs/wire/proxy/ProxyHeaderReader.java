package jdpvs.wire.proxy;

import jdpvs.wire.Address;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/**
 * Reads the PROXY header that a payload may begin with. What is not a whole and well-formed header of either version is none: the payload may be anything. Changeable, for one
 * worker; makes no objects.
 */
public final class ProxyHeaderReader {
    /** A line is no longer than this, its end included (specification §2.1). */
    private static final int LONGEST_LINE = 107;

    private static final int LARGEST_PORT = 65_535;

    private final ProxyHeader header = new ProxyHeader();
    private final ProxyScanner scanner = new ProxyScanner();
    private ProxyVersion version = ProxyVersion.V1;

    /** @return bytes of the header, or 0 when the payload begins with none */
    public int read(long payload, int bytes) {
        if (bytes >= ProxyHeader.V2_FIXED
                && Memory.getLong(payload) == Long.reverseBytes(ProxyHeader.SIGNATURE_1)
                && Memory.getIntNet(payload + 8) == ProxyHeader.SIGNATURE_2) {
            version = ProxyVersion.V2;
            return readBinary(payload, bytes);
        }
        version = ProxyVersion.V1;
        return readLine(payload, bytes);
    }

    /** Of the header that was read last. */
    public ProxyVersion version() {
        return version;
    }

    /** What the header that was read last says; the same object each time. */
    public ProxyHeader header() {
        return header;
    }

    private int readBinary(long payload, int bytes) {
        int command = Memory.getByte(payload + 12);
        int family = Memory.getByte(payload + 13);
        int rest = Memory.getShortNet(payload + 14);
        int length = ProxyHeader.V2_FIXED + rest;
        if (length > bytes || (command != ProxyHeader.V2_PROXY && command != ProxyHeader.V2_LOCAL)) {
            return 0;
        }
        int transport = family & 0xf;
        boolean flow = command == ProxyHeader.V2_PROXY
                && (transport == ProxyHeader.V2_STREAM || transport == ProxyHeader.V2_DATAGRAM);
        boolean datagram = transport == ProxyHeader.V2_DATAGRAM;
        long at = payload + ProxyHeader.V2_FIXED;
        if (flow && (family & 0xf0) == ProxyHeader.V2_INET) {
            if (rest < ProxyHeader.V2_INET_BYTES) {
                return 0;
            }
            header.set(
                    datagram,
                    0,
                    Address.mapped(Memory.getIntNet(at)),
                    Memory.getShortNet(at + 8),
                    0,
                    Address.mapped(Memory.getIntNet(at + 4)),
                    Memory.getShortNet(at + 10));
        } else if (flow && (family & 0xf0) == ProxyHeader.V2_INET6) {
            if (rest < ProxyHeader.V2_INET6_BYTES) {
                return 0;
            }
            header.set(
                    datagram,
                    Ipv6.high(at),
                    Ipv6.low(at),
                    Memory.getShortNet(at + 32),
                    Ipv6.high(at + 16),
                    Ipv6.low(at + 16),
                    Memory.getShortNet(at + 34));
        } else {
            header.setUnknown();
        }
        return length;
    }

    private int readLine(long payload, int bytes) {
        scanner.begin(payload, Math.min(bytes, LONGEST_LINE));
        if (!scanner.word("PROXY ")) {
            return 0;
        }
        if (scanner.word("UNKNOWN")) {
            header.setUnknown();
            return scanner.toEndOfLine() ? scanner.length() : 0;
        }
        boolean ipv6 = scanner.word("TCP6 ");
        if (!ipv6 && !scanner.word("TCP4 ")) {
            return 0;
        }
        if (!scanner.address(ipv6) || !scanner.word(" ")) {
            return 0;
        }
        long sourceHigh = scanner.high();
        long sourceLow = scanner.low();
        if (!scanner.address(ipv6) || !scanner.word(" ")) {
            return 0;
        }
        long destinationHigh = scanner.high();
        long destinationLow = scanner.low();
        int sourcePort = scanner.decimal(LARGEST_PORT);
        if (sourcePort < 0 || !scanner.word(" ")) {
            return 0;
        }
        int destinationPort = scanner.decimal(LARGEST_PORT);
        if (destinationPort < 0 || !scanner.word("\r\n")) {
            return 0;
        }
        header.set(false, sourceHigh, sourceLow, sourcePort, destinationHigh, destinationLow, destinationPort);
        return scanner.length();
    }
}
