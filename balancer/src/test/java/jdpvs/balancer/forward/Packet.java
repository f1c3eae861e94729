package jdpvs.balancer.forward;

import java.lang.foreign.Arena;
import jdpvs.wire.Checksum;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/** A frame that left the balancer, kept with its virtio-net header. */
record Packet(int device, long frame, int length) {
    private static final Arena ARENA = Arena.ofAuto();

    static Packet copy(int device, long frame, int length) {
        long copy = ARENA.allocate(64 + length, 64).address() + 64;
        Memory.copy(frame - VirtioNetHeader.LENGTH, copy - VirtioNetHeader.LENGTH, VirtioNetHeader.LENGTH + length);
        return new Packet(device, copy, length);
    }

    long ip() {
        return frame + Ethernet.LENGTH;
    }

    long transport() {
        return ip() + (Ip.isIpv6(ip()) ? Ipv6.LENGTH : Ipv4.headerLength(ip()));
    }

    int protocol() {
        return Ip.isIpv6(ip()) ? Ipv6.nextHeader(ip()) : Ipv4.protocol(ip());
    }

    /** Time to live, or hop limit. */
    int hops() {
        return Ip.isIpv6(ip()) ? Ipv6.hopLimit(ip()) : Ipv4.ttl(ip());
    }

    String source() {
        return Ip.source(ip()).withPort(Tcp.sourcePort(transport()));
    }

    String destination() {
        return Ip.destination(ip()).withPort(Tcp.destinationPort(transport()));
    }

    int localPort() {
        return Tcp.sourcePort(transport());
    }

    long sourceMac() {
        return Ethernet.source(frame);
    }

    long destinationMac() {
        return Ethernet.destination(frame);
    }

    int flags() {
        return Tcp.flags(transport());
    }

    int totalLength() {
        return Ip.totalLength(ip());
    }

    byte[] options() {
        byte[] options = new byte[Tcp.headerLength(transport()) - Tcp.MINIMUM_LENGTH];
        Memory.copyOut(transport() + Tcp.MINIMUM_LENGTH, options, 0, options.length);
        return options;
    }

    byte[] payload() {
        int header = protocol() == Ipv4.TCP ? Tcp.headerLength(transport()) : Udp.LENGTH;
        byte[] payload = new byte[totalLength() - (int) (transport() - ip()) - header];
        Memory.copyOut(transport() + header, payload, 0, payload.length);
        return payload;
    }

    /** Lengths and checksums are what they would be had the packet been built from scratch. */
    boolean isSound() {
        if (!FrameKind.isFlow(FrameKind.kind(Classifier.classify(frame, length)))) {
            return false;
        }
        boolean udp = protocol() == Ipv4.UDP;
        long field = transport() + (udp ? Udp.CHECKSUM_OFFSET : Tcp.CHECKSUM_OFFSET);
        int found = Memory.getShortNet(field);
        int bytes = totalLength() - (int) (transport() - ip());
        int pseudoHeader = Ip.pseudoHeader(ip(), protocol(), bytes);
        if (VirtioNetHeader.needsChecksum(frame)) {
            return found == pseudoHeader && VirtioNetHeader.checksumStart(frame) == transport() - frame;
        }
        if (udp && found == 0) {
            return !Ip.isIpv6(ip());
        }
        Memory.putShort(field, 0);
        int expected = Checksum.complement(Checksum.add(pseudoHeader, Checksum.sum(transport(), bytes)));
        Memory.putShortNet(field, found);
        return found == (udp && expected == 0 ? 0xffff : expected)
                && (Ip.isIpv6(ip()) || Checksum.ipv4Header(ip()) == Ipv4.checksum(ip()));
    }
}
