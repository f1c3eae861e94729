package jdpvs.stack.fragment;

import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/**
 * Sends IP packets so that every packet fits an MTU: as they are, or, where the packet may be fragmented (IPv4 without DF), in fragments (RFC 791 §3.2). IPv6 is cut
 * where the frame says so ({@link VirtioNetHeader#setFragments}), whether it fits or not: its sender's way further on is not known. A segmented
 * frame counts with the size of its segments. A packet that does not fit and must not be fragmented is the caller's to drop.
 */
public final class Fragmenter {
    /** Of one worker: a millisecond of fragments at 32 Gbit/s. */
    public static final int CYCLE_BYTES = 4 << 20;

    private static final int FRAGMENT_UNIT = 8;

    private final WorkerContext context;
    private final CycleMemory memory = new CycleMemory(CYCLE_BYTES);
    private final Fragmenter6 ipv6;

    public Fragmenter(WorkerContext context) {
        this.context = context;
        this.ipv6 = new Fragmenter6(context, memory);
    }

    /** Whether a packet can be sent over a link of this MTU, in fragments if need be. */
    public static boolean canPass(long frame, int length, int mtu) {
        if (length - Ethernet.LENGTH <= mtu || Fragmenter6.isToBeCut(frame)) {
            return true;
        }
        long ip = frame + Ethernet.LENGTH;
        // Who passes IPv6 on does not cut it (RFC 8200 §4.5).
        boolean mayFragment = !Ip.isIpv6(ip)
                && (Ipv4.flagsAndOffset(ip) & Ipv4.DONT_FRAGMENT) == 0
                && type(frame) != VirtioNetHeader.GSO_UDP_L4
                && mtu >= Ipv4.headerLength(ip) + FRAGMENT_UNIT;
        return mayFragment || packetBytes(frame) <= mtu;
    }

    /** Size of the largest IP packet that a frame becomes on the wire, were it not fragmented. */
    public static int packetBytes(long frame) {
        long ip = frame + Ethernet.LENGTH;
        int total = Ip.totalLength(ip);
        int type = type(frame);
        int segment = VirtioNetHeader.segmentSize(frame);
        if (type == VirtioNetHeader.GSO_NONE || segment == 0) {
            return total;
        }
        int headerLength;
        int protocol;
        if (Ip.isIpv6(ip)) {
            int walked = ExtensionHeaders.walk(ip, ip + total);
            if (walked == ExtensionHeaders.REFUSED) {
                return total;
            }
            headerLength = ExtensionHeaders.offset(walked);
            protocol = ExtensionHeaders.header(walked);
        } else {
            headerLength = Ipv4.headerLength(ip);
            protocol = Ipv4.protocol(ip);
        }
        if ((type == VirtioNetHeader.GSO_TCP4 || type == VirtioNetHeader.GSO_TCP6) && protocol == Ipv4.TCP) {
            return Math.min(total, headerLength + Tcp.headerLength(ip + headerLength) + segment);
        }
        if (type == VirtioNetHeader.GSO_UDP_L4 && protocol == Ipv4.UDP) {
            return Math.min(total, headerLength + Udp.LENGTH + segment);
        }
        return total;
    }

    /** Sends a frame that {@link #canPass}, Ethernet header filled in; what there is no memory for is counted. */
    public void send(int device, long frame, int length, int mtu) {
        if (Fragmenter6.isToBeCut(frame)) {
            int walked = Fragmenter6.transport(frame);
            completeChecksum(
                    frame,
                    Ethernet.LENGTH + ExtensionHeaders.offset(walked),
                    Ethernet.LENGTH + Ip.totalLength(frame + Ethernet.LENGTH),
                    ExtensionHeaders.header(walked));
            ipv6.send(device, frame, mtu);
            return;
        }
        if (length - Ethernet.LENGTH <= mtu || packetBytes(frame) <= mtu) {
            context.ipv6.transmitted(frame, length);
            context.egress.send(device, frame, length);
            return;
        }
        long ip = frame + Ethernet.LENGTH;
        int headerLength = Ipv4.headerLength(ip);
        int payload = Ipv4.totalLength(ip) - headerLength;
        int firstPart = mtu - headerLength & -FRAGMENT_UNIT;
        if (!memory.hasRoom(
                1 + payload / Math.max(FRAGMENT_UNIT, firstPart), Ethernet.LENGTH + mtu, context.nowMillis)) {
            context.drops.count(DropReason.BUFFERS_EXHAUSTED);
            return;
        }
        int transport = Ethernet.LENGTH + headerLength;
        completeChecksum(frame, transport, transport + payload, Ipv4.protocol(ip));
        context.step(Step.FRAGMENTED, headerLength + payload, mtu);
        int field = Ipv4.flagsAndOffset(ip);
        for (int done = 0; done < payload; ) {
            long fragment = memory.allocate(Ethernet.LENGTH + mtu);
            long header = fragment + Ethernet.LENGTH;
            Memory.copy(frame, fragment, Ethernet.LENGTH + Ipv4.MINIMUM_LENGTH);
            int fragmentHeader =
                    done == 0 ? whole(ip, header, headerLength) : IpOptions.copied(ip, header, headerLength);
            int part = Math.min(payload - done, mtu - fragmentHeader & -FRAGMENT_UNIT);
            boolean last = done + part == payload;
            Memory.copy(ip + headerLength + done, header + fragmentHeader, part);
            Ipv4.setTotalLength(header, fragmentHeader + part);
            // A fragment may itself be cut: its offset and "more" stay true of its last part.
            Memory.putShortNet(
                    header + 6,
                    (field & ~Ipv4.OFFSET_MASK)
                            | ((field & Ipv4.OFFSET_MASK) + done / FRAGMENT_UNIT)
                            | (last ? 0 : Ipv4.MORE_FRAGMENTS));
            Ipv4.setChecksum(header, Checksum.ipv4Header(header));
            context.egress.send(device, fragment, Ethernet.LENGTH + fragmentHeader + part);
            done += part;
        }
    }

    private static int whole(long ip, long header, int headerLength) {
        Memory.copy(ip + Ipv4.MINIMUM_LENGTH, header + Ipv4.MINIMUM_LENGTH, headerLength - Ipv4.MINIMUM_LENGTH);
        return headerLength;
    }

    /** A device cannot finish the checksum of a fragment, for it covers all of them. A field before the transport header is a lie, and stays. */
    private static void completeChecksum(long frame, int transport, int end, int protocol) {
        int start = VirtioNetHeader.checksumStart(frame);
        int field = start + VirtioNetHeader.checksumOffset(frame);
        if (VirtioNetHeader.needsChecksum(frame) && start >= transport && field + 2 <= end) {
            int checksum = Checksum.complement(Checksum.sum(frame + start, end - start));
            Memory.putShortNet(frame + field, checksum == 0 && protocol == Ipv4.UDP ? 0xffff : checksum);
        }
    }

    private static int type(long frame) {
        return VirtioNetHeader.gsoType(frame) & ~VirtioNetHeader.GSO_ECN;
    }
}
