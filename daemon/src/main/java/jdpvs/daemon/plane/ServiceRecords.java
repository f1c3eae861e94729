package jdpvs.daemon.plane;

import jdpvs.balancer.service.Counts;
import jdpvs.balancer.service.Protocol;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import jdpvs.wire.Address;

/** The control API's records of services and the balancer's, one into the other. */
final class ServiceRecords {
    private ServiceRecords() {}

    static VirtualEndpoint endpoint(ServiceKey key) throws ServiceException {
        int protocol = switch (key.protocol()) {
            case TCP -> 6;
            case UDP -> 17;
            case SCTP -> 132;
            case ICMP -> 1;
            case ICMPV6 -> 58;
        };
        return VirtualEndpoint.of(protocol, key.address().toAddress(), key.port());
    }

    static ServiceKey key(VirtualEndpoint endpoint) {
        jdpvs.control.Protocol protocol =
                endpoint.protocol() == Protocol.TCP ? jdpvs.control.Protocol.TCP : jdpvs.control.Protocol.UDP;
        return new ServiceKey(protocol, IpAddress.of(endpoint.address()), endpoint.port());
    }

    static ServerEndpoint endpoint(Endpoint server) throws ServiceException {
        return ServerEndpoint.of(server.address().toAddress(), server.port());
    }

    static Endpoint endpoint(Address address, int port) {
        return new Endpoint(IpAddress.of(address), port);
    }

    static ServiceSettings settings(ServiceOptions options) {
        return new ServiceSettings(
                options.scheduler(),
                options.connectionTimeoutSeconds(),
                options.expireQuiescent(),
                options.persistentSeconds(),
                options.persistenceMask(),
                options.onePacket(),
                options.synProxy(),
                options.hashTarget(),
                options.proxyProtocol(),
                options.quic(),
                options.destinationChecks());
    }

    static ServiceOptions options(ServiceSettings settings) {
        return new ServiceOptions(
                settings.scheduler(),
                settings.persistentSeconds(),
                settings.persistenceMask(),
                settings.onePacket(),
                settings.synProxy(),
                settings.hashTarget(),
                settings.expireQuiescent(),
                settings.connectionTimeoutSeconds(),
                settings.proxyProtocol(),
                settings.quic(),
                settings.destinationChecks());
    }

    static ServerSettings settings(ServerOptions options) {
        return new ServerSettings(
                forwarding(options.forwarding()), options.weight(), options.upperThreshold(), options.lowerThreshold());
    }

    static ServerOptions options(ServerSettings settings) {
        return new ServerOptions(
                forwarding(settings.forwarding()),
                settings.weight(),
                settings.upperThreshold(),
                settings.lowerThreshold());
    }

    private static jdpvs.balancer.service.Forwarding forwarding(Forwarding forwarding) {
        return switch (forwarding) {
            case FULLNAT -> jdpvs.balancer.service.Forwarding.FULLNAT;
            case MASQUERADE -> jdpvs.balancer.service.Forwarding.MASQUERADE;
            case ROUTE -> jdpvs.balancer.service.Forwarding.ROUTE;
            case TUNNEL -> jdpvs.balancer.service.Forwarding.TUNNEL;
            case LOCAL -> jdpvs.balancer.service.Forwarding.LOCAL;
            case SNAT -> jdpvs.balancer.service.Forwarding.SNAT;
        };
    }

    private static Forwarding forwarding(jdpvs.balancer.service.Forwarding forwarding) {
        return switch (forwarding) {
            case FULLNAT -> Forwarding.FULLNAT;
            case MASQUERADE -> Forwarding.MASQUERADE;
            case ROUTE -> Forwarding.ROUTE;
            case TUNNEL -> Forwarding.TUNNEL;
            case LOCAL -> Forwarding.LOCAL;
            case SNAT -> Forwarding.SNAT;
        };
    }

    static Views.Counters counters(Counts counts) {
        return new Views.Counters(
                counts.connections(), counts.inPackets(), counts.outPackets(), counts.inBytes(), counts.outBytes());
    }

    static Views.Rates rates(Counts counts) {
        return new Views.Rates(
                counts.connections(), counts.inPackets(), counts.outPackets(), counts.inBytes(), counts.outBytes());
    }
}
