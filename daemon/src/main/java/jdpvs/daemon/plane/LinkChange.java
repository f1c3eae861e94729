package jdpvs.daemon.plane;

import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.stack.Device;

/** A change of a device itself: {@code dpip link set}. */
record LinkChange(Device device, Item item, boolean on) {
    enum Item {
        PROMISCUOUS,
        UP
    }

    static LinkChange of(Device device, String item, String value) throws ControlException {
        return switch (item) {
            case "promisc" -> new LinkChange(device, Item.PROMISCUOUS, truth(item, value, "on", "off"));
            case "link" -> new LinkChange(device, Item.UP, truth(item, value, "up", "down"));
            default ->
                throw new ControlException(
                        ErrorCode.NOT_SUPPORTED,
                        "link set " + item + " on " + device.name() + "; it can set promisc and link");
        };
    }

    private static boolean truth(String item, String value, String yes, String no) throws ControlException {
        if (value.equals(yes) || value.equals(no)) {
            return value.equals(yes);
        }
        throw new ControlException(
                ErrorCode.INVALID, "link set " + item + " takes " + yes + " or " + no + ", not '" + value + "'");
    }
}
