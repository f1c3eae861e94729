package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.List;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;

/** Changes that become one new configuration, or nothing: drafts that are thrown away with the first change that is refused. */
final class Transaction {
    private final NetworkChanges network;
    private final ServiceChanges services;
    private final List<LinkChange> links = new ArrayList<>();
    private final List<InterfaceAddress> announcements = new ArrayList<>();

    private final DeviceTable devices;

    Transaction(NetworkConfiguration base, ServiceTable table, DeviceTable devices) {
        this.devices = devices;
        network = new NetworkChanges(base, devices);
        services = new ServiceChanges(table, network);
    }

    NetworkChanges network() {
        return network;
    }

    ServiceChanges services() {
        return services;
    }

    /** To be carried out once everything else has been accepted. */
    List<LinkChange> links() {
        return links;
    }

    /** What the link is to be told of, once workers have the new configuration. */
    List<InterfaceAddress> announcements() {
        return announcements;
    }

    /** @throws ControlException with the change's place; nothing of the transaction may be used then */
    void apply(List<Change> changes) throws ControlException {
        for (int i = 0; i < changes.size(); i++) {
            try {
                apply(changes.get(i));
            } catch (NetworkException e) {
                throw Refusals.of(e, i);
            } catch (ServiceException e) {
                throw Refusals.of(e, i);
            } catch (ControlException e) {
                throw new ControlException(e.code(), String.valueOf(e.getMessage()), i);
            }
        }
    }

    private void apply(Change change) throws NetworkException, ServiceException, ControlException {
        switch (change) {
            case Change.AddressAdd c -> network.apply(c);
            case Change.AddressDelete c -> network.apply(c);
            case Change.AddressFlush c -> network.apply(c);
            case Change.AddressAnnounce c -> announcements.add(network.announced(c));
            case Change.RouteAdd c -> network.apply(c);
            case Change.RouteDelete c -> network.apply(c);
            case Change.RouteFlush c -> network.apply(c);
            case Change.NeighbourAdd c -> network.apply(c);
            case Change.NeighbourDelete c -> network.apply(c);
            case Change.VlanAdd c -> network.apply(c);
            case Change.VlanDelete c -> {
                Device device = network.vlan(c);
                services.checkUnused(device);
                network.deleteVlan(device);
            }
            case Change.LinkSet c -> links.add(LinkChange.of(devices, c));
            case Change.ServiceAdd c -> services.apply(c);
            case Change.ServiceEdit c -> services.apply(c);
            case Change.ServiceDelete c -> services.apply(c);
            case Change.ServiceClear c -> services.clear();
            case Change.ServerAdd c -> services.apply(c);
            case Change.ServerEdit c -> services.apply(c);
            case Change.ServerDelete c -> services.apply(c);
            case Change.LocalAddressAdd c -> services.apply(c);
            case Change.LocalAddressDelete c -> services.apply(c);
            case Change.Zero c -> services.apply(c);
        }
    }
}
