package jdpvs.balancer.forward;

import java.lang.foreign.Arena;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTransaction;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.port.Burst;
import jdpvs.port.DropReason;
import jdpvs.wire.Address;
import jdpvs.wire.Checksum;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ip;
import jdpvs.wire.Ipv4;
import jdpvs.wire.Memory;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;
import jdpvs.wire.VirtioNetHeader;

/**
 * Feeds a worker's balancer whatever bytes say: the input is a script of bursts of frames, some as they stand, most grown from packets that belong to
 * services and connections. Nothing may be thrown, and every frame must be accounted for once.
 */
public final class PipelineFuzz {
    private static final int FRAME = 2048;
    private static final String[] ADDRESSES = {
        World.CLIENT, World.VIP, World.LIP, World.SERVER_1, World.SERVER_2, "10.0.96.254", "8.8.8.8"
    };
    private static final String[] ADDRESSES_6 = {
        World.CLIENT_6, World.VIP_6, World.LIP_6, World.SERVER_6, "2001:db8:96::254", "2001:db8:77::1", "fe80::7"
    };
    private static final byte[] EXTENSION = {17, 0, 1, 4, 0, 0, 0, 0};
    private static final int[] PORTS = {80, 53, 40000, 40001, 1025, 65535};

    private final byte[] input;
    private int at;

    private PipelineFuzz(byte[] input) {
        this.input = input;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        new PipelineFuzz(input).run();
    }

    private void run() {
        World world =
                new World(16, 0, 2, Timeouts.DEFAULT).webService().dnsService().services(PipelineFuzz::otherFamilies);
        long received = 0;
        try (Arena arena = Arena.ofConfined()) {
            long buffers = arena.allocate((long) FRAME * Burst.CAPACITY, 64).address();
            while (at < input.length) {
                Burst burst = new Burst();
                int frames = 1 + next(Burst.CAPACITY);
                int device = next(2);
                while (burst.count < frames && at < input.length) {
                    long frame = buffers + (long) burst.count * FRAME + 64;
                    burst.add(frame, write(world, frame, device));
                }
                received += burst.count;
                world.receive(device, burst);
                int local = next(4);
                if (local == 0) {
                    world.neighbours.remove(Address.parse(World.SERVER_1));
                    world.neighbourGeneration++;
                } else if (local == 1) {
                    world.neighbours.put(Address.parse(World.SERVER_1), World.SERVER_1_MAC);
                    world.neighbourGeneration++;
                }
                // What the balancer says of itself was not received.
                long before = accounted(world);
                world.tick(next(256) * 100L);
                received += accounted(world) - before;
            }
        }
        check(world, received);
    }

    /** IPv6 to servers of both families, and IPv4 to one of IPv6. */
    private static ServiceTransaction otherFamilies(ServiceTransaction change) throws ServiceException {
        VirtualEndpoint web = new VirtualEndpoint(Protocol.TCP, Address.parse(World.VIP_6), 80);
        VirtualEndpoint dns = new VirtualEndpoint(Protocol.UDP, Address.parse(World.VIP_6), 53);
        VirtualEndpoint other = new VirtualEndpoint(Protocol.TCP, World.address(World.VIP), 40_000);
        String[] proxies = {"v1-insecure", "v2", "v2"};
        int proxy = 0;
        for (VirtualEndpoint service : new VirtualEndpoint[] {web, dns, other}) {
            change.addService(service, ServiceSettings.of("rr").withProxyProtocol(proxies[proxy++]))
                    .addServer(service, new ServerEndpoint(Address.parse(World.SERVER_6), 80), ServerSettings.weight(1))
                    .addLocalAddress(service, Address.parse(World.LIP_6), World.LAN);
        }
        for (VirtualEndpoint service : new VirtualEndpoint[] {web, dns}) {
            change.addServer(service, new ServerEndpoint(World.address(World.SERVER_2), 80), ServerSettings.weight(1))
                    .addLocalAddress(service, World.address(World.LIP), World.LAN);
        }
        return change;
    }

    private static long accounted(World world) {
        long accounted = (long) world.sent.size()
                + world.waiting.size()
                + world.localFrames.size()
                + world.balancer.absorbedFragments()
                - world.balancer.addedFrames();
        for (int handedOver : world.handedOver.values()) {
            accounted += handedOver;
        }
        for (DropReason reason : DropReason.values()) {
            accounted += world.drops.get(reason);
        }
        return accounted;
    }

    private static void check(World world, long received) {
        long accounted = accounted(world);
        if (accounted != received) {
            throw new AssertionError("received " + received + " frames, accounted for " + accounted);
        }
        if (world.balancer.connections().size() > 16) {
            throw new AssertionError("more connections than the table holds");
        }
        for (Packet packet : world.sent) {
            int length = packet.length();
            if (length < Ethernet.LENGTH || Ip.totalLength(packet.ip()) > length - Ethernet.LENGTH) {
                throw new AssertionError("sent a frame that is shorter than its packet");
            }
        }
    }

