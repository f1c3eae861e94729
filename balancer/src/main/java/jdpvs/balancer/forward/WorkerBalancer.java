package jdpvs.balancer.forward;

import java.util.random.RandomGenerator;
import jdpvs.balancer.connection.Connections;
import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.FlowIndex;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.session.EndReason;
import jdpvs.balancer.session.SessionRecorder;
import jdpvs.port.Burst;
import jdpvs.stack.LocalStack;
import jdpvs.stack.WorkerContext;
import jdpvs.stack.fragment.FragmentLimits;
import jdpvs.stack.fragment.Reassembly;
import org.jspecify.annotations.Nullable;

/**
 * One worker's balancer: the door through which the daemon feeds it. Used by its worker's thread alone, except {@link #connections}' reading
 * methods.
 */
public final class WorkerBalancer {
    private final BalancerState state;
    private final Lifecycle lifecycle;
    private final Forwarder forwarder;
    private final Pipeline pipeline;
    private final SynGate gate;

    /**
     * @param memory native, 64-byte aligned, {@link #memoryBytes} long, zero; huge pages pay off; must outlive this object
     * @param capacity the most connections of this worker
     * @param context with {@code nowMillis} and {@code network} already set
     * @param random of the secrets of flow hash and sequence numbers: must not be guessable from outside
     * @param sessions is told of every connection for the session log; null = nobody wants one
     */
    public WorkerBalancer(
            long memory,
            int capacity,
            WorkerContext context,
            LocalStack stack,
            ServerCounters counters,
            SchedulerState schedulers,
            ServiceConfiguration services,
            Timeouts timeouts,
            RandomGenerator random,
            @Nullable SessionRecorder sessions) {
        Connections connections =
                new Connections(memory, capacity, context.index, context.portMask(), random, context.nowMillis);
        state = new BalancerState(context, stack, counters, schedulers, connections, services, timeouts, sessions);
        lifecycle = new Lifecycle(state);
        forwarder = new Forwarder(state, lifecycle);
        IcmpTranslator icmp = new IcmpTranslator(state);
        stack.ownPacketErrors(icmp::passOn);
        Numbering numbering = new Numbering(System.currentTimeMillis() - context.nowMillis, random);
        gate = new SynGate(connections, random.nextLong());
        pipeline = new Pipeline(
                state,
                forwarder,
                lifecycle,
                new ConnectionOpener(state, lifecycle, random.nextInt()),
                icmp,
                new Reassembly(context, FragmentLimits.DEFAULTS, random.nextLong()),
                numbering,
                gate);
    }

    /** Without a session log. */
    public WorkerBalancer(
            long memory,
            int capacity,
            WorkerContext context,
            LocalStack stack,
            ServerCounters counters,
            SchedulerState schedulers,
            ServiceConfiguration services,
            Timeouts timeouts,
            RandomGenerator random) {
        this(memory, capacity, context, stack, counters, schedulers, services, timeouts, random, null);
    }

    /** Native memory for a capacity, in bytes. */
    public static long memoryBytes(int capacity) {
        return Connections.memoryBytes(capacity);
    }

    /** How much of it, from its beginning, must be there before the first packet, in bytes; see {@link Connections#residentBytes}. */
    public static long residentBytes(int capacity) {
        return Connections.residentBytes(capacity);
    }

    /** The services from the next burst on; called by the worker when it sees a new configuration. */
    public void services(ServiceConfiguration services) {
        state.services = services;
    }

    /** The time-outs from now on; a connection that waits for a longer one is not cut short. */
    public void timeouts(Timeouts timeouts) {
        state.timeouts = timeouts;
    }

    /**
     * Takes every frame of a burst: sends it, hands it to the stack or another worker, or counts why it was dropped. The frames may be changed; the burst
     * object is not.
     *
     * @param device the device they came in by
     * @param received from the device now; false for frames that this worker or another has already counted as received
     */
    public void process(Burst burst, int device, boolean received) {
        pipeline.process(burst, device, received);
    }

    /** A burst that was received now. */
    public void process(Burst burst, int device) {
        pipeline.process(burst, device, true);
    }

    /** Ends connections and forgets fragments whose time is over; bounded work, to be called every cycle or at least every 10 ms. */
    public void tick() {
        lifecycle.tick();
        pipeline.tick();
    }

    /** Forgets the connection of a client's packets, if there is one; the worker's thread. */
    public void forget(Flow client) {
        int hit = state.connections.index().find(client.addresses(), client.ports());
        if (hit != 0) {
            lifecycle.close(FlowIndex.connection(hit), EndReason.RESET_BY_CLIENT);
        }
    }

    /** This worker's counters of servers; any thread may read them. */
    public ServerCounters counters() {
        return state.counters;
    }

    /** For questions from another thread: where this worker's schedulers stand, roughly. */
    public SchedulerState schedulers() {
        return state.schedulers.copy();
    }

    /** For listings and counts; its {@code forEach}, {@code size} and the readers of local addresses are for any thread. */
    public Connections connections() {
        return state.connections;
    }

    /** Half-open connections that were closed to make room for new ones; any thread. */
    public long halfOpenEvicted() {
        return lifecycle.evicted();
    }

    /** Takes every SYN from now on, as many as may come: for measuring what each costs. */
    public void takeEverySyn() {
        gate.turnOff();
    }

    /** Whether a flood goes on, so that first SYNs are dropped and repeated ones taken; any thread may see it late. */
    public boolean isSynFlood() {
        return gate.isClosed();
    }

    /** Frames that have become part of others, or are kept to become so; for tests of the books. */
    long absorbedFragments() {
        return pipeline.absorbedFragments();
    }

    /** Frames that were made for PROXY headers beside those that came; for tests of the books. */
    long addedFrames() {
        return forwarder.addedFrames();
    }

    /** Who is told what the log should hear; set before the first packet. */
    public void events(BalancerEvents events) {
        forwarder.clientAddress().events(events);
    }

    /** Packets that went without the client's address because there was no room for the option. */
    public long optionsWithoutRoom() {
        return forwarder.clientAddress().withoutRoom();
    }

    /** Segments that left as two, because the client's address made them too long. */
    public long segmentsSplit() {
        return forwarder.clientAddress().segmentsSplit();
    }
}
