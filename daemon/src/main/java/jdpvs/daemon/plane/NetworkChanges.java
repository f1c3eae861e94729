package jdpvs.daemon.plane;

import java.util.List;
import java.util.Locale;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.IpAddress;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.stack.AddressState;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkEditor;
import jdpvs.stack.NetworkException;
import jdpvs.stack.RouteRequest;
import jdpvs.stack.RouteScope;
import jdpvs.stack.VlanTable;
import jdpvs.wire.Address;
import jdpvs.wire.MacAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of addresses, routes and neighbours, from the control API's records to the stack's editor. */
final class NetworkChanges {
    private static final Logger LOG = LoggerFactory.getLogger("Kni");

    private final NetworkConfiguration base;
    private final NetworkEditor editor;
    private final DeviceTable devices;
    private boolean edited;

    NetworkChanges(NetworkConfiguration base, DeviceTable devices) {
        this.base = base;
        this.devices = devices;
        this.editor = base.edit();
    }

    /** The next configuration; the same one when nothing was changed, so that no connection looks its route up again for nothing. */
    NetworkConfiguration build() {
        return edited ? editor.build() : base;
    }

    /** As changed so far. */
    List<InterfaceAddress> addresses() {
        return editor.addresses();
    }

    private NetworkEditor editor() {
        edited = true;
        return editor;
    }

