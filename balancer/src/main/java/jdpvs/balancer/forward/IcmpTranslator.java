package jdpvs.balancer.forward;

import jdpvs.balancer.connection.Connection;
import jdpvs.balancer.connection.FlowIndex;
import jdpvs.balancer.connection.FlowKey;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.Route;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/**
 * Passes ICMP errors about packets of known connections on to who sent those packets (facts: behaviour §11; RFC 5508 §4). An error travels in the
 * direction of the connection's other packets that come from its side, and is rewritten by their line:
 *
 * <pre>
 *             arrives                                          leaves
 *  in         router > VIP  [VIP:vport > CIP:cport]            LIP > RS    [RS:rport > LIP:lport]
 *  out        router > LIP  [LIP:lport > RS:rport]             VIP > CIP   [CIP:cport > VIP:vport]
 * </pre>
 *
 * The outer source becomes the VIP or LIP whoever spoke: the other side knows no address beyond it. The quoted packet gets back what its sender wrote:
 * addresses, ports, sequence and acknowledgement number. The message keeps its length and thereby RFC 4884's extensions. The connection itself is
 * neither refreshed nor changed by an error.
 */
final class IcmpTranslator {
    private static final long MAC_MASK = 0xffff_ffff_ffffL;

    /** No link carries less (RFC 791 §3.2). */
    private static final int SMALLEST_MTU = 68;

    /** The largest window there is (RFC 7323 §2.3): nothing that was sent lies further beyond what was acknowledged. */
    private static final int LARGEST_WINDOW = 1 << 30;

    /** How far behind the last acknowledgement a quote may lie: keep-alive probes, and packets that the acknowledgement has overtaken. */
    private static final int BEHIND = 0xffff;

    private final BalancerState state;

    IcmpTranslator(BalancerState state) {
        this.state = state;
    }

    /** Whether an ICMP message is an error that was sent to an address of ours, so that {@link #input} is to have it. */
    boolean takes(int device, long frame, int transportOffset) {
        int destination = Ipv4.destination(frame + Ethernet.LENGTH);
        return IcmpQuote.isQuoting(Icmp.type(frame + transportOffset))
                && (Memory.getLong(frame) & MAC_MASK) == state.deviceMac(device)
                && (state.services.isVirtualAddress(destination)
                        || state.isLocalAddress(destination)
                        || state.context.network.isLocal(destination));
    }

    /** Translates and sends an error, hands it to the worker whose connection it is about, or counts why not. */
    void input(int device, long frame, int length, int transportOffset) {
        long ip = frame + Ethernet.LENGTH;
        long icmp = frame + transportOffset;
        int bytes = Ethernet.LENGTH + Ipv4.totalLength(ip) - transportOffset;
        if (Checksum.sum(icmp, bytes) != 0xffff) {
            state.drop(DropReason.BAD_ICMP_HEADER);
            return;
        }
        int quoted = IcmpQuote.transportOffset(icmp, bytes);
        if (quoted == IcmpQuote.NONE || Ipv4.source(IcmpQuote.ip(icmp)) != Ipv4.destination(ip)) {
            state.drop(DropReason.BAD_ICMP_QUOTE);
            return;
        }
        int hit = find(icmp, quoted);
        if (hit == 0) {
            missed(device, frame, length, owner(device, Ipv4.destination(ip), icmp, quoted));
        } else if (!isPlausible(hit, icmp + quoted)) {
            state.drop(DropReason.BAD_ICMP_QUOTE);
        } else {
            translate(hit, frame, icmp, bytes, quoted);
        }
    }

    /** Translates an error of our own about a packet that was rewritten here; one about what is no connection's packet goes nowhere. */
    void passOn(long frame, int length) {
        long icmp = frame + Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH;
        int bytes = length - Ethernet.LENGTH - Ipv4.MINIMUM_LENGTH;
        int quoted = IcmpQuote.transportOffset(icmp, bytes);
        int hit = quoted == IcmpQuote.NONE ? 0 : find(icmp, quoted);
        if (hit != 0) {
            translate(hit, frame, icmp, bytes, quoted);
        }
    }

    /** The hit of a packet that answers the quoted one, or 0. */
    private int find(long icmp, int quoted) {
        long ip = IcmpQuote.ip(icmp);
        int protocol = Ipv4.protocol(ip);
        if (protocol != Ipv4.TCP && protocol != Ipv4.UDP) {
            return 0;
        }
        int kind = protocol == Ipv4.TCP ? FrameKind.TCP4 : FrameKind.UDP4;
        long ports = FlowKey.portsAt(icmp + quoted, kind);
        long answering = Integer.toUnsignedLong(Integer.rotateLeft((int) ports, 16)) | ports >>> 32 << 32;
        return state.connections.index().find(Long.rotateLeft(FlowKey.addressesAt(ip), 32), answering);
    }

    /**
     * Who knows the connection of the quoted packet, if anybody: a local port names its worker; a client's packets go where the device's steering sends
     * them, and that is the same for the quoted packet, which went the other way. Errors mostly come there by themselves, but not when
     * they came in fragments or with a port's driver that cannot look into them.
     *
     * @return a worker, or this one when no other may know it
     */
    private int owner(int device, int destination, long icmp, int quoted) {
        long ip = IcmpQuote.ip(icmp);
        if (Ipv4.protocol(ip) != Ipv4.TCP && Ipv4.protocol(ip) != Ipv4.UDP) {
            return state.context.index;
        }
        return state.isLocalAddress(destination)
                ? Tcp.sourcePort(icmp + quoted) & state.context.portMask()
                : state.context.workerOfFlow(device, ip, icmp + quoted);
    }

