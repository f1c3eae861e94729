package jdpvs.wire.slow;

import jdpvs.wire.MacAddress;

/**
 * One end of a link as LACP describes it (IEEE 802.1AX-2014 §6.3).
 *
 * @param systemPriority 16 bits; the lower is the higher priority
 * @param system MAC address that names the system, 48 bits
 * @param key 16 bits; ports of one system with one key may be aggregated
 * @param portPriority 16 bits
 * @param port number, 16 bits; 0 is nobody's
 * @param state bits of {@link LacpState}
 */
public record LacpParty(int systemPriority, long system, int key, int portPriority, int port, int state) {
    public static final int DEFAULT_PRIORITY = 0xffff;

    public LacpParty {
        if ((systemPriority | key | portPriority | port) >>> 16 != 0 || system >>> 48 != 0 || state >>> 8 != 0) {
            throw new IllegalArgumentException("LACP has 16-bit numbers, 48-bit systems and 8-bit states, not "
                    + systemPriority + ", " + system + ", " + key + ", " + portPriority + ", " + port + ", " + state);
        }
    }

    public boolean has(int bit) {
        return LacpState.has(state, bit);
    }

    public LacpParty withState(int newState) {
        return newState == state ? this : new LacpParty(systemPriority, system, key, portPriority, port, newState);
    }

    public LacpParty with(int bit, boolean on) {
        return withState(LacpState.with(state, bit, on));
    }

    /** Whether everything is equal but the state, of which only the bits of the mask count. */
    public boolean matches(LacpParty other, int mask) {
        return port == other.port
                && portPriority == other.portPriority
                && system == other.system
                && systemPriority == other.systemPriority
                && key == other.key
                && (state & mask) == (other.state & mask);
    }

    @Override
    public String toString() {
        return "system " + systemPriority + "," + MacAddress.format(system) + " key " + key + " port " + portPriority
                + "," + port + " " + LacpState.format(state);
    }
}