    /** @throws NetworkException INVALID for a bond's slave: packets pass its bond, which has the addresses and routes */
    Device device(String name) throws NetworkException {
        String bond = devices.bondOf(name);
        if (bond != null) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID,
                    "device " + name + " is a slave of " + bond
                            + ": addresses, routes and neighbours are the bond's, say dev " + bond);
        }
        return editor.device(name);
    }

    void apply(Change.VlanAdd add) throws NetworkException, ControlException {
        Device parent = device(add.link());
        String name = VlanRules.check(add, parent);
        if (devices.isPort(name)) {
            throw new ControlException(ErrorCode.EXISTS, "device " + name);
        }
        int id = devices.nextVlanId(editor.devices());
        if (id < 0) {
            throw new ControlException(
                    ErrorCode.NO_ROOM, "there are " + VlanTable.MOST + " VLAN devices, and no more are possible");
        }
        boolean named = KernelInterfaces.nameOf(name) != null;
        if (parent.kernelSide() && !named) {
            LOG.warn(
                    "VLAN device {} has no kernel interface, since {}.kni is longer than an interface's name may be; delete the device and give it a name of at most 11 characters to have one",
                    name,
                    name);
        }
        editor().addVlan(Device.vlan(id, name, parent, add.id(), parent.kernelSide() && named));
    }

    /** The device that is to go. */
    Device vlan(Change.VlanDelete delete) throws ControlException {
        return VlanRules.find(delete, editor.devices());
    }

    void deleteVlan(Device device) throws NetworkException {
        editor().deleteVlan(device);
    }

    void apply(Change.AddressAdd add) throws NetworkException, ControlException {
        if (add.validSeconds() == 0) {
            throw new ControlException(
                    ErrorCode.INVALID,
                    "address " + add.address() + ": valid_lft 0 would end it at once; give seconds or forever");
        }
        IpAddress broadcast = add.broadcast();
        InterfaceAddress address = new InterfaceAddress(
                address(add.address()),
                add.prefixLength(),
                device(add.device()),
                orNone(broadcast),
                add.scope(),
                add.validSeconds(),
                add.preferredSeconds(),
                add.pool(),
                false,
                AddressState.ASSIGNED);
        editor().addAddress(add.immediate() == null ? address.tentative() : address);
    }

    /** @throws ControlException NOT_EXIST when the device does not have the address at this place of the transaction */
    InterfaceAddress announced(Change.AddressAnnounce announce) throws NetworkException, ControlException {
        Device device = device(announce.device());
        InterfaceAddress address = editor.address(address(announce.address()));
        if (address == null || address.device().id() != device.id()) {
            throw new ControlException(
                    ErrorCode.NOT_EXIST, "address " + announce.address() + " on " + announce.device());
        }
        return address;
    }

    void apply(Change.AddressDelete delete) throws NetworkException, ControlException {
        editor().deleteAddress(address(delete.address()), delete.prefixLength(), device(delete.device()));
    }

    void apply(Change.AddressFlush flush) throws NetworkException {
        editor().flushAddresses(device(flush.device()));
    }

    void apply(Change.RouteAdd add) throws NetworkException, ControlException {
        IpAddress gateway = add.gateway();
        IpAddress source = add.source();
        editor().addRoute(new RouteRequest(
                address(add.prefix()),
                add.prefixLength(),
                orNone(gateway),
                orNone(source),
                deviceOrNull(add.device()),
                add.mtu(),
                add.metric(),
                scope(add.scope())));
    }

    void apply(Change.RouteDelete delete) throws NetworkException, ControlException {
        IpAddress gateway = delete.gateway();
        editor().deleteRoute(new RouteRequest(
                address(delete.prefix()),
                delete.prefixLength(),
                orNone(gateway),
                Address.NONE,
                deviceOrNull(delete.device()),
                0,
                0,
                scope(delete.scope())));
    }

    void apply(Change.RouteFlush flush) throws NetworkException {
        Device device = deviceOrNull(flush.device());
        editor().flushRoutes(flush.ipv6(), device);
    }

    void apply(Change.NeighbourAdd add) throws NetworkException, ControlException {
        editor().addNeighbour(address(add.address()), macAddress(add.macAddress()), device(add.device()));
    }

    void apply(Change.NeighbourDelete delete) throws NetworkException, ControlException {
        editor().deleteNeighbour(address(delete.address()), device(delete.device()));
    }

    /** What {@code --add-laddr} does to the device: already there is not an error (facts: cli §4.4), on another device it is. */
    void putLocalAddress(InterfaceAddress address) throws NetworkException {
        try {
            editor().addAddress(address.tentative());
        } catch (NetworkException e) {
            InterfaceAddress existing = editor().address(address.address());
            boolean there = existing != null
                    && existing.device().id() == address.device().id();
            if (e.kind() != NetworkException.Kind.EXISTS || !there) {
                throw e;
            }
        }
    }

    /** What {@code --del-laddr} does to the device: not there is not an error. */
    void removeLocalAddress(Address address, Device device) {
        try {
            editor().deleteAddress(address, address.bits(), device);
        } catch (NetworkException e) {
            // The operator has taken it off himself, or put it there with its network.
            return;
        }
    }

    private @Nullable Device deviceOrNull(@Nullable String name) throws NetworkException {
        return name == null ? null : device(name);
    }

    /** @throws ControlException for IPv6 where dpvs.conf has turned it off */
    Address address(IpAddress address) throws ControlException {
        if (address.ipv6() && !base.settings().ipv6()) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED, "IPv6 address " + address + ": \"disable on\" stands in ipv6_defs");
        }
        return address.toAddress();
    }

    private Address orNone(@Nullable IpAddress address) throws ControlException {
        return address == null ? Address.NONE : address(address);
    }

    private static @Nullable RouteScope scope(@Nullable String word) throws ControlException {
        if (word == null) {
            return null;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "host" -> RouteScope.HOST;
            case "kni_host" -> RouteScope.KNI_HOST;
            case "link" -> RouteScope.LINK;
            case "global" -> RouteScope.GLOBAL;
            default ->
                throw new ControlException(
                        ErrorCode.INVALID, "the route scope '" + word + "' is none of host, kni_host, link, global");
        };
    }

    private static long macAddress(String text) throws ControlException {
        try {
            return MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ControlException(ErrorCode.INVALID, "'" + text + "' is not a MAC address");
        }
    }
}