    private void missed(int device, long frame, int length, int owner) {
        if (owner != state.context.index && owner < state.context.workers) {
            state.context.step(Step.HANDED_OVER, owner, 0);
            state.context.handover.frame(owner, device, frame, length);
        } else {
            state.drop(DropReason.ICMP_NO_CONNECTION);
        }
    }

    /** Whether the sender can have sent the quoted TCP segment, as far as the record knows (RFC 5927 §4.1); both count in the receiver's numbers. */
    private boolean isPlausible(int hit, long quotedTransport) {
        if (FlowIndex.isUdp(hit)) {
            return true;
        }
        int acknowledged = Memory.getInt(line(hit) + Connection.LAST_ACKNOWLEDGEMENT);
        int ahead = Tcp.sequence(quotedTransport) - acknowledged;
        return acknowledged == 0 || (ahead >= -BEHIND && ahead <= LARGEST_WINDOW);
    }

    private void translate(int hit, long frame, long icmp, int bytes, int quoted) {
        long line = line(hit);
        long addresses = Memory.getLong(line + Connection.ADDRESSES);
        Route route = state.route(FlowKey.destination(addresses));
        if (route == null) {
            state.drop(DropReason.NO_ROUTE);
            return;
        }
        quote(hit, line, icmp, bytes, quoted);
        correctMtu(hit, icmp);
        Icmp.setChecksum(icmp, 0);
        Icmp.setChecksum(icmp, Checksum.complement(Checksum.sum(icmp, bytes)));
        long ip = frame + Ethernet.LENGTH;
        Memory.putLong(ip + 12, addresses);
        Ipv4.setChecksum(ip, Checksum.ipv4Header(ip));
        VirtioNetHeader.clear(frame);
        state.context.step(Step.ICMP_TRANSLATED, Icmp.type(icmp), Icmp.code(icmp));
        state.stack.output(route, frame, Ethernet.LENGTH + Ipv4.totalLength(ip));
    }

    /** Turns the quoted packet back into what its sender sent. Its checksums stay as right or wrong as they were. */
    private void quote(int hit, long line, long icmp, int bytes, int quoted) {
        long ip = IcmpQuote.ip(icmp);
        long transport = icmp + quoted;
        int source = Ipv4.source(ip);
        int destination = Ipv4.destination(ip);
        int ports = Memory.getIntNet(transport);
        Memory.putLong(ip + 12, Long.rotateLeft(Memory.getLong(line + Connection.ADDRESSES), 32));
        Memory.putInt(transport, Integer.rotateLeft(Memory.getInt(line + Connection.PORTS), 16));
        int addressDelta = Checksum.add(
                Checksum.delta32(source, Ipv4.source(ip)), Checksum.delta32(destination, Ipv4.destination(ip)));
        Checksum.apply(ip + 10, addressDelta);
        int delta = Checksum.add(addressDelta, Checksum.delta32(ports, Memory.getIntNet(transport)));
        int there = IcmpQuote.transportBytes(icmp, bytes, quoted);
        if (FlowIndex.isUdp(hit)) {
            Checksum.applyUdp(transport + Udp.CHECKSUM_OFFSET, delta);
            return;
        }
        long quotedLine = opposite(hit, line);
        delta = Checksum.add(delta, unshift(transport + 4, quotedLine + Connection.SEQUENCE_DELTA));
        if (there >= 14 && (Tcp.flags(transport) & Tcp.ACK) != 0) {
            delta = Checksum.add(delta, unshift(transport + 8, quotedLine + Connection.ACKNOWLEDGEMENT_DELTA));
        }
        if (there >= Tcp.CHECKSUM_OFFSET + 2) {
            Checksum.apply(transport + Tcp.CHECKSUM_OFFSET, delta);
        }
    }

    /** Takes a line's shift from a quoted number again; returns what that does to the checksum. */
    private static int unshift(long field, long shift) {
        int before = Memory.getIntNet(field);
        int after = before - Memory.getInt(shift);
        Memory.putIntNet(field, after);
        return Checksum.delta32(before, after);
    }

    /**
     * While a client's packets grow here by its address, it must hear of so much less (facts: behaviour §5.1). A router that tells no MTU (RFC 1191 §4)
     * leaves the client to guess.
     */
    private void correctMtu(int hit, long icmp) {
        if (!FlowIndex.isOutbound(hit)
                || Icmp.type(icmp) != Icmp.UNREACHABLE
                || Icmp.code(icmp) != Icmp.FRAGMENTATION_NEEDED) {
            return;
        }
        long in = state.connections.record(FlowIndex.connection(hit));
        int mtu = Icmp.nextHopMtu(icmp);
        if (mtu != 0 && (Connection.flags(in) & Connection.CLIENT_ADDRESS_DUE) != 0) {
            Icmp.setNextHopMtu(icmp, Math.max(SMALLEST_MTU, mtu - ClientAddressOption.LENGTH));
        }
    }

    private long line(int hit) {
        long record = state.connections.record(FlowIndex.connection(hit));
        return FlowIndex.isOutbound(hit) ? record + Connection.OUT : record;
    }

    private static long opposite(int hit, long line) {
        return FlowIndex.isOutbound(hit) ? line - Connection.OUT : line + Connection.OUT;
    }
}
