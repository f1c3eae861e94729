package jdpvs.port.bond.lacp;

import jdpvs.port.LinkState;

/**
 * The key of a port: links of one speed and duplex have one key, others another, because only equal links are aggregated.
 *
 * <pre>
 *  15      11 10           4 3         1 0
 *  +---------+--------------+-----------+-------------+
 *  | admin   | mantissa     | exponent  | full duplex |   Mbit/s = mantissa · 10^exponent, mantissa below 100
 *  +---------+--------------+-----------+-------------+
 * </pre>
 */
public final class LacpKey {
    static final int MAXIMUM_ADMIN = 31;
    private static final int MAXIMUM_EXPONENT = 7;

    private LacpKey() {}

    public static int of(int admin, LinkState link) {
        int mantissa = Math.max(0, link.speedMegabits());
        int exponent = 0;
        while (mantissa >= 100 && exponent < MAXIMUM_EXPONENT) {
            mantissa /= 10;
            exponent++;
        }
        return admin << 11 | Math.min(mantissa, 99) << 4 | exponent << 1 | (link.fullDuplex() ? 1 : 0);
    }
}
