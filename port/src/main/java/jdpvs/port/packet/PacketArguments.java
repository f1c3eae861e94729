package jdpvs.port.packet;

import jdpvs.port.PortException;

/**
 * What follows {@code packet:}.
 *
 * @param mode whether the kernel gets its share of the interface, or nothing
 */
record PacketArguments(String interfaceName, Mode mode) {
    enum Mode {
        SHARE,
        EXCLUSIVE,
        /** Neither word stands there. */
        UNSAID
    }

    static PacketArguments parse(String name, String specification, String arguments) throws PortException {
        String[] parts = arguments.split(",", -1);
        String interfaceName = parts[0].strip();
        if (interfaceName.isEmpty()) {
            throw new PortException("port " + name + ": '" + specification
                    + "' names no interface; write packet:IF[,share|exclusive], for example packet:eth1");
        }
        Mode mode = Mode.UNSAID;
        for (int i = 1; i < parts.length; i++) {
            mode = switch (parts[i].strip()) {
                case "share" -> Mode.SHARE;
                case "exclusive" -> Mode.EXCLUSIVE;
                default ->
                    throw new PortException("port " + name + ": '" + specification + "': unknown option '"
                            + parts[i].strip() + "'; known are share and exclusive");
            };
        }
        return new PacketArguments(interfaceName, mode);
    }
}
