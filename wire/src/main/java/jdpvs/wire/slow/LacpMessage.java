package jdpvs.wire.slow;

/**
 * The value of a LACPDU.
 *
 * @param actor who sends it
 * @param partner whom the sender takes the receiver for
 * @param collectorMaxDelay tens of microseconds that the sender's collector may hold a frame
 */
public record LacpMessage(LacpParty actor, LacpParty partner, int collectorMaxDelay) {
    /** @param frame {@link Lacpdu#isValid} */
    public static LacpMessage read(long frame) {
        return new LacpMessage(Lacpdu.actor(frame), Lacpdu.partner(frame), Lacpdu.collectorMaxDelay(frame));
    }

    /** Writes {@link SlowProtocol#FRAME_LENGTH} bytes. */
    public void write(long frame, long source) {
        Lacpdu.set(frame, source, actor, partner, collectorMaxDelay);
    }
}
