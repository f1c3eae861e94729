package jdpvs.keepalived.program;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.ServiceKey;
import org.jspecify.annotations.Nullable;

/** What the programmer's thread knows and decides. {@link #refused()}, {@link #made()} and {@link #reportChanged} are for any thread, everything else for that one. */
final class Programming {
    /**
     * @param retryMillis before dpvs is called again that did not answer
     * @param reportMillis between two reports at least
     * @param heartbeatMillis between two reports at most
     */
    record Times(long retryMillis, long reportMillis, long heartbeatMillis) {
        static final Times NORMAL = new Times(250, 1000, 5000);
    }

    /** The first may tell of the end of an instance whose successor answers already. */
    private static final int LAST_CALLS = 2;

    private enum Link {
        UNHEARD,
        HEARD,
        LOST
    }

    private final Dpvs dpvs;
    private final Wishes wishes;
    private final Supplier<KeepalivedReport> report;
    private final Times times;

    private final Lane network = new Lane();
    private final Lane services = new Lane();
    private final Made made = new Made();
    private final LeftOut leftOut = new LeftOut();
    private final Set<WantedAddress> announcements = new LinkedHashSet<>();

    /** Refused once although it should have been possible; what is there was read again since. */
    private final Set<Item> suspected = new HashSet<>();

    private Link link = Link.UNHEARD;
    /** What there was at the first contact, until it has been said what is wanted of it. */
    private @Nullable Actual servicesFound;

    private @Nullable Actual addressesFound;

    private @Nullable String heardInstance;
    private @Nullable String instance;
    private boolean known;
    private boolean reading;
    private long readAtMillis;
    private boolean complained;
    private boolean together;

    /** With these there was no difference, and nothing was heard since: thousands of services need not be compared for each address. */
    private @Nullable Map<ServiceKey, WantedService> cleanServices;

    private volatile boolean reportWanted;
    private volatile boolean reportable;
    private boolean reporting;
    private long reportedMillis;
    private volatile List<String> sentences = List.of();
    private volatile KeepalivedReport.Made madeLast = KeepalivedReport.Made.NOTHING;

    private long endMillis = Long.MAX_VALUE;

    /** How often dpvs was not there since the end was asked for. */
    private int lossesAtEnd;

    /** Whether the report has been sent that says what stays after the end. */
    private boolean lastReportSent;

    private boolean ended;

