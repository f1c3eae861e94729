package jdpvs.config.dpvs;

import java.util.List;

/** The {@code mode} of a bonding block, numbered as in the Linux kernel (Documentation/networking/bonding.rst) and in DPVS. */
public final class BondingModes {
    public static final List<Long> POSSIBLE = List.of(0L, 1L, 2L, 4L);

    public static final String NAMES = "0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)";

    private BondingModes() {}

    /** Why a mode cannot be had, in brackets, and what can; begins with the word itself. */
    public static String refusal(String word) {
        String reason = switch (word) {
            case "3" -> " (broadcast: every peer would get each packet once per slave)";
            case "5", "6" ->
                " (adaptive load balancing: a server's or client's answers would find their way by MAC addresses that change; mode 4 balances both ways)";
            default -> "";
        };
        return word + reason + "; possible are " + NAMES;
    }
}
