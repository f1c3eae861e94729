package jdpvs.keepalived.vrrp;

import java.util.Objects;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;
import jdpvs.wire.vrrp.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * An instance's state machine (RFC 3768 §6.4, RFC 9568 §6.4) on a virtual clock: times are nanoseconds, of any origin. Each event makes one transition at most; whether it may be the one to master
 * is decided by the {@link RouterGroup}, for its members are masters together.
 */
final class VirtualRouter {
    /** Priority of the host whose interface has the addresses. */
    static final int OWNER = 255;

    static final long NEVER = Long.MAX_VALUE;

    private final Surroundings surroundings;
    private VrrpInstance instance;
    private AdvertisementChecks checks;
    private RouterGroup group;

    private State state = State.INIT;
    private String reason = "vrrp_startup_delay is not over";
    private int priority;
    private @Nullable Address source;
    /** Why it could not serve, by its own lights; null = it could. */
    private @Nullable String fault = "its interface has not been looked at";

    private long masterInterval;
    private @Nullable Address master;
    private int masterPriority;
    /** From when on this host waits for the master's next word. */
    private long waitingSince;

    private Wait wait = Wait.WHOLE;
    private boolean lost;
    private long preemptAt = NEVER;

    private long nextAdvertisement = NEVER;
    private long assertedAt = NEVER;
    private final Rounds rounds = new Rounds();

    private long received;
    private long refused;

    /** How long a backup waits. */
    private enum Wait {
        /** Master down interval: three of the master's, and the skew. */
        WHOLE,
        /** One interval and the skew: the start of a host that is configured to be the master. */
        SHORT,
        /** The skew alone: the master has left. */
        SKEW
    }

    VirtualRouter(VrrpInstance instance, RouterGroup group, Surroundings surroundings) {
        this.surroundings = surroundings;
        this.group = group;
        this.instance = instance;
        checks = new AdvertisementChecks(instance);
        priority = instance.priority();
        masterInterval = instance.advertisementInterval().toNanos();
    }

    // What it is.

    VrrpInstance instance() {
        return instance;
    }

    RouterGroup group() {
        return group;
    }

    void setGroup(RouterGroup group) {
        this.group = group;
    }

    State state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /** The effective one. */
    int priority() {
        return priority;
    }

    @Nullable Address source() {
        return source;
    }

    @Nullable String fault() {
        return fault;
    }

    /** Who is, while it is somebody else. */
    @Nullable Address master() {
        return state == State.BACKUP && !lost ? master : null;
    }

    long received() {
        return received;
    }

    long refused() {
        return refused;
    }

    Advertisement advertisement(int advertisedPriority) {
        return checks.advertisement(advertisedPriority);
    }

    /** Whether nothing speaks against being master, as far as this instance knows. */
    boolean couldLead() {
        return state == State.MASTER || (state == State.BACKUP && lost);
    }

    /** When {@link #timers} is due. */
    long deadline() {
        return switch (state) {
            case INIT, FAULT -> NEVER;
            case BACKUP -> lost ? NEVER : Math.min(masterDownAt(), preemptAt);
            case MASTER -> Math.min(nextAdvertisement, rounds.next());
        };
    }

    private long masterDownAt() {
        return waitingSince
                + skew()
                + switch (wait) {
                    case WHOLE -> 3 * masterInterval;
                    case SHORT -> masterInterval;
                    case SKEW -> 0;
                };
    }

    /** RFC 3768 §6.1: of a second; RFC 9568 §6.1: of the master's interval. */
    private long skew() {
        long whole = instance.version() == 2 ? 1_000_000_000L : masterInterval;
        return (256 - priority) * whole / 256;
    }

    // What happens to it.

    /** What the interface, the tracks and the configuration say; the group acts on it. */
    void conditions(@Nullable String newFault, @Nullable Address newSource) {
        fault = newFault;
        source = newSource;
    }

