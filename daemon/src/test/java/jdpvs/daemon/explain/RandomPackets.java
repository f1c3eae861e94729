package jdpvs.daemon.explain;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jdpvs.wire.Address;
import jdpvs.wire.Arp;
import jdpvs.wire.Classifier;
import jdpvs.wire.Ethernet;
import jdpvs.wire.FrameKind;
import jdpvs.wire.Icmp;
import jdpvs.wire.Icmp6;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Ipv4Address;
import jdpvs.wire.Ipv6;
import jdpvs.wire.Memory;
import jdpvs.wire.NeighbourDiscovery;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/** The packets of clients, servers and strangers in the world of {@link JudgeWorld}. */
final class RandomPackets {
    static final long WAN_MAC = 0x0200_0000_0a02L;
    static final long LAN_MAC = 0x0200_0000_0a00L;
    static final long HOST_MAC = 0x0200_0000_0c01L;
    static final int[] CLIENTS = {ip("172.16.0.1"), ip("172.16.0.2"), ip("10.0.96.9"), ip("192.168.229.9")};
    static final int[] SERVERS = {ip("192.168.229.1"), ip("192.168.229.2"), ip("10.50.0.1")};
    static final int[] VIPS = {ip("10.0.96.204"), ip("10.0.96.205")};
    static final int[] LIPS = {ip("192.168.229.204"), ip("192.168.229.205")};

    static final Address[] SIXES = {
        Address.parse("2001:db8:a::1"),
        Address.parse("2001:db8:b::1"),
        Address.parse("2001:db8:a::100"),
        Address.parse("2001:db8:b::100"),
        Address.parse("2001:db8:a::77"),
        Address.parse("2001:db8:ffff::1"),
        Address.parse("fe80::1"),
        Address.parse("fe80::a:100")
    };

    private final Random random;
    private final Arena arena = Arena.ofAuto();
    /** What the worker sent so far, for others to answer. */
    private final List<byte[]> replies = new ArrayList<>();

    RandomPackets(Random random) {
        this.random = random;
    }

    void sent(List<byte[]> frames) {
        replies.addAll(frames);
    }

    private boolean chance(double p) {
        return random.nextDouble() < p;
    }

