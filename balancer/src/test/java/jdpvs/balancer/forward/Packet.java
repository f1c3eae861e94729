package jdpvs.balancer.forward;

import java.lang.foreign.Arena;
import jdpvs.wire.Checksum;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Memory;
import jdpvs.wire.Tcp;
import jdpvs.wire.Udp;
import jdpvs.wire.VirtioNetHeader;

/** A frame that left the balancer, kept with its virtio-net header. */
record Packet(int device, long frame, int length) {
    private static final Arena ARENA = Arena.ofAuto();

    static Packet copy(int device, long frame, int length) {
        long copy = ARENA.allocate(64 + length, 64).address() + 64;
        Memory.copy(frame - 64, copy - 64, 64 + length);
        return new Packet(device, copy, length);
    }

    long ip() {
        return frame + Ethernet.LENGTH;
    }

    long transport() {
        return ip() + Ipv4.headerLength(ip());
    }

    String source() {
        return Ipv4Address.format(Ipv4.source(ip())) + ":" + Tcp.sourcePort(transport());
    }

    String destination() {
        return Ipv4Address.format(Ipv4.destination(ip())) + ":" + Tcp.destinationPort(transport());
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
        return Ipv4.totalLength(ip());
    }

    byte[] options() {
        byte[] options = new byte[Tcp.headerLength(transport()) - Tcp.MINIMUM_LENGTH];
        Memory.copyOut(transport() + Tcp.MINIMUM_LENGTH, options, 0, options.length);
        return options;
    }

    byte[] payload() {
        int header = Ipv4.protocol(ip()) == Ipv4.TCP ? Tcp.headerLength(transport()) : Udp.LENGTH;
        byte[] payload = new byte[totalLength() - Ipv4.headerLength(ip()) - header];
        Memory.copyOut(transport() + header, payload, 0, payload.length);
        return payload;
    }

    /** Lengths and checksums are what they would be had the packet been built from scratch. */
    boolean isSound() {
        if (FrameKind.kind(Classifier.classify(frame, length)) > FrameKind.UDP4) {
            return false;
        }
        boolean udp = Ipv4.protocol(ip()) == Ipv4.UDP;
        long field = transport() + (udp ? Udp.CHECKSUM_OFFSET : Tcp.CHECKSUM_OFFSET);
        int found = Memory.getShortNet(field);
        int bytes = totalLength() - Ipv4.headerLength(ip());
        int source = Ipv4.source(ip());
        int destination = Ipv4.destination(ip());
        if (VirtioNetHeader.needsChecksum(frame)) {
            return found == Checksum.pseudoHeader(source, destination, Ipv4.protocol(ip()), bytes)
                    && VirtioNetHeader.checksumStart(frame) == transport() - frame;
        }
        if (udp && found == 0) {
            return true;
        }
        Memory.putShort(field, 0);
        int expected = Checksum.transport(source, destination, Ipv4.protocol(ip()), transport(), bytes);
        Memory.putShortNet(field, found);
        return found == expected && Checksum.ipv4Header(ip()) == Ipv4.checksum(ip());
    }
}