    void setPriority(int newPriority) {
        if (newPriority != priority) {
            priority = newPriority;
            if (newPriority <= masterPriority) {
                preemptAt = NEVER;
            }
            surroundings.priorityChanged(this);
        }
    }

    /** Time between two announcements; 0 = none. */
    void setAnnouncementSpacing(long nanos) {
        rounds.setSpacing(nanos);
    }

    /** Takes another configuration of the same virtual router; a master stays master and says what is new. */
    void configure(VrrpInstance next, long now) {
        boolean otherAddresses = !next.addresses().equals(instance.addresses())
                || !next.excluded().equals(instance.excluded())
                || !Objects.equals(next.device(), instance.device());
        boolean otherAdvertisement =
                otherAddresses || !next.advertisementInterval().equals(instance.advertisementInterval());
        if (state == State.MASTER && !next.announcements().equals(instance.announcements())) {
            rounds.refresh(next.announcements(), now);
        }
        if (next.preempt() != instance.preempt() || !next.preemptDelay().equals(instance.preemptDelay())) {
            preemptAt = NEVER;
        }
        instance = next;
        checks = new AdvertisementChecks(next);
        if (state != State.BACKUP || next.version() == 2) {
            masterInterval = next.advertisementInterval().toNanos();
        }
        if (state == State.MASTER && otherAdvertisement) {
            advertise(now);
        }
        if (state == State.MASTER && otherAddresses) {
            rounds.begin(next.announcements(), now);
        }
    }

    /** Any advertisement for this virtual router; returns why it does not count, or null. */
    @Nullable Refusal heard(Heard heard, long now) {
        Refusal refusal = checks.refusal(heard, source);
        if (refusal == null
                && state == State.MASTER
                && priority == OWNER
                && heard.advertisement().priority() == OWNER) {
            refusal = Refusal.OWNER;
        }
        if (refusal != null) {
            refused++;
            return refusal;
        }
        received++;
        switch (state) {
            case BACKUP -> heardAsBackup(heard, now);
            case MASTER -> heardAsMaster(heard, now);
            case INIT, FAULT -> {}
        }
        return null;
    }

    private void heardAsBackup(Heard heard, long now) {
        int theirs = heard.advertisement().priority();
        if (theirs == 0) {
            // Whoever was master before this host waits on: only the master's own leave counts.
            if (master == null || master.equals(heard.source())) {
                await(Wait.SKEW, now);
            }
            return;
        }
        boolean lower = theirs < priority && instance.preempt();
        master = heard.source();
        masterPriority = theirs;
        if (lower && preemptNow(now)) {
            return;
        }
        if (!lower) {
            preemptAt = NEVER;
            group.heardBetter(this, better(theirs), now);
        }
        masterInterval = instance.version() == 3
                ? heard.advertisement().intervalHundredths() * 10_000_000L
                : instance.advertisementInterval().toNanos();
        await(Wait.WHOLE, now);
    }

    /** Whether a master of lower priority is to be waited for no longer: then its advertisements do not count (RFC 9568 §6.4.2). */
    private boolean preemptNow(long now) {
        long delay = instance.preemptDelay().toNanos();
        if (delay == 0) {
            return true;
        }
        if (preemptAt == NEVER) {
            preemptAt = now + delay;
        }
        return now >= preemptAt;
    }

    private void heardAsMaster(Heard heard, long now) {
        int theirs = heard.advertisement().priority();
        if (theirs == 0) {
            advertise(now);
            return;
        }
        if (theirs > priority
                || (theirs == priority && source != null && heard.source().compareTo(source) > 0)) {
            if (instance.higherPrioritySendAdvertisement()) {
                advertise(now);
            }
            master = heard.source();
            masterPriority = theirs;
            if (instance.version() == 3) {
                masterInterval = heard.advertisement().intervalHundredths() * 10_000_000L;
            }
            group.yielded(this, better(theirs), now);
            return;
        }
        // Many heard at once, after this host was held up, are answered once.
        if (assertedAt == now) {
            return;
        }
        assertedAt = now;
        if (!instance.lowerPriorityNoAdvertisement()) {
            advertise(now);
        }
        rounds.lower(instance.announcements(), now);
        surroundings.heardLower(this, heard.source(), theirs);
    }

