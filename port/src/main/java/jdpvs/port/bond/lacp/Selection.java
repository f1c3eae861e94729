package jdpvs.port.bond.lacp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The selection logic over all ports of a bond (IEEE 802.1AX-2014 §6.4.14). A bond has one client, so one aggregator is in use; ports that belong to another are STANDBY, and say so to their partner,
 * which then sends nothing there.
 *
 * <p>Candidates are groups of usable ports (carrier, a partner that is heard) with one {@link LagId}. The better one has more bandwidth, not counting ports whose partner has refused for a minute (its
 * churn machine tells), then more bandwidth in sync. The rules against flapping:
 *
 * <ul>
 *   <li>equal is not better: the group in use stays;
 *   <li>a better group must be better for {@link #BETTER_MILLIS} on end, while the one in use works;
 *   <li>a group without a usable port, or refused on all, is left at once;
 *   <li>of two ends that have chosen different groups of equal bandwidth the one with the greater system identifier follows, in {@link #FOLLOW_MILLIS}: else both would move, and miss each other
 *       again.
 * </ul>
 *
 * <p>Where no port has a partner, one port alone carries the traffic, as to a switch without LACP: the others would be a loop to it. A port that hears itself is never used.
 */
final class Selection {
    static final long BETTER_MILLIS = 10_000;

    /** How long a group must be better for the end that follows. */
    static final long FOLLOW_MILLIS = 2_000;

    /**
     * A group of ports; those without partners are all equal, so that the one in use stays.
     *
     * @param leads the partner's system identifier is smaller than ours
     * @param megabits Mbit/s of the usable ports whose partner does not refuse; 0 makes it the last choice, and a choice still: two ends may take each other for refusing
     * @param megabitsInSync Mbit/s of those of them whose partner is in sync
     */
    private record Group(LagId id, boolean partnered, boolean leads, long megabits, long megabitsInSync) {
        boolean isBetterThan(Group other) {
            if (partnered != other.partnered) {
                return partnered;
            }
            return partnered
                    && (megabits > other.megabits
                            || (megabits == other.megabits && megabitsInSync > other.megabitsInSync));
        }
    }

    private final List<LacpPort> ports;
    private final Timer better = new Timer();
    private @Nullable LagId active;
    private @Nullable LagId rival;

    Selection(List<LacpPort> ports) {
        this.ports = ports;
    }

    /** The group in use; null before there was one. */
    @Nullable LagId active() {
        return active;
    }

    /** Chooses the group and tells every port. */
    void step(long nowMillis) {
        choose(nowMillis);
        for (LacpPort port : ports) {
            if (!belongs(port)) {
                port.select(Selected.UNSELECTED);
            } else {
                port.select(port.lag().equals(active) ? Selected.SELECTED : Selected.STANDBY);
            }
        }
    }

    /** Whether a port has an aggregator at all; one that has lost its carrier or its partner's voice keeps it until it is known to have another. */
    private static boolean belongs(LacpPort port) {
        if (port.isLooped()) {
            return false;
        }
        return port.receiveState() == ReceiveState.CURRENT
                || port.receiveState() == ReceiveState.DEFAULTED
                || port.selected() != Selected.UNSELECTED;
    }

    private void choose(long nowMillis) {
        Group best = null;
        Group current = null;
        for (LacpPort port : ports) {
            if (!isUsable(port)) {
                continue;
            }
            Group group = group(port);
            if (group.id.equals(active)) {
                current = group;
            }
            if (best == null || group.isBetterThan(best)) {
                best = group;
            }
        }
        if (best == null) {
            return;
        }
        if (current == null || best.partnered != current.partnered) {
            use(best.id);
        } else if (!best.isBetterThan(current)) {
            rival = null;
        } else if (!isAttached() || current.megabits == 0) {
            use(best.id);
        } else if (!best.id.equals(rival)) {
            rival = best.id;
            // Equal but for being in sync: the other end has chosen it.
            boolean follow = best.leads && best.megabits == current.megabits;
            better.start(nowMillis, follow ? FOLLOW_MILLIS : BETTER_MILLIS);
        } else if (better.isExpired(nowMillis)) {
            use(best.id);
        }
    }

    private void use(LagId id) {
        active = id;
        rival = null;
    }

    private boolean isUsable(LacpPort port) {
        if (!port.hasCarrier() || port.isLooped()) {
            return false;
        }
        return port.hasPartner()
                ? port.receiveState() == ReceiveState.CURRENT
                : port.receiveState() == ReceiveState.DEFAULTED && !isPartnerExpected();
    }

    /** A partner that has fallen silent may speak again: until that is decided no port is used without one. */
    private boolean isPartnerExpected() {
        return ports.stream().anyMatch(port -> port.hasCarrier() && port.hasPartner() && !port.isLooped());
    }

    private Group group(LacpPort member) {
        LagId id = member.lag();
        long megabits = 0;
        long megabitsInSync = 0;
        for (LacpPort port : ports) {
            if (isUsable(port) && port.lag().equals(id) && !port.isPartnerChurning()) {
                megabits += port.speedMegabits();
                megabitsInSync += port.isPartnerInSync() ? port.speedMegabits() : 0;
            }
        }
        return new Group(id, member.hasPartner(), member.isPartnerLeading(), megabits, megabitsInSync);
    }

    private boolean isAttached() {
        return ports.stream()
                .anyMatch(port -> port.lag().equals(active) && port.muxState().compareTo(MuxState.ATTACHED) >= 0);
    }

    /** Ready (§6.4.8): whether all ports that wait for the group in use have waited. */
    boolean isReady(long nowMillis) {
        return ports.stream()
                .filter(port -> port.selected() == Selected.SELECTED && port.muxState() == MuxState.WAITING)
                .allMatch(port -> port.isReady(nowMillis));
    }
}
