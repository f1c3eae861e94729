package jdpvs.keepalived.check;

/** Whether enough live servers are there, with hysteresis (facts: config §11.7). */
final class Quorum {
    private boolean up;
    private boolean judged;

    boolean up() {
        return up;
    }

    boolean judged() {
        return judged;
    }

    /**
     * Judges the weight of the live servers. The first time the quorum itself decides; later it takes as much more or less as the hysteresis says.
     *
     * @return whether it was lost or gained; a first judgement that is not up is neither
     */
    boolean judge(long weight, long quorum, long hysteresis) {
        boolean before = up;
        if (up) {
            up = weight >= quorum - hysteresis;
        } else {
            up = weight >= quorum + (judged ? hysteresis : 0);
        }
        judged = true;
        return up != before;
    }
}
