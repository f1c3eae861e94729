package jdpvs.stack.fragment;

import java.util.concurrent.ThreadLocalRandom;
import jdpvs.port.DropReason;
import jdpvs.port.Step;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.WorkerContext;
import jdpvs.wire.Ethernet;
import jdpvs.wire.ExtensionHeaders;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.VirtioNetHeader;

/** Cuts IPv6 packets (RFC 8200 §4.5) that came in fragments, or from an IPv4 sender that allows it. */
final class Fragmenter6 {
    private static final int UNIT = 8;

    private final WorkerContext context;
    private final CycleMemory memory;
    /** Not to be guessed (RFC 7739 §4); the low bits are the worker's, so that two workers never use the same for one local address. */
    private int identification = ThreadLocalRandom.current().nextInt();

    Fragmenter6(WorkerContext context, CycleMemory memory) {
        this.context = context;
        this.memory = memory;
    }

    static boolean isToBeCut(long frame) {
        return VirtioNetHeader.gsoType(frame) == VirtioNetHeader.GSO_UDP && Ip.isIpv6(frame + Ethernet.LENGTH);
    }

    /** The packet's transport header, as {@link ExtensionHeaders#walk} tells it. */
    static int transport(long frame) {
        long ip = frame + Ethernet.LENGTH;
        return ExtensionHeaders.walk(ip, ip + Ipv6.totalLength(ip));
    }

    /** Its checksum is complete. */
    void send(int device, long frame, int mtu) {
        long ip = frame + Ethernet.LENGTH;
        int total = Ipv6.totalLength(ip);
        long last = lastUnfragmentable(ip, total);
        int head = Ipv6.LENGTH + (int) (last == ip ? 0 : end(last) - ip - Ipv6.LENGTH);
        long field = last == ip ? ip + 6 : last;
        int payload = total - head;
        int part = Math.min(VirtioNetHeader.segmentSize(frame), mtu - head - Ipv6.FRAGMENT_LENGTH) & -UNIT;
        if (part < UNIT || payload <= part + Ipv6.FRAGMENT_LENGTH) {
            VirtioNetHeader.clear(frame);
            context.ipv6.add(Ipv6Counter.OUT_OCTETS, total);
            context.egress.send(device, frame, Ethernet.LENGTH + total);
            return;
        }
        int length = Ethernet.LENGTH + head + Ipv6.FRAGMENT_LENGTH;
        int fragments = (payload + part - 1) / part;
        if (!memory.hasRoom(fragments, length + part, context.nowMillis)) {
            context.drops.count(DropReason.BUFFERS_EXHAUSTED);
            context.ipv6.add(Ipv6Counter.FRAG_FAILS, 1);
            return;
        }
        context.step(Step.FRAGMENTED, total, length - Ethernet.LENGTH + part);
        context.ipv6.add(Ipv6Counter.FRAG_OKS, 1);
        context.ipv6.add(Ipv6Counter.FRAG_CREATES, fragments);
        context.ipv6.add(Ipv6Counter.OUT_OCTETS, payload + (long) fragments * (length - Ethernet.LENGTH));
        identification += random();
        for (int done = 0; done < payload; done += part) {
            int bytes = Math.min(part, payload - done);
            long fragment = memory.allocate(length + part);
            long header = fragment + Ethernet.LENGTH + head;
            Memory.copy(frame, fragment, Ethernet.LENGTH + head);
            Ipv6.setPayloadLength(fragment + Ethernet.LENGTH, head - Ipv6.LENGTH + Ipv6.FRAGMENT_LENGTH + bytes);
            Memory.putByte(fragment + (field - frame), Ipv6.FRAGMENT);
            Memory.putShortNet(header, Memory.getByte(field) << 8);
            Memory.putShortNet(header + 2, done | (done + bytes < payload ? Ipv6.MORE_FRAGMENTS : 0));
            Memory.putIntNet(header + 4, identification);
            Memory.copy(ip + head + done, header + Ipv6.FRAGMENT_LENGTH, bytes);
            context.egress.send(device, fragment, length + bytes);
        }
    }

    /** A step that keeps the low bits: they name the worker. */
    private int random() {
        int mask = context.portMask();
        int aligned = (identification & mask) == (context.index & mask) ? 0 : context.index - (identification & mask);
        return aligned + (mask + 1) * (1 + (ThreadLocalRandom.current().nextInt() & 0xffff));
    }

    /** The last header that every router must see, hop-by-hop options or a routing header; the IPv6 header when there is neither. */
    private static long lastUnfragmentable(long ip, int total) {
        long last = ip;
        int header = Ipv6.nextHeader(ip);
        long at = ip + Ipv6.LENGTH;
        for (int count = 0; count < ExtensionHeaders.MOST && at + UNIT <= ip + total; count++) {
            if (header == Ipv6.HOP_BY_HOP || header == Ipv6.ROUTING) {
                last = at;
            } else if (header != Ipv6.DESTINATION_OPTIONS) {
                break;
            }
            header = Memory.getByte(at);
            at = end(at);
        }
        return last;
    }

    /** Behind an extension header. */
    private static long end(long header) {
        return header + (Memory.getByte(header + 1) + 1) * 8L;
    }
}
