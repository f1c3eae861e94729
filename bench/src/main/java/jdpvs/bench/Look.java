package jdpvs.bench;

import jdpvs.port.Burst;
import jdpvs.port.memory.FrameSink;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;

/** Where sent frames go: looks at each once, or verifies it whole. */
final class Look implements FrameSink {
    private final Family family;
    long packets;

    /** Of every frame's first bytes: what is looked at must be used for something. */
    long sum;

    boolean verifying;

    Look(Family family) {
        this.family = family;
    }

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

    private void verify(long frame) {
        long ip = frame + Ethernet.LENGTH;
        boolean ipv6 = Ip.isIpv6(ip);
        int header = ipv6 ? Ipv6.LENGTH : Ipv4.MINIMUM_LENGTH;
        int bytes = Ip.totalLength(ip) - header;
        int sum = Checksum.add(Ip.pseudoHeader(ip, Ipv4.TCP, bytes), Checksum.sum(ip + header, bytes));
        if (!family.isOurs(Ip.source(ip)) || (!ipv6 && !Checksum.isIpv4HeaderValid(ip)) || sum != 0xffff) {
            throw new IllegalStateException("a frame left with wrong addresses or checksums");
        }
    }
}
