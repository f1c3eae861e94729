package jdpvs.port.bond;

import java.util.Arrays;

/** Which slaves a bond's queues use now: made by the control thread, read by workers once per burst. */
final class BondState {
    static final BondState NONE = new BondState(new boolean[0], new int[0], TransmitPolicy.LAYER34, false);

    private final boolean[] receiving;
    private final int[] sending;
    private final TransmitPolicy policy;
    private final boolean inTurn;

    /**
     * @param receiving by slave: what comes in by it is taken
     * @param sending the slaves that send, in their order
     * @param inTurn frame by frame over those that send, instead of by the policy
     */
    BondState(boolean[] receiving, int[] sending, TransmitPolicy policy, boolean inTurn) {
        this.receiving = receiving.clone();
        this.sending = sending.clone();
        this.policy = policy;
        this.inTurn = inTurn;
    }

    boolean receives(int slave) {
        return slave < receiving.length && receiving[slave];
    }

    boolean sends(int slave) {
        return Arrays.stream(sending).anyMatch(each -> each == slave);
    }

    boolean sendsAny() {
        return sending.length > 0;
    }

    /** @param turn counted by who sends */
    int slaveFor(long frame, int length, int turn) {
        int place = sending.length == 1
                ? 0
                : inTurn
                        ? Integer.remainderUnsigned(turn, sending.length)
                        : policy.choose(frame, length, sending.length);
        return sending[place];
    }

    /** The slaves that send, in their order. */
    int[] sending() {
        return sending.clone();
    }

    boolean sameAs(BondState other) {
        return Arrays.equals(receiving, other.receiving)
                && Arrays.equals(sending, other.sending)
                && policy == other.policy
                && inTurn == other.inTurn;
    }
}