    private int write(World world, long frame, int device) {
        VirtioNetHeader.clear(frame);
        int form = next(8);
        if (form == 0) {
            int length = next(256);
            for (int i = 0; i < length; i++) {
                Memory.putByte(frame + i, next(256));
            }
            return length;
        }
        PacketBuilder packet;
        if (form == 4 && !world.sent.isEmpty()) {
            packet = error(world.sent.get(next(256) % world.sent.size()), device);
        } else if (form == 5 && !world.sent.isEmpty()) {
            packet = answer(world.sent.getLast(), device);
        } else {
            packet = packet(form, device);
        }
        int length = packet.writeWithHeader(frame);
        if (form >= 6) {
            mutate(frame, length, form == 7);
        }
        return length;
    }

    /** An ICMP error about what was sent, perhaps damaged. */
    private PacketBuilder error(Packet about, int device) {
        byte[] quote = new byte[Math.min(about.totalLength(), next(256))];
        Memory.copyOut(about.ip(), quote, 0, quote.length);
        if (next(4) == 0 && quote.length > 0) {
            quote[next(256) % quote.length] = (byte) next(256);
        }
        boolean ipv6 = Ip.isIpv6(about.ip());
        int[] types = ipv6 ? new int[] {1, 2, 3, 4, 137} : new int[] {3, 4, 5, 11, 12};
        Address router = Address.parse(ipv6 ? "2001:db8:96::254" : "10.0.96.254");
        return PacketBuilder.echo(router, Ip.source(about.ip()), next(256), next(256))
                .icmp(types[next(types.length)], next(6))
                .payload(quote)
                .macs(device == World.WAN ? World.WAN_MAC : World.LAN_MAC, 0x0200_0000_0001L);
    }

    private PacketBuilder packet(int form, int device) {
        boolean ipv6 = next(2) == 0;
        String[] addresses = ipv6 ? ADDRESSES_6 : ADDRESSES;
        String source = form == 1 ? addresses[0] : addresses[next(addresses.length)];
        String destination = form == 1 ? addresses[1] : addresses[next(addresses.length)];
        int sourcePort = PORTS[next(PORTS.length)] + next(2);
        int destinationPort = form == 1 ? 80 : PORTS[next(PORTS.length)];
        boolean udp = form == 3;
        PacketBuilder packet = udp
                ? PacketBuilder.udp(source, sourcePort, destination, form == 3 ? 53 : destinationPort)
                : PacketBuilder.tcp(source, sourcePort, destination, destinationPort);
        return shaped(packet, form, device, udp);
    }

    private PacketBuilder shaped(PacketBuilder packet, int form, int device, boolean udp) {
        packet.macs(device == World.WAN ? World.WAN_MAC : World.LAN_MAC, 0x0200_0000_0001L);
        int shape = next(256);
        packet.flags(form <= 2 && (shape & 1) != 0 ? Tcp.SYN : next(64));
        packet.sequence(next(4)).acknowledgement(1001 - next(2));
        if ((shape & 2) != 0) {
            byte[] options = new byte[next(41)];
            for (int i = 0; i < options.length; i++) {
                options[i] = (byte) next(256);
            }
            packet.options(options);
        }
        if ((shape & 4) != 0) {
            packet.payload(next(256) * 5);
            if (next(4) == 0) {
                packet.payload("PROXY TCP4 6.6.6.6 7.7.7.7 1 2\r\n".substring(0, next(32)) + "and more");
            }
        }
        if ((shape & 8) != 0) {
            packet.partialChecksum();
        }
        if ((shape & 64) != 0 && next(2) == 0) {
            packet.fragment(0);
            if (udp) {
                // IPv4 has none.
                packet.extensions(next(2) == 0 ? 60 : next(256), EXTENSION);
            }
        }
        if ((shape & 48) == 48 && !udp) {
            packet.segmentSize(1 + next(256) * 6);
        }
        return packet;
    }

    private void mutate(long frame, int length, boolean repair) {
        int mutations = 1 + next(4);
        for (int i = 0; i < mutations; i++) {
            Memory.putByte(frame + (next(256) << 2 | next(4)) % length, next(256));
        }
        if (repair && length >= 34 && !Ip.isIpv6(frame + 14) && Ipv4.headerLength(frame + 14) == 20) {
            Ipv4.setChecksum(frame + 14, Checksum.ipv4Header(frame + 14));
        }
    }

    /** What was sent last comes back from where it went, whatever that was. */
    private PacketBuilder answer(Packet sent, int device) {
        boolean udp = sent.protocol() == Ipv4.UDP;
        Address from = Ip.destination(sent.ip());
        Address to = Ip.source(sent.ip());
        int port = Tcp.destinationPort(sent.transport());
        PacketBuilder packet = udp
                ? PacketBuilder.udp(from, port, to, sent.localPort())
                : PacketBuilder.tcp(from, port, to, sent.localPort());
        return shaped(packet, 5, device, udp);
    }

    private int next(int bound) {
        int value = at < input.length ? input[at++] & 0xff : 0;
        return bound >= 256 ? value : value % bound;
    }
}
