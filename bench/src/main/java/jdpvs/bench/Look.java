package jdpvs.bench;

import jdpvs.port.Burst;
import jdpvs.port.memory.FrameSink;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;

/** Where sent frames go: looks at each once, or verifies it whole. */
final class Look implements FrameSink {
    long packets;

    /** Of every frame's first bytes: what is looked at must be used for something. */
    long sum;

    boolean verifying;

    @Override
    public void take(Burst burst) {
        for (int i = 0; i < burst.count; i++) {
            sum += Memory.getLong(burst.address[i]);
            if (verifying) {
                verify(burst.address[i]);
            }
        }
        packets += burst.count;
    }

    private static void verify(long frame) {
        long ip = frame + Ethernet.LENGTH;
        int source = Ipv4.source(ip);
        int bytes = Ipv4.totalLength(ip) - Ipv4.MINIMUM_LENGTH;
        boolean named = source == Topology.VIP || (source & 0xffff_ff00) == (Topology.FIRST_LOCAL & 0xffff_ff00);
        if (!named
                || !Checksum.isIpv4HeaderValid(ip)
                || !Checksum.isTransportValid(
                        source, Ipv4.destination(ip), Ipv4.TCP, ip + Ipv4.MINIMUM_LENGTH, bytes)) {
            throw new IllegalStateException("a frame left with wrong addresses or checksums");
        }
    }
}
