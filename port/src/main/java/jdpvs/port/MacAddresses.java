package jdpvs.port;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** MAC addresses of ports that have no hardware. */
public final class MacAddresses {
    private static final long LOCALLY_ADMINISTERED = 0x0200_0000_0000L;

    private MacAddresses() {}

    /** A locally administered unicast address, always the same for the same name. */
    public static long of(String name) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return LOCALLY_ADMINISTERED | crc.getValue();
    }
}
