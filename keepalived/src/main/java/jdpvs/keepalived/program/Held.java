package jdpvs.keepalived.program;

import java.util.LinkedHashMap;
import java.util.Map;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;

/**
 * A service as dpvs has it, or is to have it.
 *
 * @param localAddresses each with its device
 */
record Held(ServiceOptions options, Map<IpAddress, String> localAddresses, Map<Endpoint, ServerOptions> servers) {
    static Held of(WantedService wanted) {
        Map<IpAddress, String> locals = new LinkedHashMap<>();
        for (LocalAddress local : wanted.localAddresses()) {
            locals.putIfAbsent(local.address(), local.device());
        }
        return new Held(wanted.options(), locals, wanted.servers());
    }

    static Held of(Views.Service service) {
        Map<IpAddress, String> locals = new LinkedHashMap<>();
        service.localAddresses().forEach(local -> locals.put(local.address(), local.device()));
        Map<Endpoint, ServerOptions> servers = new LinkedHashMap<>();
        service.servers().forEach(server -> servers.put(server.endpoint(), server.options()));
        return new Held(service.options(), locals, servers);
    }
}
