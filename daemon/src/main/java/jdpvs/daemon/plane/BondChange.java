package jdpvs.daemon.plane;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.port.Port;
import jdpvs.port.bond.BondMode;
import jdpvs.port.bond.BondOptions;
import jdpvs.port.bond.BondPort;
import jdpvs.port.bond.TransmitPolicy;

/** A change of a bond: the {@code bond-…} items of {@code dpip link set} (facts: cli §3.4). */
final class BondChange {
    private BondChange() {}

    /** @return what carries the change out */
    static Runnable of(DeviceEntry entry, String item, String value) throws ControlException {
        if (!(entry.port() instanceof BondPort bond)) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED, "link set " + item + ": device " + entry.name() + " is no bond");
        }
        UnaryOperator<BondOptions> change = switch (item) {
            case "bond-mode" -> {
                BondMode mode = mode(bond, value);
                yield options -> options.withMode(mode);
            }
            case "bond-primary" -> {
                int primary = primary(bond, value);
                yield options -> options.withPrimary(primary);
            }
            case "bond-xmit-policy" -> {
                TransmitPolicy policy = policy(value);
                yield options -> options.withPolicy(policy);
            }
            case "bond-monitor-interval" -> {
                int millis = millis(item, value, 1);
                yield options -> options.withMonitor(millis);
            }
            case "bond-link-down-prop" -> {
                int millis = millis(item, value, 0);
                yield options -> options.withDownDelay(millis);
            }
            case "bond-link-up-prop" -> {
                int millis = millis(item, value, 0);
                yield options -> options.withUpDelay(millis);
            }
            default -> throw new ControlException(ErrorCode.NOT_SUPPORTED, "link set " + item + " on " + entry.name());
        };
        return () -> bond.set(change.apply(bond.options()));
    }

    private static BondMode mode(BondPort bond, String value) throws ControlException {
        BondMode mode = value.matches("[0-9]") ? BondMode.of(Integer.parseInt(value)) : null;
        if (mode == null) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "bond-mode " + value
                            + "; possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)");
        }
        if (mode == BondMode.LACP && bond.control() == null) {
            throw new ControlException(
                    ErrorCode.NOT_SUPPORTED,
                    "bond-mode 4: the slaves of " + bond.name()
                            + " were opened without a queue for LACP; write 'mode 4' into dpvs.conf and start dpvs again");
        }
        return mode;
    }

    private static int primary(BondPort bond, String value) throws ControlException {
        List<String> slaves = bond.slaves().stream().map(Port::name).toList();
        int primary = slaves.indexOf(value);
        if (primary < 0) {
            throw new ControlException(
                    ErrorCode.INVALID,
                    "bond-primary " + value + " is no slave of " + bond.name() + "; its slaves are "
                            + String.join(", ", slaves));
        }
        return primary;
    }

    private static TransmitPolicy policy(String value) throws ControlException {
        try {
            return TransmitPolicy.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ControlException(
                    ErrorCode.INVALID, "bond-xmit-policy takes LAYER2, LAYER23 or LAYER34, not '" + value + "'");
        }
    }

    private static int millis(String item, String value, int minimum) throws ControlException {
        try {
            int millis = Integer.parseInt(value);
            if (millis >= minimum) {
                return millis;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ControlException(
                ErrorCode.INVALID, item + " takes milliseconds from " + minimum + ", not '" + value + "'");
    }
}