    private String better(int theirs) {
        return master + " advertises priority " + theirs
                + (theirs > priority
                        ? ", above this host's " + priority
                        : theirs == priority
                                ? " as this host does, and its address is the higher one"
                                : ", and nopreempt is configured");
    }

    /** Does what is due; the group decides about mastership. */
    void timers(long now) {
        if (now < deadline()) {
            return;
        }
        if (state == State.BACKUP) {
            boolean preempts = now < masterDownAt();
            lost = true;
            group.mayLead(this, preempts ? preemptReason() : lossReason(), now);
        } else if (state == State.MASTER) {
            if (now >= nextAdvertisement) {
                advertise(now);
            }
            for (int n = rounds.due(now); n > 0; n--) {
                surroundings.announce(this);
            }
        }
    }

    private String preemptReason() {
        return "preempt_delay is over, and the master " + master + " has priority " + masterPriority
                + ", below this host's " + priority;
    }

    private String lossReason() {
        if (priority == OWNER) {
            return "this host owns the addresses";
        }
        if (wait == Wait.SHORT) {
            return "state MASTER is configured, and no other master was heard";
        }
        if (master == null) {
            return "no other master was heard";
        }
        return wait == Wait.SKEW
                ? "the master " + master + " said that it leaves"
                : "nothing was heard of the master " + master
                        + (masterPriority < priority && instance.preempt()
                                ? " that would count against this host's priority " + priority
                                : " in time");
    }

    // Transitions, called by the group.

    /**
     * From every other state.
     *
     * @param extra nanoseconds to wait longer than else
     */
    void becomeBackup(String why, long now, long extra) {
        boolean starts = state == State.INIT;
        boolean yields = state == State.MASTER;
        leaveMaster();
        preemptAt = NEVER;
        if (!yields) {
            master = null;
            masterInterval = instance.advertisementInterval().toNanos();
        }
        await(starts && instance.startsAsMaster() ? Wait.SHORT : Wait.WHOLE, now + extra);
        if (priority == OWNER && !yields) {
            waitingSince = now - 4 * masterInterval;
        }
        enter(State.BACKUP, why);
    }

    void becomeMaster(String why, long now) {
        preemptAt = NEVER;
        lost = false;
        master = null;
        nextAdvertisement = now;
        State from = state;
        state = State.MASTER;
        reason = why;
        advertise(now);
        rounds.begin(instance.announcements(), now);
        surroundings.entered(this, from, why);
        for (int n = rounds.due(now); n > 0; n--) {
            surroundings.announce(this);
        }
    }

    /** A master says that it leaves. */
    void becomeFaulty(String why) {
        resign();
        enter(State.FAULT, why);
    }

    /** A master says that it leaves. */
    void stop(String why) {
        resign();
        enter(State.INIT, why);
    }

    /** The fault is another, the state the same. */
    void stillFaulty(String why) {
        reason = why;
    }

    private void resign() {
        if (state == State.MASTER) {
            surroundings.send(this, 0);
        }
        leaveMaster();
        lost = false;
        preemptAt = NEVER;
        master = null;
    }

    private void leaveMaster() {
        nextAdvertisement = NEVER;
        rounds.end();
    }

    private void enter(State next, String why) {
        State from = state;
        state = next;
        reason = why;
        surroundings.entered(this, from, why);
    }

    private void await(Wait kind, long now) {
        wait = kind;
        waitingSince = now;
        lost = false;
    }

    /** The next one follows by the clock, not by when this one went, unless that was an interval ago. */
    private void advertise(long now) {
        surroundings.send(this, priority);
        long interval = instance.advertisementInterval().toNanos();
        nextAdvertisement = nextAdvertisement <= now && now - nextAdvertisement < interval
                ? nextAdvertisement + interval
                : now + interval;
    }
}
