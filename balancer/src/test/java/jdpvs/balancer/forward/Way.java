package jdpvs.balancer.forward;

import static jdpvs.balancer.forward.World.LAN;
import static jdpvs.balancer.forward.World.WAN;

import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.wire.Address;
import jdpvs.wire.PacketBuilder;
import jdpvs.wire.Tcp;

/** The client's family and the servers'. */
enum Way {
    SIX(World.CLIENT_6, World.VIP_6, World.LIP_6, World.SERVER_6),
    NAT64(World.CLIENT_6, World.VIP_6, World.LIP, World.SERVER_1),
    NAT46(World.CLIENT, World.VIP, World.LIP_6, World.SERVER_6),
    FOUR(World.CLIENT, World.VIP, World.LIP, World.SERVER_1);

    final String client;
    final String vip;
    final String lip;
    final String server;

    Way(String client, String vip, String lip, String server) {
        this.client = client;
        this.vip = vip;
        this.lip = lip;
        this.server = server;
    }

    /** By how many bytes a packet to the server is longer. */
    int growth() {
        return this == NAT64 ? -20 : this == NAT46 ? 20 : 0;
    }

    int optionLength() {
        return Address.parse(client).isIpv4() ? 8 : 20;
    }

    World world() {
        return world(ServiceSettings.of("rr"), ServiceSettings.of("rr"));
    }

    World world(ServiceSettings ofWeb, ServiceSettings ofDns) {
        VirtualEndpoint web = new VirtualEndpoint(Protocol.TCP, Address.parse(vip), 80);
        VirtualEndpoint dns = new VirtualEndpoint(Protocol.UDP, Address.parse(vip), 53);
        ServerEndpoint to = new ServerEndpoint(Address.parse(server), 80);
        return new World()
                .services(change -> change.addService(web, ofWeb)
                        .addServer(web, to, ServerSettings.weight(1))
                        .addLocalAddress(web, Address.parse(lip), LAN)
                        .addService(dns, ofDns)
                        .addServer(dns, to, ServerSettings.weight(1))
                        .addLocalAddress(dns, Address.parse(lip), LAN));
    }

    PacketBuilder fromClient(int flags) {
        return PacketBuilder.tcp(client, 40_000, vip, 80).flags(flags);
    }

    PacketBuilder fromServer(int localPort, int flags) {
        return PacketBuilder.tcp(server, 80, lip, localPort).flags(flags);
    }

    PacketBuilder datagram() {
        return PacketBuilder.udp(client, 5353, vip, 53);
    }

    PacketBuilder answer(int localPort) {
        return PacketBuilder.udp(server, 80, lip, localPort);
    }

    /** Up to the client's second acknowledgement. */
    Established establish(World world) {
        Packet syn = world.receive(WAN, fromClient(Tcp.SYN).sequence(100)).getFirst();
        int port = syn.localPort();
        int shift = Tcp.sequence(syn.transport()) - 100;
        world.receive(LAN, fromServer(port, Tcp.SYN | Tcp.ACK).sequence(500).acknowledgement(101 + shift));
        world.receive(WAN, fromClient(Tcp.ACK).sequence(101).acknowledgement(501));
        world.receive(
                LAN,
                fromServer(port, Tcp.ACK)
                        .sequence(501)
                        .acknowledgement(101 + shift)
                        .payload(1));
        world.receive(WAN, fromClient(Tcp.ACK).sequence(101).acknowledgement(502));
        return new Established(port, shift);
    }

    /**
     * A connection.
     *
     * @param shift by how much the client's numbers are shifted towards the server
     */
    record Established(int localPort, int shift) {}
}
