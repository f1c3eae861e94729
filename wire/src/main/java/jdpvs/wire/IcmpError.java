package jdpvs.wire;

/** An ICMP or ICMPv6 error and the packet that it quotes. Changeable, so that a worker needs one for all: {@link #take} a frame, then {@link #read} it. */
public final class IcmpError {
    private static final long LARGEST_MTU = 65_535 + Ipv6.LENGTH;

    private long frame;
    private long ip;
    private long icmp;
    private int bytes;
    private boolean ipv6;
    private long quotedIp;
    private long transport;
    private int protocol;
    private int transportBytes;

    /** Takes a frame that is an error; nothing is looked at yet. */
    public void take(long newFrame, int transportOffset) {
        frame = newFrame;
        ip = newFrame + Ethernet.LENGTH;
        icmp = newFrame + transportOffset;
        ipv6 = Ip.isIpv6(ip);
        bytes = Ip.totalLength(ip) - (int) (icmp - ip);
    }

    public boolean isChecksumRight() {
        return (ipv6 ? Icmp6.sum(ip, icmp, bytes) : Checksum.sum(icmp, bytes)) == 0xffff;
    }

    /** Finds the quoted packet; false when it names no flow. */
    public boolean read() {
        quotedIp = icmp + Icmp.LENGTH;
        if (ipv6) {
            int walked = Icmp6Quote.walk(icmp, bytes);
            if (walked == IcmpQuote.NONE) {
                return false;
            }
            transport = quotedIp + ExtensionHeaders.offset(walked);
            protocol = ExtensionHeaders.header(walked);
            transportBytes = Icmp6Quote.transportBytes(icmp, bytes, walked);
            return transportBytes >= IcmpQuote.TRANSPORT_BYTES;
        }
        int offset = IcmpQuote.transportOffset(icmp, bytes);
        if (offset == IcmpQuote.NONE) {
            return false;
        }
        transport = icmp + offset;
        protocol = Ipv4.protocol(quotedIp);
        transportBytes = IcmpQuote.transportBytes(icmp, bytes, offset);
        return true;
    }

    /** Whether the error went to who sent the quoted packet. */
    public boolean isAddressedToSender() {
        return ipv6
                ? Memory.getLong(quotedIp + Ipv6.SOURCE) == Memory.getLong(ip + Ipv6.DESTINATION)
                        && Memory.getLong(quotedIp + Ipv6.SOURCE + 8) == Memory.getLong(ip + Ipv6.DESTINATION + 8)
                : Ipv4.source(quotedIp) == Ipv4.destination(ip);
    }

    public boolean isOfFlow() {
        return protocol == Ipv4.TCP || protocol == Ipv4.UDP;
    }

    public int type() {
        return Icmp.type(icmp);
    }

    public int code() {
        return Icmp.code(icmp);
    }

    /** Whether it tells the size that a link carries. */
    public boolean isTooBig() {
        return ipv6
                ? type() == Icmp6.PACKET_TOO_BIG
                : type() == Icmp.UNREACHABLE && code() == Icmp.FRAGMENTATION_NEEDED;
    }

    /** The word behind the checksum. */
    public int parameter() {
        return Memory.getIntNet(icmp + 4);
    }

    /** 0 when it was not told (RFC 1191 §4). */
    public int mtu() {
        // 32 bits without sign; more than any packet's length is as good as its length.
        return ipv6
                ? (int) Math.min(LARGEST_MTU, Integer.toUnsignedLong(Icmp6.parameter(icmp)))
                : Icmp.nextHopMtu(icmp);
    }

    public void setMtu(int mtu) {
        if (ipv6) {
            Icmp6.setParameter(icmp, mtu);
        } else {
            Icmp.setNextHopMtu(icmp, mtu);
        }
    }

    /** Makes the checksums right again. */
    public void setChecksums() {
        Icmp.setChecksum(icmp, 0);
        Icmp.setChecksum(icmp, Checksum.complement(ipv6 ? Icmp6.sum(ip, icmp, bytes) : Checksum.sum(icmp, bytes)));
        if (!ipv6) {
            Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        }
    }

    public boolean isIpv6() {
        return ipv6;
    }

    public long frame() {
        return frame;
    }

    /** The error's own IP header. */
    public long ip() {
        return ip;
    }

    /** The quoted IP header. */
    public long quotedIp() {
        return quotedIp;
    }

    /** The quoted transport header, of which {@link IcmpQuote#TRANSPORT_BYTES} are there. */
    public long transport() {
        return transport;
    }

    /** Of the quoted packet. */
    public int protocol() {
        return protocol;
    }

    /** Bytes of the quoted transport header and payload that are there. */
    public int transportBytes() {
        return transportBytes;
    }
}
