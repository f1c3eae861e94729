package jdpvs.wire.proxy;

import jdpvs.wire.Address;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/**
 * What a PROXY header says, and its bytes (the PROXY protocol's specification §2.1 and §2.2, as published with HAProxy). Changeable, so that a worker needs one for all
 * connections.
 *
 * <pre>
 *  version 1     PROXY TCP4|TCP6 SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT CR LF        or: PROXY UNKNOWN CR LF
 *
 *  version 2     0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a      signature (12)
 *                0x20 = local, 0x21 = proxied (1)         family and transport (1)       bytes that follow (2)
 *                source address (4 or 16)  destination address (4 or 16)  source port (2)  destination port (2)   network order
 * </pre>
 */
public final class ProxyHeader {
    /** Bytes of the longest header that {@link #write} makes: a line with two IPv6 addresses written out. */
    public static final int LONGEST = 104;

    static final int V2_FIXED = 16;
    static final int V2_LOCAL = 0x20;
    static final int V2_PROXY = 0x21;
    static final int V2_INET = 0x10;
    static final int V2_INET6 = 0x20;
    static final int V2_STREAM = 1;
    static final int V2_DATAGRAM = 2;
    static final int V2_INET_BYTES = 12;
    static final int V2_INET6_BYTES = 36;

    /** The signature as two words in network meaning; of the second the upper half. */
    static final long SIGNATURE_1 = 0x0d0a_0d0a_000d_0a51L;

    static final int SIGNATURE_2 = 0x5549_540a;

    private final ProxyText text = new ProxyText();
    private boolean known;
    private boolean datagram;
    private boolean ipv6;
    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long destinationHigh;
    private long destinationLow;
    private int destinationPort;

    /** Two ends, addresses as halves of an {@link Address}, both of one family. */
    public void set(
            boolean ofDatagram,
            long newSourceHigh,
            long newSourceLow,
            int newSourcePort,
            long newDestinationHigh,
            long newDestinationLow,
            int newDestinationPort) {
        known = true;
        datagram = ofDatagram;
        ipv6 = !Address.isIpv4(newSourceHigh, newSourceLow) || !Address.isIpv4(newDestinationHigh, newDestinationLow);
        sourceHigh = newSourceHigh;
        sourceLow = newSourceLow;
        sourcePort = newSourcePort;
        destinationHigh = newDestinationHigh;
        destinationLow = newDestinationLow;
        destinationPort = newDestinationPort;
    }

    /** Whoever speaks does not say for whom: {@code UNKNOWN}, or a local command. */
    public void setUnknown() {
        known = false;
        sourceHigh = 0;
        sourceLow = 0;
        sourcePort = 0;
        destinationHigh = 0;
        destinationLow = 0;
        destinationPort = 0;
    }

    public boolean isKnown() {
        return known;
    }

    public Address source() {
        return new Address(sourceHigh, sourceLow);
    }

    public int sourcePort() {
        return sourcePort;
    }

    public Address destination() {
        return new Address(destinationHigh, destinationLow);
    }

    public int destinationPort() {
        return destinationPort;
    }

    /**
     * Writes the header.
     *
     * @param at room for {@link #LONGEST} bytes
     * @return its length; an even number of bytes in version 2
     */
    public int write(ProxyVersion version, long at) {
        return version == ProxyVersion.V1 ? writeLine(at) : writeBinary(at);
    }

    private int writeLine(long at) {
        text.begin(at);
        if (!known || datagram) {
            // The line has no word for datagrams.
            text.ascii("PROXY UNKNOWN\r\n");
            return text.length();
        }
        text.ascii(ipv6 ? "PROXY TCP6 " : "PROXY TCP4 ");
        address(sourceHigh, sourceLow);
        text.ascii(" ");
        address(destinationHigh, destinationLow);
        text.ascii(" ");
        text.decimal(sourcePort);
        text.ascii(" ");
        text.decimal(destinationPort);
        text.ascii("\r\n");
        return text.length();
    }

    private void address(long high, long low) {
        if (ipv6) {
            text.ipv6(high, low);
        } else {
            text.ipv4((int) low);
        }
    }

    private int writeBinary(long at) {
        Memory.putLong(at, Long.reverseBytes(SIGNATURE_1));
        Memory.putIntNet(at + 8, SIGNATURE_2);
        if (!known) {
            Memory.putIntNet(at + 12, V2_LOCAL << 24);
            return V2_FIXED;
        }
        int transport = datagram ? V2_DATAGRAM : V2_STREAM;
        long addresses = at + V2_FIXED;
        if (ipv6) {
            Memory.putIntNet(at + 12, V2_PROXY << 24 | (V2_INET6 | transport) << 16 | V2_INET6_BYTES);
            Ipv6.setAddress(addresses, sourceHigh, sourceLow);
            Ipv6.setAddress(addresses + 16, destinationHigh, destinationLow);
            Memory.putIntNet(addresses + 32, sourcePort << 16 | destinationPort);
            return V2_FIXED + V2_INET6_BYTES;
        }
        Memory.putIntNet(at + 12, V2_PROXY << 24 | (V2_INET | transport) << 16 | V2_INET_BYTES);
        Memory.putIntNet(addresses, (int) sourceLow);
        Memory.putIntNet(addresses + 4, (int) destinationLow);
        Memory.putIntNet(addresses + 8, sourcePort << 16 | destinationPort);
        return V2_FIXED + V2_INET_BYTES;
    }
}
