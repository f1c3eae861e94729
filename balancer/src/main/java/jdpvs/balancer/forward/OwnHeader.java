package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.ConnectionAddresses;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/** Headers of TCP segments that dpvs makes itself in a connection's name: nothing in them but what the connection says. */
final class OwnHeader {
    private static final int TTL = 64;

    private OwnHeader() {}

    /**
     * Writes Ethernet type, IP header and ports of what a line sends, not segmented.
     *
     * @param bytes of the TCP header and what follows it
     * @return the TCP header's address
     */
    static long begin(long frame, long line, ConnectionAddresses addresses, int bytes) {
        VirtioNetHeader.clear(frame);
        long ip = frame + Ethernet.LENGTH;
        long tcp = ip + (Connection.leavesAsIpv6(line) ? ipv6(ip, addresses.pair(line), bytes) : ipv4(ip, line, bytes));
        Memory.putShortNet(frame + 12, Ip.etherType(ip));
        Memory.putInt(tcp, Memory.getInt(line + Connection.PORTS));
        return tcp;
    }

    /**
     * Writes the checksum, everything else being written.
     *
     * @return the frame's length
     */
    static int finish(long frame, long tcp) {
        long ip = frame + Ethernet.LENGTH;
        int bytes = Ip.totalLength(ip) - (int) (tcp - ip);
        Tcp.setChecksum(tcp, 0);
        int sum = Checksum.add(Ip.pseudoHeader(ip, Ipv4.TCP, bytes), Checksum.sum(tcp, bytes));
        Tcp.setChecksum(tcp, Checksum.complement(sum));
        return (int) (tcp - frame) + bytes;
    }

    private static int ipv6(long ip, long pair, int bytes) {
        Ipv6.write(ip, 0, bytes, Ipv4.TCP, TTL);
        Memory.copy(pair, ip + Ipv6.SOURCE, 32);
        return Ipv6.LENGTH;
    }

    private static int ipv4(long ip, long line, int bytes) {
        Memory.putIntNet(ip, 0x4500_0000 | (Ipv4.MINIMUM_LENGTH + bytes));
        Memory.putIntNet(ip + 4, Ipv4.DONT_FRAGMENT);
        Memory.putIntNet(ip + 8, TTL << 24 | Ipv4.TCP << 16);
        Memory.putLong(ip + 12, Memory.getLong(line + Connection.ADDRESSES));
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        return Ipv4.MINIMUM_LENGTH;
    }
}
