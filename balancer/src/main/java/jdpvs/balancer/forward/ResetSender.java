package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.stack.Route;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/**
 * Tells both ends of an established connection that it is over. A reset is believed only if its sequence number is exactly the one expected next
 * (RFC 5961 §3.2), which is what its receiver has last acknowledged.
 */
final class ResetSender {
    private static final int TTL = 64;

    private final BalancerState state;

    ResetSender(BalancerState state) {
        this.state = state;
    }

    /** @return false when there was no buffer for both */
    boolean send(long record) {
        long toServer = state.context.egress.allocate();
        if (toServer == 0) {
            return false;
        }
        long toClient = state.context.egress.allocate();
        if (toClient == 0) {
            return false;
        }
        long out = record + Connection.OUT;
        int fromClient = Memory.getInt(record + Connection.LAST_ACKNOWLEDGEMENT);
        int fromServer = Memory.getInt(out + Connection.LAST_ACKNOWLEDGEMENT);
        int shiftIn = Memory.getInt(record + Connection.ACKNOWLEDGEMENT_DELTA);
        int shiftOut = Memory.getInt(out + Connection.ACKNOWLEDGEMENT_DELTA);
        // Each end is given its own number as sequence, and as acknowledgement what the other end confirmed, in its own
        // numbering.
        send(toServer, record, fromServer, fromClient + shiftIn);
        send(toClient, out, fromClient, fromServer + shiftOut);
        return true;
    }

    private void send(long frame, long line, int sequence, int acknowledgement) {
        long ip = frame + Ethernet.LENGTH;
        long tcp = ip + ip(frame, ip, line);
        VirtioNetHeader.clear(frame);
        Memory.putInt(tcp, Memory.getInt(line + Connection.PORTS));
        Tcp.setSequence(tcp, sequence);
        Tcp.setAcknowledgement(tcp, acknowledgement);
        Memory.putShortNet(tcp + 12, Tcp.MINIMUM_LENGTH << 10 | Tcp.RST | Tcp.ACK);
        Memory.putLong(tcp + 14, 0);
        int sum =
                Checksum.add(Ip.pseudoHeader(ip, Ipv4.TCP, Tcp.MINIMUM_LENGTH), Checksum.sum(tcp, Tcp.MINIMUM_LENGTH));
        Tcp.setChecksum(tcp, Checksum.complement(sum));
        Route route = state.route(line);
        if (route == null) {
            state.dropWithoutRoute(Connection.leavesAsIpv6(line));
        } else {
            state.stack.output(route, frame, (int) (tcp - frame) + Tcp.MINIMUM_LENGTH);
        }
    }

    /** Writes the IP header of what a line sends; returns its length. */
    private int ip(long frame, long ip, long line) {
        if (Connection.leavesAsIpv6(line)) {
            Memory.putShortNet(frame + 12, Ethernet.TYPE_IPV6);
            Ipv6.write(ip, 0, Tcp.MINIMUM_LENGTH, Ipv4.TCP, TTL);
            Memory.copy(state.addresses.pair(line), ip + Ipv6.SOURCE, 32);
            return Ipv6.LENGTH;
        }
        Memory.putShortNet(frame + 12, Ethernet.TYPE_IPV4);
        Memory.putIntNet(ip, 0x4500_0000 | (Ipv4.MINIMUM_LENGTH + Tcp.MINIMUM_LENGTH));
        Memory.putIntNet(ip + 4, Ipv4.DONT_FRAGMENT);
        Memory.putIntNet(ip + 8, TTL << 24 | Ipv4.TCP << 16);
        Memory.putLong(ip + 12, Memory.getLong(line + Connection.ADDRESSES));
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        return Ipv4.MINIMUM_LENGTH;
    }
}
