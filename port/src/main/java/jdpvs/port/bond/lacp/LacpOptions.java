package jdpvs.port.bond.lacp;

import jdpvs.wire.Ethernet;
import jdpvs.wire.slow.LacpParty;

/**
 * What a bond says of itself.
 *
 * <p>The default asks the partner for fast PDUs, one a second: a path that has carrier but is dead is then noticed 3 s after its last PDU. With slow PDUs that takes 90 s.
 *
 * @param system the bond's MAC address
 * @param systemPriority 16 bits; the lower is the higher priority
 * @param adminKey 0 to 31, tells bonds of one system apart ({@link LacpKey})
 * @param portPriority 16 bits, of every slave
 * @param fast ask the partner for a PDU every second instead of every 30
 */
public record LacpOptions(long system, int systemPriority, int adminKey, int portPriority, boolean fast) {
    public LacpOptions {
        if (!Ethernet.isStation(system)) {
            throw new IllegalArgumentException("a LACP system is named by a station's MAC address, not by " + system);
        }
        if (adminKey < 0 || adminKey > LacpKey.MAXIMUM_ADMIN) {
            throw new IllegalArgumentException(
                    "a LACP admin key is 0 to " + LacpKey.MAXIMUM_ADMIN + ", not " + adminKey);
        }
    }

    /** @param system the bond's MAC address */
    public static LacpOptions of(long system) {
        return new LacpOptions(system, LacpParty.DEFAULT_PRIORITY, 0, LacpParty.DEFAULT_PRIORITY, true);
    }

    public LacpOptions slow() {
        return new LacpOptions(system, systemPriority, adminKey, portPriority, false);
    }
}
