package jdpvs.daemon.worker;

import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** What the corpus is made of before it is spoilt: right packets to the service. */
final class CorpusPackets {
    private static final int CLIENT = FuzzRig.CLIENT;
    private static final int VIP = FuzzRig.VIP;

    private CorpusPackets() {}

    static PacketBuilder toService() {
        return PacketBuilder.tcp(CLIENT, 40_000, VIP, 80).macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC);
    }

    static byte[] syn() {
        return toService().flags(Tcp.SYN).toBytes();
    }

    static PacketBuilder datagram() {
        return PacketBuilder.udp(CLIENT, 40_000, VIP, 53).macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC);
    }

    static byte[] echo(int source, int destination, int ttl) {
        return PacketBuilder.echo(source, destination, 7, 1)
                .macs(FuzzRig.WAN_MAC, FuzzRig.GATEWAY_MAC)
                .ttl(ttl)
                .toBytes();
    }
}
