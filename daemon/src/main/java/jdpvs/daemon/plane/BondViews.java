package jdpvs.daemon.plane;

import java.util.Locale;
import jdpvs.control.Views;
import jdpvs.port.Port;
import jdpvs.port.bond.BondOptions;
import jdpvs.port.bond.BondPort;
import jdpvs.port.bond.BondStatus;
import jdpvs.wire.MacAddress;
import org.jspecify.annotations.Nullable;

/** Bonds as the tools list them. */
final class BondViews {
    private BondViews() {}

    /** What is particular to a port as a bond; null when it is none. */
    static Views.@Nullable Bond of(Port port) {
        if (!(port instanceof BondPort bond)) {
            return null;
        }
        BondStatus status = bond.status();
        BondOptions options = status.options();
        return new Views.Bond(
                options.mode().number(),
                options.policy().name(),
                options.monitorMillis(),
                options.downDelayMillis(),
                options.upDelayMillis(),
                status.moves(),
                status.slaves().stream().map(BondViews::slave).toList());
    }

    private static Views.Slave slave(BondStatus.Slave slave) {
        return new Views.Slave(
                slave.name(),
                MacAddress.format(slave.macAddress()).toUpperCase(Locale.ROOT),
                slave.up(),
                slave.active(),
                slave.receives(),
                slave.primary(),
                slave.losses(),
                slave.negotiation());
    }
}
