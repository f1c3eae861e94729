package jdpvs.daemon.plane;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.ServiceTransaction;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.ServiceKey;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkException;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/** Changes of services, servers and local addresses, from the control API's records to the balancer's transaction. */
final class ServiceChanges {
    private final ServiceTransaction transaction;
    private final NetworkChanges network;
    private final ServiceConfiguration base;
    private boolean edited;

    /** Virtual addresses of services that this transaction adds, also of those that it deletes again. */
    private final Set<Address> added = new HashSet<>();

    /** Services to zero once everything else holds; null stands for all of them. */
    private final List<@Nullable VirtualEndpoint> zeroed = new ArrayList<>();

    ServiceChanges(ServiceTable table, NetworkChanges network) {
        this.base = table.current();
        this.transaction = table.begin();
        this.network = network;
    }

    /**
     * @param next the network as it will be
     * @throws ControlException when more addresses would be dpvs's than ports can tell the kernel
     */
    void checkOwned(NetworkConfiguration next) throws ControlException {
        if (next.addresses().size() + base.services().size() + added.size() <= OwnedAddressUpdate.LARGEST) {
            return;
        }
        Set<Address> owned = new HashSet<>(added);
        next.addresses().forEach(address -> owned.add(address.address()));
        base.services().forEach(service -> owned.add(service.address()));
        if (owned.size() > OwnedAddressUpdate.LARGEST) {
            throw new ControlException(
                    ErrorCode.NO_ROOM,
                    "dpvs would have " + owned.size() + " addresses of its own; " + OwnedAddressUpdate.LARGEST
                            + " are possible");
        }
    }

    /** @throws ControlException BUSY when a service has a local address on the device, which then could not be taken from it any more */
    void checkUnused(Device device) throws ControlException {
        for (InterfaceAddress address : network.addresses()) {
            if (address.device().id() == device.id()
                    && transaction.usesLocalAddress(address.address())
                    && transaction.localAddressDevice(address.address()) == device.id()) {
                throw new ControlException(
                        ErrorCode.BUSY,
                        "device " + device.name() + " has " + address.address()
                                + ", a local address of a service; take it from the service first (ipvsadm --del-laddr)");
            }
        }
    }

    /** The next configuration; the same one when nothing was changed. */
    ServiceConfiguration commit() {
        return edited ? transaction.commit() : base;
    }

    private ServiceTransaction edit() {
        edited = true;
        return transaction;
    }

    List<@Nullable VirtualEndpoint> zeroed() {
        return zeroed;
    }

    void apply(Change.ServiceAdd add) throws ServiceException {
        VirtualEndpoint endpoint = ServiceRecords.endpoint(add.service());
        edit().addService(endpoint, ServiceRecords.settings(add.options()));
        added.add(endpoint.address());
    }

    void apply(Change.ServiceEdit edit) throws ServiceException {
        edit().editService(ServiceRecords.endpoint(edit.service()), ServiceRecords.settings(edit.options()));
    }

    void apply(Change.ServiceDelete delete) throws ServiceException {
        edit().deleteService(ServiceRecords.endpoint(delete.service()));
    }

    void clear() {
        edit().clear();
    }

    void apply(Change.ServerAdd add) throws ServiceException {
        edit().addServer(
                        ServiceRecords.endpoint(add.service()),
                        ServiceRecords.endpoint(add.server()),
                        ServiceRecords.settings(add.options()));
    }

    void apply(Change.ServerEdit edit) throws ServiceException {
        edit().editServer(
                        ServiceRecords.endpoint(edit.service()),
                        ServiceRecords.endpoint(edit.server()),
                        ServiceRecords.settings(edit.options()));
    }

    void apply(Change.ServerDelete delete) throws ServiceException {
        edit().deleteServer(ServiceRecords.endpoint(delete.service()), ServiceRecords.endpoint(delete.server()));
    }

    void apply(Change.LocalAddressAdd add) throws ServiceException, NetworkException, ControlException {
        Device device = network.device(add.device());
        Address address = network.address(add.address());
        edit().addLocalAddress(ServiceRecords.endpoint(add.service()), address, device.id());
        network.putLocalAddress(InterfaceAddress.of(address, address.bits(), device, true));
    }

    void apply(Change.LocalAddressDelete delete) throws ServiceException, NetworkException, ControlException {
        Device device = network.device(delete.device());
        Address address = network.address(delete.address());
        int on = transaction.localAddressDevice(address);
        edit().deleteLocalAddress(ServiceRecords.endpoint(delete.service()), address);
        if (on != device.id()) {
            throw new ControlException(
                    ErrorCode.NOT_EXIST,
                    "local address " + delete.address() + " on " + device.name() + "; it is on another device");
        }
        // In a one-arm network an address may be both; a service must not lose its virtual address.
        if (!transaction.usesLocalAddress(address) && !transaction.usesVirtualAddress(address)) {
            network.removeLocalAddress(address, device);
        }
    }

    void apply(Change.Zero zero) throws ServiceException, ControlException {
        ServiceKey key = zero.service();
        if (key == null) {
            zeroed.add(null);
            return;
        }
        VirtualEndpoint endpoint = ServiceRecords.endpoint(key);
        if (!transaction.hasService(endpoint)) {
            throw new ControlException(ErrorCode.INVALID, "service " + endpoint + " does not exist");
        }
        zeroed.add(endpoint);
    }
}
