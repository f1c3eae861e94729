package jdpvs.balancer.connection;

import jdpvs.wire.Tcp;

/**
 * States of a balanced TCP connection, in the order of the transition table's columns, and the table itself (facts: behaviour §6). The balancer sits
 * in the middle and guesses both ends' states from the flags it sees; the table is deliberately lenient, for packets may be lost on
 * either side of it.
 */
public enum TcpState {
    NONE("TCP_NONE"),
    ESTABLISHED("TCP_EST"),
    SYN_SENT("SYN_SENT"),
    SYN_RECEIVED("SYN_RECV"),
    FIN_WAIT("FIN_WAIT"),
    TIME_WAIT("TIME_WAIT"),
    CLOSE("TCP_CLOSE"),
    CLOSE_WAIT("CLOSE_WAIT"),
    LAST_ACK("LAST_ACK"),
    LISTEN("LISTEN"),
    SYNACK("SYNACK");

    private static final String[] ABBREVIATIONS = {"NO", "ES", "SS", "SR", "FW", "TW", "CL", "CW", "LA", "LI", "SA"};
    private static final TcpState[] STATES = values();

    private static final byte[][][] NEXT = {
        {
            row("SR ES ES SR SR SR SR SR SR SR SR"), // client SYN
            row("CL CW SS TW TW TW CL CW LA LI TW"), // client FIN
            row("CL ES SS ES FW TW CL CW CL LI ES"), // client ACK
            row("CL CL CL SR CL CL CL CL LA LI SR"), // client RST
        },
        {
            row("SS ES SS SR SS SS SS SS SS LI SR"), // server SYN
            row("TW FW SS TW FW TW CL TW LA LI TW"), // server FIN
            row("ES ES SS ES FW TW CL CW LA ES ES"), // server ACK
            row("CL CL SS CL CL TW CL CL CL CL CL"), // server RST
        },
    };

    private final String listingName;

    TcpState(String listingName) {
        this.listingName = listingName;
    }

    /** As {@code ipvsadm -lnc} prints it. */
    public String listingName() {
        return listingName;
    }

    public static TcpState of(int number) {
        return STATES[number];
    }

    /**
     * The state after a packet; the strongest of its flags decides: RST, SYN, FIN, ACK. Without any of them nothing changes.
     *
     * @param state ordinal of the current state
     * @param outbound the packet comes from the server
     * @param flags of the TCP header
     */
    public static int next(int state, boolean outbound, int flags) {
        int row;
        if ((flags & Tcp.RST) != 0) {
            row = 3;
        } else if ((flags & Tcp.SYN) != 0) {
            row = 0;
        } else if ((flags & Tcp.FIN) != 0) {
            row = 1;
        } else if ((flags & Tcp.ACK) != 0) {
            row = 2;
        } else {
            return state;
        }
        return NEXT[outbound ? 1 : 0][row][state];
    }

    private static byte[] row(String abbreviations) {
        String[] words = abbreviations.split(" ", -1);
        byte[] next = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            next[i] = number(words[i]);
        }
        return next;
    }

    private static byte number(String abbreviation) {
        for (byte i = 0; i < ABBREVIATIONS.length; i++) {
            if (ABBREVIATIONS[i].equals(abbreviation)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no TCP state is abbreviated " + abbreviation);
    }
}
