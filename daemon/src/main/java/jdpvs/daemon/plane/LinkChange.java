package jdpvs.daemon.plane;

import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.daemon.kernel.KernelInterface;
import jdpvs.stack.Device;

/**
 * A change of a device itself, checked: {@code dpip link set}.
 *
 * @param work carries it out
 */
record LinkChange(String device, Runnable work) {
    static LinkChange of(DeviceTable devices, Change.LinkSet set) throws ControlException {
        Device vlan = devices.vlan(set.device());
        if (vlan != null) {
            return of(devices, vlan, set);
        }
        DeviceEntry entry = devices.entry(set.device());
        String item = set.item();
        String value = set.value();
        int id = entry.id();
        Runnable work = switch (item) {
            case "promisc" -> {
                boolean on = truth(item, value, "on", "off");
                yield () -> devices.promiscuous(id, on);
            }
            case "allmulticast" -> {
                boolean on = truth(item, value, "on", "off");
                yield () -> devices.allMulticast(id, on);
            }
            case "forward2kni" -> {
                boolean on = truth(item, value, "on", "off");
                KernelInterface beside = kernelInterface(devices, entry);
                yield () -> beside.copying(on);
            }
            case "link" -> {
                boolean up = truth(item, value, "up", "down");
                refuseSlave(entry);
                yield () -> devices.up(id, up);
            }
            case String bond when bond.startsWith("bond-") -> BondChange.of(entry, item, value);
            default ->
                throw new ControlException(
                        ErrorCode.NOT_SUPPORTED,
                        "link set " + item + " on " + entry.name()
                                + "; it can set promisc, allmulticast, forward2kni and link, and of a bond bond-mode, bond-primary, bond-xmit-policy, bond-monitor-interval, bond-link-down-prop and bond-link-up-prop");
        };
        return new LinkChange(entry.name(), work);
    }

    private static LinkChange of(DeviceTable devices, Device vlan, Change.LinkSet set) throws ControlException {
        if (!set.item().equals("link")) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "link set " + set.item() + " on " + vlan.name() + ", a VLAN device; it can set link, the rest is "
                            + devices.linkOf(vlan) + "'s");
        }
        boolean up = truth(set.item(), set.value(), "up", "down");
        return new LinkChange(vlan.name(), () -> devices.up(vlan.id(), up));
    }

    private static KernelInterface kernelInterface(DeviceTable devices, DeviceEntry entry) throws ControlException {
        KernelInterface beside = devices.kernel().beside(entry.id());
        if (beside == null) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "link set forward2kni on " + entry.name()
                            + ", which has no kernel interface; give it a kni_name in dpvs.conf");
        }
        return beside;
    }

    /** Workers know the bond only; it is the bond that looks at its slaves' carriers. */
    private static void refuseSlave(DeviceEntry entry) throws ControlException {
        if (entry.bond() != null) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "device " + entry.name() + " is a slave of " + entry.bond() + ", which may be set up or down");
        }
    }

    private static boolean truth(String item, String value, String yes, String no) throws ControlException {
        if (value.equals(yes) || value.equals(no)) {
            return value.equals(yes);
        }
        throw new ControlException(
                ErrorCode.INVALID, "link set " + item + " takes " + yes + " or " + no + ", not '" + value + "'");
    }
}
