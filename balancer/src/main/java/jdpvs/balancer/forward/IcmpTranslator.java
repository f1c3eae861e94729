package jdpvs.balancer.forward;

import java.nio.ByteOrder;
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
import jdpvs.wire.Icmp6Quote;
import jdpvs.wire.IcmpError;
import jdpvs.wire.IcmpQuote;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;
import jdpvs.wire.translate.ErrorMapping;
import jdpvs.wire.translate.ErrorTranslation;

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
    private final IcmpError error = new IcmpError();

    IcmpTranslator(BalancerState state) {
        this.state = state;
    }

    /** Whether an ICMP message is an error that was sent to an address of ours, so that {@link #input} is to have it. */
    boolean takes(int device, long frame, int transportOffset) {
        long ip = frame + Ethernet.LENGTH;
        int type = Icmp.type(frame + transportOffset);
        return (Ip.isIpv6(ip) ? Icmp6Quote.isQuoting(type) : IcmpQuote.isQuoting(type))
                && (Memory.getLong(frame) & MAC_MASK) == state.deviceMac(device)
                && state.isOurs(Ip.destinationHigh(ip), Ip.destinationLow(ip));
    }

    /** Translates and sends an error, hands it to the worker whose connection it is about, or counts why not. */
    void input(int device, long frame, int length, int transportOffset) {
        error.take(frame, transportOffset);
        if (!error.isChecksumRight()) {
            refuse(DropReason.BAD_ICMP_HEADER, frame, length);
        } else if (!error.read() || !error.isAddressedToSender()) {
            refuse(DropReason.BAD_ICMP_QUOTE, frame, length);
        } else {
            int hit = find();
            if (hit == 0) {
                missed(device, frame, length, owner(device));
            } else if (!isPlausible(hit)) {
                refuse(DropReason.BAD_ICMP_QUOTE, frame, length);
            } else {
                state.context.ipv6.delivered(frame, length);
                translate(hit);
            }
        }
    }

    /** Translates an error of our own about a packet that was rewritten here; one about what is no connection's packet goes nowhere. */
    void passOn(long frame, int length) {
        boolean ipv6 = Ip.isIpv6(frame + Ethernet.LENGTH);
        error.take(frame, Ethernet.LENGTH + (ipv6 ? Ipv6.LENGTH : Ipv4.MINIMUM_LENGTH));
        int hit = error.read() ? find() : 0;
        if (hit != 0) {
            translate(hit);
        }
    }

    /** The hit of a packet that answers the quoted one, or 0. */
    private int find() {
        if (!error.isOfFlow()) {
            return 0;
        }
        boolean tcp = error.protocol() == Ipv4.TCP;
        if (!error.isIpv6()) {
            long ports = FlowKey.portsAt(error.transport(), tcp ? FrameKind.TCP4 : FrameKind.UDP4);
            long addresses = Long.rotateLeft(FlowKey.addressesAt(error.quotedIp()), 32);
            return state.connections.index().find(addresses, FlowKey.answering(ports));
        }
        long ports = FlowKey.portsAt(error.transport(), tcp ? FrameKind.TCP6 : FrameKind.UDP6);
        long addresses = state.connections.hash().ofAnswer(error.quotedIp() + Ipv6.SOURCE);
        int hit = state.connections.index().find(addresses, FlowKey.answering(ports));
        return hit != 0 && state.addresses.isAnswered(state.line(hit), error.quotedIp()) ? hit : 0;
    }

    /**
     * Who knows the connection of the quoted packet, if anybody: a local port names its worker; a client's packets go where the device's steering sends
     * them, and that is the same for the quoted packet, which went the other way. Errors mostly come there by themselves, but not when
     * they came in fragments or with a port's driver that cannot look into them.
     *
     * @return a worker, or this one when no other may know it
     */
    private int owner(int device) {
        if (!error.isOfFlow()) {
            return state.context.index;
        }
        return state.isLocalAddress(Ip.destinationHigh(error.ip()), Ip.destinationLow(error.ip()))
                ? Tcp.sourcePort(error.transport()) & state.context.portMask()
                : state.context.workerOfFlow(device, error.quotedIp(), error.transport());
    }

    private void missed(int device, long frame, int length, int owner) {
        if (owner != state.context.index && owner < state.context.workers) {
            state.context.step(Step.HANDED_OVER, owner, 0);
            state.context.handover.frame(owner, device, frame, length);
        } else {
            refuse(DropReason.ICMP_NO_CONNECTION, frame, length);
        }
    }

    /** An error that came to the right place and says nothing to anybody. */
    private void refuse(DropReason reason, long frame, int length) {
        state.context.ipv6.delivered(frame, length);
        state.drop(reason);
    }

    /** Whether the sender can have sent the quoted TCP segment, as far as the record knows (RFC 5927 §4.1); both count in the receiver's numbers. */
    private boolean isPlausible(int hit) {
        if (FlowIndex.isUdp(hit)) {
            return true;
        }
        int acknowledged = Memory.getInt(state.line(hit) + Connection.LAST_ACKNOWLEDGEMENT);
        int ahead = Tcp.sequence(error.transport()) - acknowledged;
        return acknowledged == 0 || (ahead >= -BEHIND && ahead <= LARGEST_WINDOW);
    }

    private void translate(int hit) {
        long line = state.line(hit);
        Route route = state.route(line);
        if (route == null) {
            state.dropWithoutRoute(Connection.leavesAsIpv6(line));
            return;
        }
        quotedTransport(hit, line);
        if (Connection.arrivesAsIpv6(line) != Connection.leavesAsIpv6(line)) {
            otherFamily(hit, line, route);
            return;
        }
        correctMtu(hit);
        addresses(line);
        error.setChecksums();
        VirtioNetHeader.clear(error.frame());
        state.context.step(Step.ICMP_TRANSLATED, error.type(), error.code());
        state.stack.output(route, error.frame(), Ethernet.LENGTH + Ip.totalLength(error.ip()));
    }

    /** Tells the error in the words of the other family, in a frame of its own. */
    private void otherFamily(int hit, long line, Route route) {
        if (FamilyRewrite.isSourceRouted(error.frame(), line)) {
            // Nobody is told: this is an error itself.
            state.drop(DropReason.SOURCE_ROUTE);
            return;
        }
        long message = ErrorMapping.of(error, growth(hit));
        if (message == ErrorMapping.NONE) {
            state.drop(DropReason.ICMP_UNTRANSLATABLE);
            return;
        }
        long frame = state.context.egress.allocate();
        if (frame == 0) {
            state.drop(DropReason.BUFFERS_EXHAUSTED);
            return;
        }
        int length = Connection.leavesAsIpv6(line)
                ? ErrorTranslation.toIpv6(error, message, frame, state.addresses.pair(line))
                : ErrorTranslation.toIpv4(error, message, frame, Memory.getLong(line + Connection.ADDRESSES));
        state.context.step(Step.ICMP_TRANSLATED, ErrorMapping.type(message), ErrorMapping.code(message));
        state.stack.output(route, frame, length);
    }

    /** By how much the quoted packet's sender's packets grow here: a client's by its address, while they carry it (facts: behaviour §5.1). */
    private int growth(int hit) {
        long in = state.connections.record(FlowIndex.connection(hit));
        return FlowIndex.isOutbound(hit) ? ClientAddressSender.growthNow(in) : 0;
    }

    /** Gives the error the line's addresses, and the quoted packet those that its sender wrote. */
    private void addresses(long line) {
        if (error.isIpv6()) {
            long pair = state.addresses.pair(line);
            Memory.copy(pair, error.ip() + Ipv6.SOURCE, 32);
            Memory.copy(pair, error.quotedIp() + Ipv6.DESTINATION, 16);
            Memory.copy(pair + 16, error.quotedIp() + Ipv6.SOURCE, 16);
            return;
        }
        long addresses = Memory.getLong(line + Connection.ADDRESSES);
        Memory.putLong(error.ip() + 12, addresses);
        Memory.putLong(error.quotedIp() + 12, Long.rotateLeft(addresses, 32));
        Checksum.apply(error.quotedIp() + 10, addressDelta(line));
    }

    /** What the new addresses do to a sum; the quoted packet's change as the answer's do, in the other order. */
    private static int addressDelta(long line) {
        int sum = Memory.getShort(line + Connection.ADDRESS_SUM);
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes((short) sum) & 0xffff : sum;
    }

    /** Turns the quoted transport header back into what its sender sent. Its checksum stays as right or wrong as it was. */
    private void quotedTransport(int hit, long line) {
        long transport = error.transport();
        int ports = Memory.getIntNet(transport);
        Memory.putInt(transport, Integer.rotateLeft(Memory.getInt(line + Connection.PORTS), 16));
        int delta = Checksum.add(addressDelta(line), Checksum.delta32(ports, Memory.getIntNet(transport)));
        if (FlowIndex.isUdp(hit)) {
            Checksum.applyUdp(transport + Udp.CHECKSUM_OFFSET, delta);
            return;
        }
        long quotedLine = opposite(hit, line);
        delta = Checksum.add(delta, unshift(transport + 4, quotedLine + Connection.SEQUENCE_DELTA));
        if (error.transportBytes() >= 14 && (Tcp.flags(transport) & Tcp.ACK) != 0) {
            delta = Checksum.add(delta, unshift(transport + 8, quotedLine + Connection.ACKNOWLEDGEMENT_DELTA));
        }
        if (error.transportBytes() >= Tcp.CHECKSUM_OFFSET + 2) {
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

    /** Who sends what grows here must hear of so much less. A router that tells no MTU (RFC 1191 §4) leaves the sender to guess. */
    private void correctMtu(int hit) {
        int mtu = error.isTooBig() ? error.mtu() : 0;
        int growth = growth(hit);
        if (mtu != 0 && growth != 0) {
            error.setMtu(Math.max(error.isIpv6() ? Ipv6.MINIMUM_MTU : SMALLEST_MTU, mtu - growth));
        }
    }

    private static long opposite(int hit, long line) {
        return FlowIndex.isOutbound(hit) ? line - Connection.OUT : line + Connection.OUT;
    }
}
