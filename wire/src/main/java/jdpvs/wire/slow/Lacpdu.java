package jdpvs.wire.slow;

import jdpvs.wire.Ethernet;
import jdpvs.wire.Memory;

/**
 * A LACPDU, version 1, in a frame at a native address (IEEE 802.1AX-2014 §6.4.2.3); offsets behind the Ethernet header.
 *
 * <pre>
 *  0   subtype 1 | version 1                                          |
 *  2   type 1, length 20   actor                                      | 22
 *  22  type 2, length 20   partner                                    | 42
 *  42  type 3, length 16   collector max delay (2, 10 µs) | zeros (12)| 58
 *  58  type 0, length 0    terminator                                 | 60
 *  60  zeros (50)                                                     | 110
 *
 *  actor and partner behind type and length:
 *  0 system priority | 2 system | 8 key | 10 port priority | 12 port | 14 state | 15 zeros (3) | 18
 * </pre>
 */
public final class Lacpdu {
    private static final int VERSION = 1;
    private static final int ACTOR = Ethernet.LENGTH + 2;
    private static final int PARTNER = Ethernet.LENGTH + 22;
    private static final int COLLECTOR = Ethernet.LENGTH + 42;
    private static final int COLLECTOR_MAX_DELAY = COLLECTOR + 2;

    private static final int TYPE_ACTOR = 1;
    private static final int TYPE_PARTNER = 2;
    private static final int TYPE_COLLECTOR = 3;
    private static final int PARTY_LENGTH = 20;
    private static final int COLLECTOR_LENGTH = 16;

    private Lacpdu() {}

    /**
     * Whether {@link #actor}, {@link #partner} and {@link #collectorMaxDelay} may be read.
     *
     * <p>A receiver must not look at version, TLV types and reserved octets, and may look at the lengths (§6.4.12). The terminator's is not looked at: version 2 has TLVs of its own there.
     *
     * @param frame begins a frame that {@link SlowProtocol#is} one
     */
    public static boolean isValid(long frame, int length) {
        return length >= SlowProtocol.FRAME_LENGTH
                && SlowProtocol.subtype(frame) == SlowProtocol.SUBTYPE_LACP
                && Memory.getByte(frame + ACTOR + 1) == PARTY_LENGTH
                && Memory.getByte(frame + PARTNER + 1) == PARTY_LENGTH
                && Memory.getByte(frame + COLLECTOR + 1) == COLLECTOR_LENGTH;
    }

    /** The sender. */
    public static LacpParty actor(long frame) {
        return party(frame + ACTOR + 2);
    }

    /** Whom the sender takes us for. */
    public static LacpParty partner(long frame) {
        return party(frame + PARTNER + 2);
    }

    /** Tens of microseconds. */
    public static int collectorMaxDelay(long frame) {
        return Memory.getShortNet(frame + COLLECTOR_MAX_DELAY);
    }

    /**
     * Writes a whole frame of {@link SlowProtocol#FRAME_LENGTH} bytes.
     *
     * @param source MAC address of the port that sends it
     */
    public static void set(long frame, long source, LacpParty actor, LacpParty partner, int collectorMaxDelay) {
        SlowProtocol.begin(frame, source, SlowProtocol.SUBTYPE_LACP, VERSION);
        putParty(frame + ACTOR, TYPE_ACTOR, actor);
        putParty(frame + PARTNER, TYPE_PARTNER, partner);
        Memory.putByte(frame + COLLECTOR, TYPE_COLLECTOR);
        Memory.putByte(frame + COLLECTOR + 1, COLLECTOR_LENGTH);
        Memory.putShortNet(frame + COLLECTOR_MAX_DELAY, collectorMaxDelay);
    }

    private static LacpParty party(long at) {
        return new LacpParty(
                Memory.getShortNet(at),
                SlowProtocol.mac(at + 2),
                Memory.getShortNet(at + 8),
                Memory.getShortNet(at + 10),
                Memory.getShortNet(at + 12),
                Memory.getByte(at + 14));
    }

    private static void putParty(long at, int type, LacpParty party) {
        Memory.putByte(at, type);
        Memory.putByte(at + 1, PARTY_LENGTH);
        Memory.putShortNet(at + 2, party.systemPriority());
        SlowProtocol.putMac(at + 4, party.system());
        Memory.putShortNet(at + 10, party.key());
        Memory.putShortNet(at + 12, party.portPriority());
        Memory.putShortNet(at + 14, party.port());
        Memory.putByte(at + 16, party.state());
    }
}
