package jdpvs.keepalived.configuration;

import java.util.List;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import org.jspecify.annotations.Nullable;

/**
 * A {@code virtual_server}: one or, with a group, several services of dpvs that share real servers and their checks.
 *
 * @param name {@code [10.0.0.1]:tcp:80}, or the group's name
 * @param services at least one, all of one protocol and family
 * @param localAddresses {@code laddr_group_name}, resolved
 * @param unsupported words such as {@code deny list} that name what the file asks for and the control API has no record for; empty = nothing
 * @param quorum the least sum of weights of live servers
 * @param hysteresis how much more or less than that it takes to change
 * @param sorryServer serves when the quorum is lost; null = none
 * @param suspended {@code ha_suspend}: no checks while none of its addresses is on this host
 * @param omega down notices at the stop too
 */
public record VirtualServer(
        String name,
        List<ServiceKey> services,
        ServiceOptions options,
        List<LocalAddress> localAddresses,
        List<RealServer> servers,
        List<String> unsupported,
        long quorum,
        long hysteresis,
        @Nullable Script quorumUp,
        @Nullable Script quorumDown,
        @Nullable SorryServer sorryServer,
        boolean suspended,
        boolean omega,
        boolean mail) {

    public VirtualServer {
        services = List.copyOf(services);
        localAddresses = List.copyOf(localAddresses);
        servers = List.copyOf(servers);
        unsupported = List.copyOf(unsupported);
    }

    public record LocalAddress(IpAddress address, String device) {}

    /** @param inhibited with weight 0 while it is not needed, instead of absent */
    public record SorryServer(Endpoint endpoint, ServerOptions options, boolean inhibited) {}
}
