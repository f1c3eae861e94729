package jdpvs.wire.translate;

import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.IcmpError;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/**
 * Writes an ICMP error of the other family from one at hand (RFC 7915 §4.2 and §4.3, §5.2 and §5.3): its header, and the quoted packet with a header of that family. Of
 * the quote there is as much as an error may have: up to 1,280 bytes of the whole (RFC 4443 §3), or 576 (RFC 1812 §4.3.2.3). Extensions (RFC 4884) stay behind.
 */
public final class ErrorTranslation {
    /** No frame that is written is longer. */
    public static final int LONGEST = Ethernet.LENGTH + Ipv6.MINIMUM_MTU;

    private static final int LONGEST_IPV4 = 576;
    private static final int TTL = 64;
    private static final int UNFRAGMENTED = Ipv4.DONT_FRAGMENT;

    private ErrorTranslation() {}

    /**
     * Writes an ICMPv6 error.
     *
     * @param error of ICMPv4, its quoted transport header already what its sender wrote
     * @param message from {@link ErrorMapping}
     * @param frame room for {@link #LONGEST} bytes; MAC addresses stay as they are
     * @param pair address of the error's source and destination, 16 bytes each; the quoted packet's are the same reversed
     * @return the frame's length
     */
    public static int toIpv6(IcmpError error, long message, long frame, long pair) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = ip + Ipv6.LENGTH;
        long quoted = icmp + Icmp6.LENGTH;
        int headers = Ipv6.LENGTH + Icmp6.LENGTH + Ipv6.LENGTH;
        int bytes = Math.min(error.transportBytes(), Ipv6.MINIMUM_MTU - headers);
        begin(frame, Ethernet.TYPE_IPV6);
        Ipv6.write(ip, 0, Icmp6.LENGTH + Ipv6.LENGTH + bytes, Ipv6.ICMP, TTL);
        Memory.copy(pair, ip + Ipv6.SOURCE, 32);
        header(icmp, message);
        long from = error.quotedIp();
        Ipv6.write(
                quoted,
                Ipv4.tos(from),
                Math.max(0, Ipv4.totalLength(from) - Ipv4.headerLength(from)),
                error.protocol(),
                Ipv4.ttl(from));
        Memory.copy(pair, quoted + Ipv6.DESTINATION, 16);
        Memory.copy(pair + 16, quoted + Ipv6.SOURCE, 16);
        Memory.copy(error.transport(), quoted + Ipv6.LENGTH, bytes);
        int length = Icmp6.LENGTH + Ipv6.LENGTH + bytes;
        Icmp6.setChecksum(icmp, Checksum.complement(Icmp6.sum(ip, icmp, length)));
        return Ethernet.LENGTH + headers + bytes;
    }

    /**
     * Writes an ICMPv4 error.
     *
     * @param error of ICMPv6, its quoted transport header already what its sender wrote
     * @param addresses the error's source and destination as they lie in the header
     */
    public static int toIpv4(IcmpError error, long message, long frame, long addresses) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = ip + Ipv4.MINIMUM_LENGTH;
        long quoted = icmp + Icmp.LENGTH;
        int headers = Ipv4.MINIMUM_LENGTH + Icmp.LENGTH + Ipv4.MINIMUM_LENGTH;
        int bytes = Math.min(error.transportBytes(), LONGEST_IPV4 - headers);
        begin(frame, Ethernet.TYPE_IPV4);
        ipv4(ip, 0, headers + bytes, TTL, Ipv4.ICMP, addresses);
        header(icmp, message);
        long from = error.quotedIp();
        int payload = Ip.totalLength(from) - (int) (error.transport() - from);
        ipv4(
                quoted,
                Ipv6.trafficClass(from),
                Math.min(65_535, Ipv4.MINIMUM_LENGTH + Math.max(0, payload)),
                Ipv6.hopLimit(from),
                error.protocol(),
                Long.rotateLeft(addresses, 32));
        Memory.copy(error.transport(), quoted + Ipv4.MINIMUM_LENGTH, bytes);
        Icmp.setChecksum(icmp, Checksum.complement(Checksum.sum(icmp, Icmp.LENGTH + Ipv4.MINIMUM_LENGTH + bytes)));
        return Ethernet.LENGTH + headers + bytes;
    }

    private static void begin(long frame, int type) {
        VirtioNetHeader.clear(frame);
        Memory.putShortNet(frame + Ethernet.LENGTH - 2, type);
    }

    /** Both families' headers are laid out alike. */
    private static void header(long icmp, long message) {
        Icmp6.setTypeAndCode(icmp, ErrorMapping.type(message), ErrorMapping.code(message));
        Icmp6.setChecksum(icmp, 0);
        Memory.putIntNet(icmp + 4, ErrorMapping.word(message));
    }

    private static void ipv4(long ip, int tos, int total, int ttl, int protocol, long addresses) {
        Memory.putIntNet(ip, 0x4500_0000 | tos << 16 | total);
        Memory.putIntNet(ip + 4, UNFRAGMENTED);
        Memory.putIntNet(ip + 8, ttl << 24 | protocol << 16);
        Memory.putLong(ip + 12, addresses);
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
    }
}
