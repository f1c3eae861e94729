package jdpvs.port;

import java.util.Map;
import java.util.TreeMap;
import jdpvs.port.memory.MemoryDriver;
import jdpvs.port.packet.PacketDriver;
import jdpvs.port.pcap.PcapDriver;

/** Opens ports by their specification, {@code KIND:ARGUMENTS}. */
public final class Ports {
    private static final Map<String, PortDriver> DRIVERS =
            new TreeMap<>(Map.of("packet", new PacketDriver(), "pcap", new PcapDriver(), "memory", new MemoryDriver()));

    private Ports() {}

    /**
     * @param name the dpvs device, for example {@code dpdk0}
     * @param specification {@code packet:IF[,share|exclusive]}, {@code pcap:IN,OUT} or {@code memory}
     */
    public static Port open(String name, String specification, PortOptions options) throws PortException {
        return driver(name, specification).open(name, specification, arguments(specification), options);
    }

    /** Memory that such a port will take, in bytes. */
    public static long memoryBytes(String name, String specification, PortOptions options) throws PortException {
        return driver(name, specification).memoryBytes(options);
    }

    private static PortDriver driver(String name, String specification) throws PortException {
        int colon = specification.indexOf(':');
        String kind = colon < 0 ? specification : specification.substring(0, colon);
        PortDriver driver = DRIVERS.get(kind);
        if (driver == null) {
            throw new PortException("port " + name + ": '" + specification + "' is of unknown kind '" + kind
                    + "'; known kinds are " + String.join(", ", DRIVERS.keySet()));
        }
        return driver;
    }

    private static String arguments(String specification) {
        int colon = specification.indexOf(':');
        return colon < 0 ? "" : specification.substring(colon + 1);
    }
}
