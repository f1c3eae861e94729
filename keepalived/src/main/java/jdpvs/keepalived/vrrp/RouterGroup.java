package jdpvs.keepalived.vrrp;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Virtual routers that are masters, backups or faulty together: those of a {@code vrrp_sync_group}, or one alone.
 *
 * <p>They become masters when every one of them has lost its master, or would take over from one of lower priority: so a group that has the better priority on one link and the worse on another does
 * not change places with its neighbour for ever. They become backups when one of them does, and faulty when one of them is.
 */
final class RouterGroup {
    private static final int QUARREL_INTERVALS = 5;
    private static final int MOST_QUARRELS = 4;

    private final @Nullable String name;
    private final RandomGenerator chance;
    private List<VirtualRouter> members = List.of();
    private long ledSince;
    private int quarrels;

    /**
     * @param name of the {@code vrrp_sync_group}; null = one router alone
     * @param chance decides who waits longer after a quarrel
     */
    RouterGroup(@Nullable String name, RandomGenerator chance) {
        this.name = name;
        this.chance = chance;
    }

    @Nullable String name() {
        return name;
    }

    List<VirtualRouter> members() {
        return members;
    }

    void setMembers(List<VirtualRouter> routers) {
        members = List.copyOf(routers);
        members.forEach(member -> member.setGroup(this));
    }

    /** Follows from what the members' interfaces and tracks say, and begins what has not begun. */
    void conditions(long now) {
        VirtualRouter faulty = members.stream()
                .filter(member -> member.fault() != null)
                .findFirst()
                .orElse(null);
        if (faulty != null) {
            for (VirtualRouter member : members) {
                String own = member.fault();
                String why = own != null ? own : because(faulty, faulty.fault());
                if (member.state() == State.FAULT) {
                    member.stillFaulty(why);
                } else {
                    member.becomeFaulty(why);
                }
            }
            return;
        }
        for (VirtualRouter member : members) {
            if (member.state() == State.INIT) {
                member.becomeBackup("started", now, 0);
            } else if (member.state() == State.FAULT) {
                member.becomeBackup("what was at fault is well again", now, 0);
            }
        }
    }

    /** A member wants to be master. */
    void mayLead(VirtualRouter member, String why, long now) {
        if (!members.stream().allMatch(VirtualRouter::couldLead)) {
            return;
        }
        ledSince = now;
        for (VirtualRouter each : members) {
            if (each.state() != State.MASTER) {
                each.becomeMaster(each == member ? why : because(member, why), now);
            }
        }
    }

    /** A master among the members must be backup. */
    void yielded(VirtualRouter member, String why, long now) {
        long extra = members.size() > 1 ? patience(member, now) : 0;
        for (VirtualRouter each : members) {
            if (each.state() == State.MASTER) {
                each.becomeBackup(each == member ? why : because(member, why), now, extra);
            }
        }
    }

    /**
     * Two groups of which each is better somewhere both yield when they meet as masters, and would meet again after the same time. So who yields soon after it began waits longer by chance, the more
     * often the longer.
     */
    private long patience(VirtualRouter member, long now) {
        long interval = member.instance().advertisementInterval().toNanos();
        quarrels = now - ledSince < QUARREL_INTERVALS * interval ? Math.min(quarrels + 1, MOST_QUARRELS) : 0;
        return quarrels == 0 ? 0 : chance.nextLong(interval << quarrels);
    }

    /** A backup among the members has a master that it will not take over from: members that are masters, because it joined them later, are to be backups too. */
    void heardBetter(VirtualRouter member, String why, long now) {
        if (members.stream().anyMatch(each -> each.state() == State.MASTER)) {
            yielded(member, why, now);
        }
    }

    private String because(VirtualRouter member, @Nullable String why) {
        return "with " + member.instance().name() + " of vrrp_sync_group " + name + ": " + why;
    }
}
