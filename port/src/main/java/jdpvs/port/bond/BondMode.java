package jdpvs.port.bond;

import org.jspecify.annotations.Nullable;

/** How a bond uses its slaves; numbered as {@code mode} of dpvs.conf's bonding block (facts: config §3). */
public enum BondMode {
    /** Frames in turn over all slaves that are up; a flow's frames may overtake each other. */
    ROUND_ROBIN(0),
    /** One slave at a time; the primary whenever it is up. */
    ACTIVE_BACKUP(1),
    /** All slaves that are up, by the hash of a frame. */
    BALANCE_XOR(2),
    /** The slaves that the other end has agreed on, by the hash of a frame (IEEE 802.1AX). */
    LACP(4);

    private final int number;

    BondMode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The mode of a number, or null when there is none, or none here (3 broadcast, 5 and 6 by load). */
    public static @Nullable BondMode of(int number) {
        for (BondMode mode : values()) {
            if (mode.number == number) {
                return mode;
            }
        }
        return null;
    }
}