    Programming(Dpvs dpvs, Wishes wishes, Supplier<KeepalivedReport> report, Times times) {
        this.dpvs = dpvs;
        this.wishes = wishes;
        this.report = report;
        this.times = times;
        reportedMillis = nowMillis() - times.heartbeatMillis();
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    List<String> refused() {
        return sentences;
    }

    KeepalivedReport.Made made() {
        return madeLast;
    }

    void reportChanged() {
        reportWanted = true;
        reportable = true;
    }

    /** Until when there is nothing to do without news. */
    long waitMillis() {
        return Math.min(times.retryMillis(), times.reportMillis());
    }

    boolean hasEnded() {
        return ended;
    }

    void end(long millis) {
        lossesAtEnd = 0;
        endMillis = nowMillis() + millis;
    }

    void heard(String newInstance) {
        link = Link.HEARD;
        readAtMillis = nowMillis();
        if (complained) {
            Programmer.LOG.info("dpvs at {} answers", dpvs);
            complained = false;
        }
        heardInstance = newInstance;
        known = false;
    }

    void lost(String reason) {
        link = Link.LOST;
        lossesAtEnd++;
        known = false;
        announcements.clear();
        complain("waiting for dpvs at {}: {}", reason);
    }

    private void complain(String format, String reason) {
        if (!complained) {
            Programmer.LOG.warn(format, dpvs, reason);
            complained = true;
        }
    }

    /** What is there has to be asked for. */
    void doubt() {
        known = false;
        readAtMillis = nowMillis() + times.retryMillis();
    }

    void read(Actual actual) {
        reading = false;
        if (!actual.instance().equals(instance)) {
            if (instance != null || actual.services().isEmpty()) {
                services.begin();
            }
            if (instance != null) {
                Programmer.LOG.warn("dpvs at {} has been started anew: it gets everything again", dpvs);
                leftOut.clear();
                sentences = List.of();
                servicesFound = null;
                addressesFound = null;
            } else {
                servicesFound = actual;
                addressesFound = actual;
            }
            instance = actual.instance();
            reportWanted = true;
        }
        made.settle(actual, wishes.now());
        cleanServices = null;
        known = link == Link.HEARD && actual.instance().equals(heardInstance);
        readAtMillis = nowMillis() + times.retryMillis();
    }

    void unread(String reason) {
        reading = false;
        readAtMillis = nowMillis() + times.retryMillis();
        if (link == Link.HEARD) {
            complain("dpvs at {} does not say what it has: {}", reason);
        }
    }

    void applied(Plan plan) {
        plan.applied(made);
        cleanServices = null;
        suspected.removeAll(plan.items());
        if (leftOut.applied(plan.items())) {
            sentences = leftOut.sentences();
        }
        free(plan).forEach(Lane::applied);
        reportWanted = true;
    }

    void unknown(Plan plan, String reason) {
        free(plan);
        made.perhaps(plan);
        if (link == Link.HEARD) {
            Programmer.LOG.warn(
                    "dpvs at {} may or may not have applied {} changes: {}; it is asked what it has",
                    dpvs,
                    plan.size(),
                    reason);
        }
        doubt();
    }

    void refused(Plan plan, ControlException refusal) {
        cleanServices = null;
        List<Lane> lanes = free(plan);
        int index = refusal.changeIndex();
        boolean named = index >= 0 && index < plan.size();
        boolean single = plan.items().size() == 1;
        lanes.forEach(lane -> lane.refused(plan, named));
        for (Item item : plan.items()) {
            if (item instanceof Item.OfAnnouncement announcement) {
                announcements.add(announcement.address());
            }
        }
        if (!named && !single) {
            return;
        }
        Item item = named ? plan.item(index) : plan.items().iterator().next();
        if (item instanceof Item.OfAnnouncement announcement) {
            // The address is gone, and is made again once it is seen that it is.
            announcements.remove(announcement.address());
            known = false;
            readAtMillis = nowMillis();
            return;
        }
        if (named && contradicts(plan.changes().get(index), refusal.code()) && suspected.add(item)) {
            // Somebody else was there: what is there decides.
            known = false;
            readAtMillis = nowMillis();
            return;
        }
        suspected.remove(item);
        leaveOut(item, plan.wanted().of(item), refusal);
    }

    /** Whether dpvs cannot have what we believe that it has. */
    private boolean contradicts(Change change, ErrorCode code) {
        boolean noService = code == ErrorCode.INVALID || code == ErrorCode.NO_SERVICE;
        return switch (change) {
            case Change.AddressAdd ignored -> code == ErrorCode.EXISTS;
            case Change.AddressDelete ignored -> code == ErrorCode.NOT_EXIST;
            case Change.ServiceAdd ignored -> code == ErrorCode.EXISTS;
            case Change.ServiceEdit ignored -> noService;
            case Change.ServiceDelete ignored -> noService || code == ErrorCode.NOT_EXIST;
            case Change.ServerAdd add ->
                code == ErrorCode.EXISTS || (noService && made.services.containsKey(add.service()));
            case Change.ServerEdit ignored -> noService || code == ErrorCode.NOT_EXIST;
            case Change.ServerDelete ignored -> noService || code == ErrorCode.NOT_EXIST;
            case Change.LocalAddressAdd add ->
                code == ErrorCode.EXISTS || (noService && made.services.containsKey(add.service()));
            case Change.LocalAddressDelete ignored -> noService || code == ErrorCode.NOT_EXIST;
            default -> false;
        };
    }

    private void leaveOut(Item item, @Nullable Object value, ControlException refusal) {
        String what = switch (item) {
            case Item.OfService service ->
                value instanceof WantedService wanted
                        ? wanted.origin() + ", service " + service.key()
                        : "service " + service.key();
            case Item.OfAddress place -> "address " + place.address() + " on " + place.device();
            case Item.OfRoute route ->
                "route " + route.route().prefix() + "/" + route.route().prefixLength();
            case Item.OfAnnouncement announcement -> "address " + announcement.address();
        };
        String sentence = what + ": dpvs says " + Dpvs.sentence(refusal);
        if (leftOut.add(item, value, sentence)) {
            Programmer.LOG.error("{}; it is left out, and tried again every 15 s", sentence);
        }
        sentences = leftOut.sentences();
        reportWanted = true;
    }

    /** @return the lanes that the plan held */
    private List<Lane> free(Plan plan) {
        List<Lane> lanes = new ArrayList<>();
        for (Lane lane : List.of(network, services)) {
            if (Objects.equals(lane.underWay, plan)) {
                lane.underWay = null;
                lanes.add(lane);
            }
        }
        return lanes;
    }

    void reported() {
        reporting = false;
    }

    /** Does what can be done now. */
    void step() {
        long now = nowMillis();
        boolean idle = network.isFree() && services.isFree();
        if (link == Link.HEARD && !known && !reading && idle && now >= readAtMillis) {
            reading = true;
            dpvs.read();
        }
        if (link != Link.LOST) {
            announcements.addAll(wishes.takeAnnouncements());
        } else {
            wishes.takeAnnouncements();
        }
        boolean done = known && program() && network.isFree() && services.isFree();
        report(now, done && endMillis != Long.MAX_VALUE);
        if (endMillis != Long.MAX_VALUE && ((done && !reporting) || (isGone() && idle) || now >= endMillis)) {
            if (!done && made.isAnything()) {
                Programmer.LOG.warn("dpvs at {} does not answer: it keeps what it has", dpvs);
            }
            dpvs.close();
            ended = true;
        }
    }

    /** Called again in vain: a dpvs that was just started anew would keep what it got meanwhile. */
    private boolean isGone() {
        return link == Link.LOST && lossesAtEnd >= LAST_CALLS;
    }

    /** Only when it is known which services and addresses are wanted: they must not go before they are made. */
    private void adopt() {
        Actual services = servicesFound;
        if (services != null && wishes.isServicesTold()) {
            made.adoptServices(services, wishes.areAllServicesOurs());
            servicesFound = null;
            cleanServices = null;
        }
        Actual addresses = addressesFound;
        if (addresses != null && wishes.isAddressesTold()) {
            made.adoptNetwork(addresses);
            addressesFound = null;
        }
    }

    /** Sends what is to be sent and can be; addresses first. @return whether there was nothing */
    @SuppressWarnings("ReferenceEquality")
    private boolean program() {
        adopt();
        Wanted wanted = wishes.now();
        together |= wishes.takeBundled();
        if (leftOut.prune(wanted, made)) {
            sentences = leftOut.sentences();
            cleanServices = null;
        }
        if (leftOut.isDue()) {
            cleanServices = null;
        }
        if (together && network.isFree() && services.isFree()) {
            together = false;
            Plan plan = new Plan(wanted);
            new NetworkDifference(wanted, made, leftOut, network.most(), plan).addTo(announcements);
            new ServiceDifference(wanted, made, leftOut, services.most(), plan).addTo();
            return send(plan, network, services);
        }
        boolean nothing = true;
        if (network.isFree()) {
            Plan plan = new Plan(wanted);
            new NetworkDifference(wanted, made, leftOut, network.most(), plan).addTo(announcements);
            nothing &= send(plan, network);
        }
        if (services.isFree() && wanted.services() != cleanServices) {
            Plan plan = new Plan(wanted);
            new ServiceDifference(wanted, made, leftOut, services.most(), plan).addTo();
            nothing &= send(plan, services);
            if (plan.isEmpty()) {
                services.idle();
                cleanServices = wanted.services();
            } else {
                cleanServices = null;
            }
        }
        return nothing;
    }

    /** @return whether there was nothing to send */
    private boolean send(Plan plan, Lane... lanes) {
        if (plan.isEmpty()) {
            return true;
        }
        for (Lane lane : lanes) {
            lane.underWay = plan;
        }
        dpvs.apply(plan);
        return false;
    }

    /** @param last whether all is done at the end: what is made by hand afterwards must not be taken for ours by the next one */
    private void report(long now, boolean last) {
        lastReportSent &= last;
        long age = now - reportedMillis;
        // Not before the last report of another keepalived has been read.
        if (link == Link.HEARD
                && instance != null
                && reportable
                && !reporting
                && ((last && !lastReportSent)
                        || (reportWanted && age >= times.reportMillis())
                        || age >= times.heartbeatMillis())) {
            lastReportSent = last;
            reportWanted = false;
            reporting = true;
            reportedMillis = now;
            madeLast = made.forReport(Stream.of(network.underWay, services.underWay)
                    .filter(Objects::nonNull)
                    .toList());
            dpvs.report(report);
        }
    }
}
