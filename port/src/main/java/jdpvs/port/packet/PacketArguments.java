package jdpvs.port.packet;

import jdpvs.port.PortException;

/**
 * What follows {@code packet:}.
 *
 * @param exclusive whether the kernel gets nothing of the interface
 */
record PacketArguments(String interfaceName, boolean exclusive) {
    static PacketArguments parse(String name, String specification, String arguments) throws PortException {
        String[] parts = arguments.split(",", -1);
        String interfaceName = parts[0].strip();
        if (interfaceName.isEmpty()) {
            throw new PortException("port " + name + ": '" + specification
                    + "' names no interface; write packet:IF[,share|exclusive], for example packet:eth1");
        }
        boolean exclusive = false;
        for (int i = 1; i < parts.length; i++) {
            exclusive = switch (parts[i].strip()) {
                case "share" -> false;
                case "exclusive" -> true;
                default ->
                    throw new PortException("port " + name + ": '" + specification + "': unknown option '"
                            + parts[i].strip() + "'; known are share and exclusive");
            };
        }
        return new PacketArguments(interfaceName, exclusive);
    }
}
