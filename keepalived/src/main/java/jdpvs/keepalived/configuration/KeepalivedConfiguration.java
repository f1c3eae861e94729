package jdpvs.keepalived.configuration;

import java.util.List;

/**
 * What a keepalived.conf says, in the file's order, with every group, range and default resolved. Two of them are equal when
 * they say the same, wherever it stands: what is equal in both needs nothing done when the file is read again.
 *
 * @param virtualServers with at least one real server or a sorry server each
 * @param addresses {@code static_ipaddress}
 * @param routes {@code static_routes}
 */
public record KeepalivedConfiguration(
        GlobalSettings global,
        List<VrrpInstance> instances,
        List<SyncGroup> syncGroups,
        List<TrackScript> scripts,
        List<TrackFile> files,
        List<TrackProcess> processes,
        List<VirtualServer> virtualServers,
        List<VirtualAddress> addresses,
        List<VirtualRoute> routes) {

    public KeepalivedConfiguration {
        instances = List.copyOf(instances);
        syncGroups = List.copyOf(syncGroups);
        scripts = List.copyOf(scripts);
        files = List.copyOf(files);
        processes = List.copyOf(processes);
        virtualServers = List.copyOf(virtualServers);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }
}
