package jdpvs.bench;

import java.util.List;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.ServiceTransaction;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;
import jdpvs.stack.RouteRequest;
import jdpvs.wire.Address;

/** A two-arm network: clients behind a gateway on one device, servers on the link of the other, every neighbour known. */
final class Topology {
    static final int SERVERS = 8;
    static final int VIP = 0x0a00_60cc;
    static final int GATEWAY = 0x0a00_60fe;
    static final int FIRST_LOCAL = 0xc0a8_e5c8;
    static final int FIRST_SERVER = 0xc0a8_e501;
    static final int CONNECTIONS_PER_PAIR = 32_768;
    static final Device WAN = new Device(0, "dpdk2", 0x0200_0000_0a02L, 1500, false);
    static final Device LAN = new Device(1, "dpdk0", 0x0200_0000_0a00L, 1500, false);

    private Topology() {}

    /** How many it takes for so many connections, with ports to spare. */
    static int localAddresses(int flows) {
        return (flows + SERVERS * CONNECTIONS_PER_PAIR - 1) / (SERVERS * CONNECTIONS_PER_PAIR);
    }

    static void configure(ServiceTable table, Family family, int locals) {
        try {
            VirtualEndpoint web = new VirtualEndpoint(Protocol.TCP, family.vip(), 80);
            ServiceTransaction change = table.begin().addService(web, ServiceSettings.of("rr"));
            for (int i = 0; i < SERVERS; i++) {
                change.addServer(web, new ServerEndpoint(family.server(i), 80), ServerSettings.weight(1));
            }
            for (int i = 0; i < locals; i++) {
                change.addLocalAddress(web, family.local(i), LAN.id());
            }
            change.commit();
        } catch (ServiceException e) {
            throw new IllegalStateException(e);
        }
    }

    static NetworkConfiguration network(Family family, int locals) {
        try {
            Address any = family.ipv6Clients ? Address.NONE : Address.ofIpv4(0);
            NetworkConfiguration network = NetworkConfiguration.of(List.of(WAN, LAN))
                    .withAddress(InterfaceAddress.of(family.vip(), family.vip().bits(), WAN, false))
                    .withRoute(link(family.gateway(), WAN))
                    .withRoute(link(family.server(0), LAN))
                    .withRoute(RouteRequest.via(any, 0, family.gateway(), WAN))
                    .withNeighbour(family.gateway(), 0x0200_0000_0bfeL, WAN);
            for (int i = 0; i < locals; i++) {
                Address local = family.local(i);
                network = network.withAddress(InterfaceAddress.of(local, local.bits(), LAN, true));
            }
            for (int i = 0; i < SERVERS; i++) {
                network = network.withNeighbour(family.server(i), 0x0200_0000_0c00L + i, LAN);
            }
            return network;
        } catch (NetworkException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RouteRequest link(Address address, Device device) {
        int length = address.isIpv4() ? 24 : 64;
        return RouteRequest.link(address.network(length), length, device);
    }
}
