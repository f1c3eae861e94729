package jdpvs.keepalived.program;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdpvs.control.Endpoint;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;

/**
 * A service that dpvs is to have.
 *
 * @param origin the virtual server that it comes from, for messages: {@code virtual_server [10.0.0.1]:tcp:80}
 * @param servers that it is to have now, with the weights that their health allows
 */
public record WantedService(
        String origin,
        ServiceOptions options,
        List<LocalAddress> localAddresses,
        Map<Endpoint, ServerOptions> servers) {
    public WantedService {
        localAddresses = List.copyOf(localAddresses);
        // In the order in which dpvs is to list them.
        servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    }
}
