package jdpvs.daemon.plane;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.stack.Device;
import jdpvs.wire.VlanTag;
import org.jspecify.annotations.Nullable;

/** What can be a VLAN device, and which one is meant (facts: cli §3.5). */
final class VlanRules {
    /** The one kind of tag there is, as {@code dpip vlan show} names it. */
    static final String PROTOCOL = "802.1q";

    /** That of network interfaces: 15 characters, none of which separates words or numbers. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,14}";

    private VlanRules() {}

    /** The name of the new device. @throws ControlException NOT_SUPPORTED, INVALID; names the way out */
    static String check(Change.VlanAdd add, Device parent) throws ControlException {
        checkProtocol(add.protocol());
        if (add.id() < 1 || add.id() > VlanTag.HIGHEST_ID) {
            throw new ControlException(ErrorCode.INVALID, "VLAN id " + add.id() + " is not 1 to " + VlanTag.HIGHEST_ID);
        }
        if (parent.isVlan()) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "device " + parent.name()
                            + " is a VLAN device, and a VLAN in a VLAN is not possible; give its link");
        }
        if (parent.shared()) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "device " + parent.name()
                            + " is shared with the kernel, whose tagged frames are; write exclusive instead of share after its packet:IF in dpvs.conf and start dpvs again");
        }
        String name = Objects.requireNonNullElse(add.name(), parent.name() + "." + add.id());
        if (!name.matches(NAME)) {
            throw new ControlException(
                    ErrorCode.INVALID,
                    "device name '" + name + "': 1 to 15 letters, digits, dots, hyphens and underscores are possible");
        }
        return name;
    }

    private static void checkProtocol(@Nullable String protocol) throws ControlException {
        switch (protocol == null ? PROTOCOL : protocol.toLowerCase(Locale.ROOT)) {
            case PROTOCOL, "vlan" -> {
                // The tag that everybody means.
            }
            case "802.1ad", "qinq" ->
                throw new ControlException(
                        ErrorCode.NOT_SUPPORTED,
                        "VLAN protocol " + protocol + " (service tags, a VLAN in a VLAN); " + PROTOCOL
                                + " is possible");
            default ->
                throw new ControlException(
                        ErrorCode.INVALID, "VLAN protocol '" + protocol + "' is none; " + PROTOCOL + " is possible");
        }
    }

    /** The device that is to go. */
    static Device find(Change.VlanDelete delete, List<Device> devices) throws ControlException {
        String name = delete.name();
        if (name != null) {
            Device named = one(devices, name);
            if (!named.isVlan()) {
                throw new ControlException(ErrorCode.INVALID, "device " + name + " is no VLAN device");
            }
            return named;
        }
        if (delete.link() == null) {
            throw new ControlException(ErrorCode.INVALID, "neither the VLAN device nor its link is named");
        }
        Device parent = one(devices, delete.link());
        for (Device device : devices) {
            if (device.parent() == parent.id() && device.vlan() == delete.id()) {
                return device;
            }
        }
        throw new ControlException(ErrorCode.NOT_EXIST, "VLAN " + delete.id() + " on " + parent.name());
    }

    private static Device one(List<Device> devices, String name) throws ControlException {
        return devices.stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ControlException(
                        ErrorCode.NOT_EXIST,
                        "device " + name + "; the devices are "
                                + String.join(
                                        ", ", devices.stream().map(Device::name).toList())));
    }
}
