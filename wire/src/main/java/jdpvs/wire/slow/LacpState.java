package jdpvs.wire.slow;

/** The bits of {@code Actor_State} and {@code Partner_State}, one octet of a LACPDU (IEEE 802.1AX-2014 §6.4.2.3). */
public final class LacpState {
    /** Set: active, sends without being spoken to; clear: passive. */
    public static final int ACTIVITY = 0x01;
    /** Set: short timeout, wants a PDU every second; clear: long, every 30 seconds. */
    public static final int TIMEOUT = 0x02;
    /** Set: the link may be aggregated; clear: it stands alone. */
    public static final int AGGREGATION = 0x04;
    /** The port is attached to the aggregator it belongs to. */
    public static final int SYNCHRONIZATION = 0x08;

    public static final int COLLECTING = 0x10;
    public static final int DISTRIBUTING = 0x20;
    /** The sender uses defaults for its partner: it has not heard of one. */
    public static final int DEFAULTED = 0x40;
    /** The sender's receive machine is EXPIRED. */
    public static final int EXPIRED = 0x80;

    private static final String[] NAMES = {
        "activity", "timeout", "aggregation", "synchronization", "collecting", "distributing", "defaulted", "expired"
    };

    private LacpState() {}

    public static boolean has(int state, int bit) {
        return (state & bit) != 0;
    }

    public static int with(int state, int bit, boolean on) {
        return on ? state | bit : state & ~bit;
    }

    /** The names of the bits that are set, in their order, apart by commas. */
    public static String format(int state) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((state >>> bit & 1) != 0) {
                text.append(text.isEmpty() ? "" : ",").append(NAMES[bit]);
            }
        }
        return text.toString();
    }
}
