package jdpvs.keepalived.vrrp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.SyncGroup;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.configuration.VrrpInstance.Track;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.program.Balancer;
import jdpvs.linux.Errno;
import jdpvs.linux.RawSocket;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.netlink.InterfaceState;
import jdpvs.linux.netlink.Interfaces;
import jdpvs.process.Defects;
import jdpvs.wire.Address;
import jdpvs.wire.Memory;
import jdpvs.wire.vrrp.Advertisement;
import jdpvs.wire.vrrp.Reading;
import jdpvs.wire.vrrp.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All virtual routers of this host with their sockets; used by VRRP's thread only. Nothing here waits. */
final class Engine implements Surroundings, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_vrrp");
    /** Packets taken from one socket before timers are looked at again: more than its buffer holds, so that nothing heard in time is overlooked. */
    private static final int MOST_PACKETS = 1024;
    /** Between two announcements: those that a balancer finds waiting at the same time may become one. */
    private static final long LEAST_SPACING_NANOS = 20_000_000;
    /** After which what failed is tried again. */
    private static final long RETRY_NANOS = 1_000_000_000;
    /** An instance's rest after a defect. */
    private static final long REST_NANOS = 100_000_000;

    private final Notices notices;
    private final Wanted wanted;
    private final Runnable changed;
    private final Links links;
    private final TrackStates tracks = new TrackStates();

    /** By the instance's name, in the configuration's order. */
    private Map<String, Member> members = new LinkedHashMap<>();

    private List<RouterGroup> groups = List.of();
    private Map<String, SyncGroup> syncGroups = Map.of();
    private final Map<String, State> groupStates = new HashMap<>();
    private boolean loaded;
    /** When instances may begin; {@link VirtualRouter#NEVER} = they have begun. */
    private long startsAt = VirtualRouter.NEVER;

    private boolean socketsChanged = true;
    private final Random chance = new Random();
    private long socketsAt;
    /** Whether the last {@link #judge} went without a defect. */
    private boolean judged = true;

    private static final class Member {
        private final VirtualRouter router;
        private final History history = new History();
        private Links.@Nullable Key link;
        private long restsUntil = Long.MIN_VALUE;

        Member(VirtualRouter router) {
            this.router = router;
        }
    }

    /** @param interfaces of the calling thread's network namespace; closed in the end */
    Engine(Balancer balancer, Notices notices, Runnable changed, Interfaces interfaces) {
        this.links = new Links(interfaces);
        this.notices = notices;
        this.wanted = new Wanted(balancer);
        this.changed = changed;
    }

    // What happens.

    void load(KeepalivedConfiguration configuration, long now) {
        if (!loaded && !configuration.global().startupDelay().isZero()) {
            startsAt = now + configuration.global().startupDelay().toNanos();
        }
        loaded = true;
        links.setGroups(
                configuration.global().groupIpv4().toAddress(),
                configuration.global().groupIpv6().toAddress());
        Map<String, Member> before = members;
        Map<String, Member> next = new LinkedHashMap<>();
        Set<String> kept = new LinkedHashSet<>();
        for (VrrpInstance instance : configuration.instances()) {
            // By what it is on the link, not by its name: a master that gets another name stays master.
            Member member = before.values().stream()
                    .filter(each -> isSameRouter(each.router.instance(), instance))
                    .findFirst()
                    .orElse(null);
            if (member != null) {
                kept.add(member.router.instance().name());
                next.put(instance.name(), member);
            } else {
                next.put(instance.name(), new Member(new VirtualRouter(instance, new RouterGroup(null, chance), this)));
            }
        }
        before.forEach((name, member) -> {
            if (!kept.contains(name)) {
                stop(
                        member,
                        next.containsKey(name) ? "replaced by the configuration" : "removed from the configuration");
            }
        });
        members = next;
        wanted.configure(configuration);
        regroup(configuration);
        for (VrrpInstance instance : configuration.instances()) {
            VirtualRouter router = member(instance.name()).router;
            if (!router.instance().equals(instance)) {
                router.configure(instance, now);
            }
            Duration spacing = instance.ipv6()
                    ? configuration.global().gnaInterval()
                    : configuration.global().garpInterval();
            router.setAnnouncementSpacing(Math.max(spacing.toNanos(), LEAST_SPACING_NANOS));
        }
        refresh(now);
        publish();
    }

    /** Whether a running instance can become another one; else it is one that ends and one that begins. */
    private static boolean isSameRouter(VrrpInstance one, VrrpInstance other) {
        return one.networkInterface().equals(other.networkInterface())
                && one.virtualRouterId() == other.virtualRouterId()
                && one.ipv6() == other.ipv6()
                && one.version() == other.version();
    }

    private void regroup(KeepalivedConfiguration configuration) {
        Map<String, SyncGroup> byInstance = new HashMap<>();
        List<RouterGroup> next = new ArrayList<>();
        for (SyncGroup group : configuration.syncGroups()) {
            List<VirtualRouter> routers = new ArrayList<>();
            for (String name : group.instances()) {
                Member member = members.get(name);
                if (member != null && byInstance.putIfAbsent(name, group) == null) {
                    routers.add(member.router);
                }
            }
            RouterGroup made = new RouterGroup(group.name(), chance);
            made.setMembers(routers);
            next.add(made);
        }
        members.forEach((name, member) -> {
            if (!byInstance.containsKey(name)) {
                RouterGroup alone = new RouterGroup(null, chance);
                alone.setMembers(List.of(member.router));
                next.add(alone);
            }
        });
        groups = next;
        syncGroups = byInstance;
        groupStates
                .keySet()
                .retainAll(
                        configuration.syncGroups().stream().map(SyncGroup::name).toList());
    }

    /** Looks at the interfaces if the kernel told of a change. */
    void interfaces(long now) {
        boolean again = (links.hasFailures() || !judged) && now - socketsAt > RETRY_NANOS;
        if (links.update() || again) {
            refresh(now);
        }
    }

    /** A tracked script, file or process is otherwise. */
    void tracked(Track.Kind kind, String name, int value, long now) {
        if (tracks.set(kind, name, value)) {
            judge(now);
        }
    }

    private void refresh(long now) {
        boolean ignored = links.update();
        socketsAt = now;
        links.open(members.values().stream()
                .map(member -> member.router.instance())
                .toList());
        socketsChanged = true;
        for (Member member : members.values()) {
            for (Track track : member.router.instance().track()) {
                trackInterface(track);
            }
        }
        syncGroups.values().forEach(group -> group.track().forEach(this::trackInterface));
        judge(now);
    }

    private void trackInterface(Track track) {
        if (track.kind() == Track.Kind.INTERFACE) {
            InterfaceState state = links.interfaces().get(track.name());
            boolean other = tracks.set(track.kind(), track.name(), state != null && state.running() ? 1 : 0);
            if (other) {
                LOG.debug("interface {} is {}", track.name(), state != null && state.running() ? "up" : "down");
            }
        }
    }

    /** Has every router know its conditions, and follow from them. */
    private void judge(long now) {
        judged = true;
        for (Member member : members.values()) {
            judged &= succeeds(member.router, () -> conditions(member));
        }
        if (startsAt == VirtualRouter.NEVER) {
            for (RouterGroup group : groups) {
                if (!group.members().isEmpty()) {
                    judged &= succeeds(group.members().getFirst(), () -> group.conditions(now));
                }
            }
        }
    }

    private void conditions(Member member) {
        VrrpInstance instance = member.router.instance();
        TrackStates.Effect effect = tracks.effect(instance, syncGroups.get(instance.name()));
        Links.Link link = links.link(instance);
        member.link = link.key();
        member.router.conditions(link.fault() != null ? link.fault() : effect.fault(), link.source());
        member.router.setPriority(effect.priority());
    }

    /** Does something for an instance. A defect of one is no reason for others to be silent, which would keep their addresses. */
    private static boolean succeeds(VirtualRouter router, Runnable step) {
        return Defects.survive(LOG, router.instance().name(), step::run);
    }

    /** Takes what has come to the sockets. */
    void receive(long now) {
        for (Links.Key key : List.copyOf(links.sockets().keySet())) {
            RawSocket socket = links.sockets().get(key);
            try {
                RawSocket.Received received = null;
                for (int i = 0; i < MOST_PACKETS && socket != null && (received = socket.receive()) != null; i++) {
                    received(key, received, now);
                }
            } catch (SystemCallException e) {
                LOG.warn("a socket is opened anew: {}", e.getMessage());
                links.drop(key);
                refresh(now);
            }
        }
    }

    private void received(Links.Key key, RawSocket.Received packet, long now) {
        Address source = new Address(packet.sourceHigh(), packet.sourceLow());
        Address destination = new Address(packet.destinationHigh(), packet.destinationLow());
        // Where also a bad one has it; of a packet without it nobody can say whom it was for.
        int virtualRouterId = packet.length() < 2 ? 0 : Memory.getByte(packet.payload() + 1);
        Member member = member(key, virtualRouterId);
        if (member != null) {
            boolean ignored = succeeds(member.router, () -> received(member, packet, source, destination, now));
        }
    }

    private static void received(
            Member member, RawSocket.Received packet, Address source, Address destination, long now) {
        Reading reading = Advertisement.read(packet.payload(), packet.length(), source, destination);
        Refusal refusal = switch (reading) {
            case Refusal bad -> {
                member.history.unreadable();
                yield bad;
            }
            case Advertisement advertisement ->
                member.router.heard(new Heard(source, destination, packet.hopLimit(), advertisement), now);
        };
        if (refusal != null && member.history.isNews(refusal)) {
            LOG.warn(
                    "({}) an advertisement of {} does not count: {}",
                    member.router.instance().name(),
                    source,
                    refusal.sentence());
        }
    }

    private @Nullable Member member(Links.Key key, int virtualRouterId) {
        for (Member member : members.values()) {
            if (key.equals(member.link) && member.router.instance().virtualRouterId() == virtualRouterId) {
                return member;
            }
        }
        return null;
    }

    private Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalStateException(name);
        }
        return member;
    }

    void timers(long now) {
        if (now >= startsAt) {
            startsAt = VirtualRouter.NEVER;
            judge(now);
        }
        for (Member member : members.values()) {
            if (now >= member.restsUntil && !succeeds(member.router, () -> member.router.timers(now))) {
                member.restsUntil = now + REST_NANOS;
            }
        }
    }

    /** When {@link #timers} is due; {@link VirtualRouter#NEVER} = not before something else happens. */
    long deadline() {
        long deadline = startsAt;
        for (Member member : members.values()) {
            deadline = Math.min(deadline, Math.max(member.router.deadline(), member.restsUntil));
        }
        return deadline;
    }

    /** @param keep whether dpvs keeps the addresses */
    void stop(boolean keep) {
        if (keep) {
            wanted.freeze();
        }
        for (Member member : members.values()) {
            boolean ignored = succeeds(member.router, () -> stop(member, "keepalived stops"));
        }
        for (RouterGroup group : groups) {
            SyncGroup of = group.members().isEmpty()
                    ? null
                    : syncGroups.get(group.members().getFirst().instance().name());
            if (of != null) {
                notices.router("GROUP", of.name(), Notices.State.STOP, 0, of.notices());
            }
        }
        wanted.nothing();
    }

    private void stop(Member member, String why) {
        VirtualRouter router = member.router;
        boolean wasMaster = router.state() == State.MASTER;
        router.stop(why);
        VrrpInstance instance = router.instance();
        if (wasMaster) {
            LOG.info("({}) sent 0 priority: {}", instance.name(), why);
        }
        notices.router("INSTANCE", instance.name(), Notices.State.STOP, router.priority(), instance.notices());
    }

    // What routers do.

    @Override
    public void send(VirtualRouter router, int priority) {
        VrrpInstance instance = router.instance();
        Member member = members.get(instance.name());
        Address source = router.source();
        RawSocket socket =
                member == null || member.link == null ? null : links.sockets().get(member.link);
        if (member == null || source == null || socket == null) {
            return;
        }
        Advertisement advertisement = router.advertisement(priority);
        List<IpAddress> peers = instance.peers();
        if (peers == null) {
            sent(member, send(socket, advertisement, source, links.group(instance.ipv6())));
        } else {
            for (IpAddress peer : peers) {
                sent(member, send(socket, advertisement, source, peer.toAddress()));
            }
        }
    }

    private static int send(RawSocket socket, Advertisement advertisement, Address source, Address destination) {
        advertisement.write(socket.payload(), source, destination);
        return socket.send(advertisement.length(), source.high(), source.low(), destination.high(), destination.low());
    }

    private static void sent(Member member, int errno) {
        if (member.history.sent(errno)) {
            String name = member.router.instance().name();
            if (errno == 0) {
                LOG.info("({}) advertisements can be sent again", name);
            } else {
                LOG.warn("({}) an advertisement cannot be sent: {} ({})", name, Errno.text(errno), Errno.name(errno));
            }
        }
    }

    @Override
    public void announce(VirtualRouter router) {
        wanted.announce(router);
    }

    @Override
    public void entered(VirtualRouter router, State from, String reason) {
        VrrpInstance instance = router.instance();
        State to = router.state();
        Member member = members.get(instance.name());
        if (member != null) {
            member.history.entered(from, to, reason);
        }
        if (to != State.INIT) {
            LOG.info("({}) {}", instance.name(), reason);
            LOG.info("({}) Entering {} STATE", instance.name(), to);
            Notices.State state = Notices.State.valueOf(to.name());
            notices.router("INSTANCE", instance.name(), state, router.priority(), instance.notices());
            SyncGroup group = syncGroups.get(instance.name());
            if (group != null && groupStates.put(group.name(), to) != to) {
                LOG.info("VRRP_Group({}) Syncing instances to {} state", group.name(), to);
                notices.router("GROUP", group.name(), state, 0, group.notices());
            }
        }
        publish();
        changed.run();
    }

    @Override
    public void heardLower(VirtualRouter router, Address sender, int priority) {
        VrrpInstance instance = router.instance();
        LOG.info(
                "({}) Received advert from {} with lower priority {}, ours {}",
                instance.name(),
                sender,
                priority,
                router.priority());
        notices.heardLower(instance.name(), router.priority(), instance.notices());
    }

    @Override
    public void priorityChanged(VirtualRouter router) {
        VrrpInstance instance = router.instance();
        LOG.info("({}) Changing effective priority to {}", instance.name(), router.priority());
        if (router.state() != State.INIT) {
            notices.priority(
                    instance.name(),
                    Notices.State.valueOf(router.state().name()),
                    router.priority(),
                    instance.notices());
        }
        changed.run();
    }

    private void publish() {
        wanted.publish(members.values().stream().map(member -> member.router).toList());
    }

    // What others ask.

    List<KeepalivedReport.Instance> report() {
        return members.values().stream()
                .map(member -> member.history.report(member.router))
                .toList();
    }

    Set<IpAddress> held() {
        return wanted.held();
    }

    /** What to wait for beside the deadline; null when it is the same as the last time. */
    int @Nullable [] descriptors() {
        if (!socketsChanged) {
            return null;
        }
        socketsChanged = false;
        int[] descriptors = new int[1 + links.sockets().size()];
        descriptors[0] = links.newsDescriptor();
        int i = 1;
        for (RawSocket socket : links.sockets().values()) {
            descriptors[i++] = socket.descriptor();
        }
        return descriptors;
    }

    @Override
    public void close() {
        links.close();
    }
}