    /** A frame that comes in by a device: anything from a SYN to a damaged ICMP error. */
    byte[] next(int device) {
        int client =
                chance(0.95) ? CLIENTS[random.nextInt(CLIENTS.length)] : (chance(0.5) ? LIPS : VIPS)[random.nextInt(2)];
        int vip = chance(0.95) ? VIPS[random.nextInt(2)] : ip("10.9.9.9");
        int port = chance(0.9) ? 80 : 81;
        int from = 1000 + random.nextInt(4);
        PacketBuilder packet = switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> PacketBuilder.tcp(client, from, vip, port).flags(Tcp.SYN);
            case 4, 5 -> PacketBuilder.tcp(client, from, vip, port).flags(random.nextInt(64));
            case 6, 7 -> PacketBuilder.udp(client, from, vip, port).payload("question");
            case 8 -> PacketBuilder.echo(client, chance(0.7) ? vip : ip("10.7.7.7"), 1, 1);
            case 9 -> PacketBuilder.ipv4(47, client, chance(0.5) ? vip : SERVERS[random.nextInt(3)]);
            default -> null;
        };
        if (packet == null) {
            return switch (random.nextInt(7)) {
                case 0 -> arp(device);
                case 4, 5 -> six(device);
                case 6 -> discovery();
                case 1 -> error(device);
                default -> answer(device);
            };
        }
        if (chance(0.05)) {
            packet.payload(new byte[1600]).fragment(chance(0.5) ? Ipv4.DONT_FRAGMENT : 0);
        }
        if (chance(0.05)) {
            // A loose source route with one address to go, or at its end.
            packet.ipOptions(new byte[] {(byte) 131, 7, (byte) (chance(0.5) ? 4 : 8), 10, 0, 0, 1, 0});
        }
        byte[] frame = packet.ttl(chance(0.1) ? 1 : 64)
                .macs(chance(0.95) ? mac(device) : 0x0200_0000_0099L, 0x0200_0000_0001L)
                .toBytes();
        if (chance(0.05)) {
            int at = Ethernet.LENGTH + random.nextInt(20);
            frame[at] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    /** What the receiver of an earlier packet would say: often a server's answer. */
    private byte[] answer(int device) {
        if (replies.isEmpty()) {
            return arp(device);
        }
        byte[] sentFrame = replies.get(random.nextInt(replies.size()));
        long frame = copy(sentFrame);
        long ip = frame + Ethernet.LENGTH;
        int classification = Classifier.classify(frame, sentFrame.length);
        int kind = FrameKind.kind(classification);
        if (!FrameKind.isFlow(kind)) {
            return arp(device);
        }
        long transport = frame + FrameKind.transportOffset(classification);
        int peerPort = Tcp.destinationPort(transport);
        int ownPort = Tcp.sourcePort(transport);
        Address peer = Ip.destination(ip);
        Address own = Ip.source(ip);
        PacketBuilder packet = FrameKind.isUdp(kind)
                ? PacketBuilder.udp(peer, peerPort, own, ownPort)
                : PacketBuilder.tcp(peer, peerPort, own, ownPort)
                        .flags(chance(0.6) ? Tcp.SYN | Tcp.ACK : random.nextInt(32));
        if (chance(0.1)) {
            packet.payload(1400 + random.nextInt(100));
        }
        return packet.macs(mac(device), HOST_MAC).toBytes();
    }

    /** An ICMP error about an earlier packet. */
    private byte[] error(int device) {
        if (replies.isEmpty()) {
            return arp(device);
        }
        byte[] about = replies.get(random.nextInt(replies.size()));
        long quoted = copy(about) + Ethernet.LENGTH;
        if (!FrameKind.isFlow(FrameKind.kind(Classifier.classify(quoted - Ethernet.LENGTH, about.length)))) {
            return arp(device);
        }
        boolean ipv6 = Ip.isIpv6(quoted);
        byte[] quote = new byte[Math.min(ipv6 ? 48 : 28, about.length - Ethernet.LENGTH)];
        System.arraycopy(about, Ethernet.LENGTH, quote, 0, quote.length);
        if (chance(0.1)) {
            quote[random.nextInt(quote.length)] ^= 1;
        }
        int type = chance(0.7)
                ? ipv6 ? Icmp6.UNREACHABLE : Icmp.UNREACHABLE
                : ipv6 ? Icmp6.TIME_EXCEEDED : Icmp.TIME_EXCEEDED;
        Address router = ipv6 ? SIXES[random.nextInt(2)] : Address.ofIpv4(SERVERS[random.nextInt(3)]);
        return PacketBuilder.echo(router, Ip.source(quoted), 0, 0)
                .icmp(type, 0)
                .payload(quote)
                .macs(mac(device), HOST_MAC)
                .toBytes();
    }

    private byte[] arp(int device) {
        int target = chance(0.7)
                ? (device == 0 ? VIPS : LIPS)[random.nextInt(2)]
                : (random.nextInt() & 0x7fff_ffff) | 0x0100_0000;
        int sender = chance(0.5) ? SERVERS[random.nextInt(2)] : CLIENTS[random.nextInt(4)];
        return PacketBuilder.arp(random.nextBoolean() ? Arp.REQUEST : Arp.REPLY, HOST_MAC, sender, mac(device), target);
    }

    private Address six() {
        return SIXES[random.nextInt(SIXES.length)];
    }

    private byte[] six(int device) {
        boolean client = chance(0.6);
        Address from = client ? SIXES[chance(0.5) ? 0 : 5] : six();
        Address to = client ? SIXES[2] : chance(0.05) ? NeighbourDiscovery.ALL_NODES : six();
        int port = 1000 + random.nextInt(4);
        PacketBuilder packet = switch (random.nextInt(client ? 3 : 5)) {
            case 0 -> PacketBuilder.tcp(from, port, to, 80).flags(random.nextInt(64));
            case 1 -> PacketBuilder.tcp(from, port, to, 80).flags(Tcp.SYN);
            case 2 -> PacketBuilder.udp(from, port, to, 80).payload(chance(0.2) ? 1450 + random.nextInt(40) : 8);
            case 3 -> PacketBuilder.ip(47, from, to).payload(8);
            default -> PacketBuilder.echo(from, to, 1, 1).payload(chance(0.1) ? 1453 : 8);
        };
        byte[] frame = packet.ttl(chance(0.1) ? 1 : 64)
                .macs(chance(0.95) ? mac(device) : 0x0200_0000_0099L, HOST_MAC)
                .toBytes();
        if (chance(0.05)) {
            frame[Ethernet.LENGTH + random.nextInt(48)] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    /** A question or an answer about an address; now and then one that is a lie. */
    private byte[] discovery() {
        boolean question = random.nextBoolean();
        Address target = six();
        Address from = question && chance(0.2) ? Address.NONE : question ? six() : target;
        Address to = !question && chance(0.5) ? six() : NeighbourDiscovery.solicitedNode(target.low());
        boolean tells = from.isNone() ? chance(0.1) : chance(0.8);
        long link = tells ? (chance(0.95) ? HOST_MAC : 0x0100_0000_0000L) : -1;
        int bytes = tells ? NeighbourDiscovery.LENGTH_WITH_OPTION : NeighbourDiscovery.LENGTH;
        long frame = copy(new byte[Ethernet.LENGTH + Ipv6.LENGTH + bytes]);
        long ip = frame + Ethernet.LENGTH;
        Ethernet.set(frame, NeighbourDiscovery.groupMac(to.low()), HOST_MAC, Ethernet.TYPE_IPV6);
        Ipv6.write(ip, 0, bytes, Ipv6.ICMP, chance(0.95) ? NeighbourDiscovery.HOP_LIMIT : 64, from, to);
        NeighbourDiscovery.write(
                ip,
                ip + Ipv6.LENGTH,
                question ? Icmp6.NEIGHBOUR_SOLICITATION : Icmp6.NEIGHBOUR_ADVERTISEMENT,
                random.nextInt(),
                target.high(),
                target.low(),
                link);
        byte[] message = new byte[Ethernet.LENGTH + Ipv6.LENGTH + bytes];
        Memory.copyOut(frame, message, 0, message.length);
        return message;
    }

    private static long mac(int device) {
        return device == 0 ? WAN_MAC : LAN_MAC;
    }

    static int ip(String text) {
        return Ipv4Address.parse(text);
    }

    /** @return a frame with these bytes, which lives as long as this */
    long copy(byte[] bytes) {
        long frame = arena.allocate(bytes.length + 128L, 64).address() + 64;
        VirtioNetHeader.clear(frame);
        Memory.copyIn(bytes, 0, frame, bytes.length);
        return frame;
    }
}
