package jdpvs.port.bond;

/**
 * What an operator may choose about a bond; {@code dpip link set} changes it while it runs.
 *
 * @param primary index of the slave that gives the bond its MAC address, and in {@link BondMode#ACTIVE_BACKUP} is preferred
 * @param monitorMillis how often carriers are looked at, beside whenever the kernel tells of a change ({@link BondPort#linksChanged})
 * @param downDelayMillis a carrier that is lost for less than this is not noticed
 * @param upDelayMillis a carrier that is back is trusted after so long
 */
public record BondOptions(
        BondMode mode, int primary, TransmitPolicy policy, int monitorMillis, int downDelayMillis, int upDelayMillis) {
    /** Short enough that a dead slave's last frame leaves within 100 ms. */
    public static final int MONITOR_MILLIS = 50;

    public static BondOptions of(BondMode mode, int primary) {
        return new BondOptions(mode, primary, TransmitPolicy.LAYER34, MONITOR_MILLIS, 0, 0);
    }

    public BondOptions withMode(BondMode newMode) {
        return new BondOptions(newMode, primary, policy, monitorMillis, downDelayMillis, upDelayMillis);
    }

    public BondOptions withPrimary(int slave) {
        return new BondOptions(mode, slave, policy, monitorMillis, downDelayMillis, upDelayMillis);
    }

    public BondOptions withPolicy(TransmitPolicy newPolicy) {
        return new BondOptions(mode, primary, newPolicy, monitorMillis, downDelayMillis, upDelayMillis);
    }

    public BondOptions withMonitor(int millis) {
        return new BondOptions(mode, primary, policy, millis, downDelayMillis, upDelayMillis);
    }

    public BondOptions withDownDelay(int millis) {
        return new BondOptions(mode, primary, policy, monitorMillis, millis, upDelayMillis);
    }

    public BondOptions withUpDelay(int millis) {
        return new BondOptions(mode, primary, policy, monitorMillis, downDelayMillis, millis);
    }
}
