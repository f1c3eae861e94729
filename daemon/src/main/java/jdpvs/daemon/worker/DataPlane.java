package jdpvs.daemon.worker;

import java.lang.foreign.Arena;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.SchedulerState;
import jdpvs.balancer.service.ServerCounters;
import jdpvs.balancer.session.SessionRecorder;
import jdpvs.balancer.session.SessionRing;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.daemon.kernel.WorkerKernelSide;
import jdpvs.linux.BootClock;
import jdpvs.linux.Mapping;
import jdpvs.port.DropCounters;
import jdpvs.port.Port;
import jdpvs.port.PortQueue;
import jdpvs.stack.Ipv6Counters;
import jdpvs.stack.StackLimits;
import jdpvs.stack.WorkerContext;
import jdpvs.stack.WorkerStack;
import jdpvs.stack.fragment.FragmentLimits;
import org.jspecify.annotations.Nullable;

/** All workers with their memory: made, started and stopped together. */
public final class DataPlane {
    /** Frames a worker may make in one cycle: a burst of answers, and what its timers send. */
    private static final int FRAME_BUFFERS = 1024;

    private static final long STOP_MILLIS = 2000;

    private final HandoverRings rings;
    private final List<Mapping> memory = new ArrayList<>();
    private final List<WorkerUnit> units = new ArrayList<>();
    private final List<ServerCounters> counters = new ArrayList<>();
    private final List<SessionRing> sessionRings = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Without kernel interfaces. */
    public DataPlane(
            List<Port> ports,
            List<WorkerPlan> plans,
            LinkFlags links,
            int connections,
            Limits limits,
            boolean sessions,
            Snapshot first) {
        this(ports, plans, links, connections, limits, sessions, first, KernelInterfaces.none());
    }

    /**
     * @param ports by device id
     * @param connections the most of one worker
     * @param first what the workers begin with
     * @param sessions whether a session log is wanted
     * @param kernel where frames go that nobody here has a use for
     * @throws jdpvs.linux.SystemCallException when the memory is not to be had
     */
    public DataPlane(
            List<Port> ports,
            List<WorkerPlan> plans,
            LinkFlags links,
            int connections,
            Limits limits,
            boolean sessions,
            Snapshot first,
            KernelInterfaces kernel) {
        rings = new HandoverRings(plans.size());
        BootClock clock = new BootClock();
        for (int index = 0; index < plans.size(); index++) {
            WorkerPlan plan = plans.get(index);
            List<@Nullable PortQueue> outputs = new ArrayList<>(Collections.nCopies(ports.size(), null));
            List<Worker.Input> inputs = new ArrayList<>();
            for (WorkerPlan.Binding binding : plan.bindings()) {
                PortQueue queue = ports.get(binding.device()).queue(binding.queue());
                outputs.set(binding.device(), queue);
                inputs.add(new Worker.Input(binding.device(), queue));
            }
            DropCounters drops = new DropCounters();
            Ipv6Counters ipv6 = new Ipv6Counters();
            WorkerEgress egress = new WorkerEgress(Arena.global(), outputs, links, drops, ipv6, FRAME_BUFFERS);
            HandoverPost post = new HandoverPost(index, rings, drops, ipv6);
            WorkerContext context = new WorkerContext(index, plans.size(), egress, post, drops, ipv6, first.network());
            context.nowMillis = clock.millis();
            context.queueWorkers(queueWorkers(ports, plans));
            context.kernel = new WorkerKernelSide(context, kernel);
            EventLog events = new EventLog();
            WorkerStack stack = new WorkerStack(context, StackLimits.DEFAULTS, events);
            ServerCounters serverCounters = new ServerCounters(map(ServerCounters.bytes(limits.servers()), false));
            WorkerBalancer balancer = new WorkerBalancer(
                    map(WorkerBalancer.memoryBytes(connections), WorkerBalancer.residentBytes(connections)),
                    connections,
                    context,
                    stack,
                    serverCounters,
                    new SchedulerState(index, plans.size(), limits.services()),
                    first.services(),
                    first.timeouts(),
                    new SecureRandom(),
                    sessions ? recorder(connections) : null);
            balancer.events(events);
            counters.add(serverCounters);
            Worker worker = new Worker(
                    plan.name(),
                    plan.cpu(),
                    context,
                    egress,
                    post,
                    rings.alarm(index),
                    new BalancerPath(balancer, stack),
                    events,
                    inputs,
                    first);
            units.add(new WorkerUnit(worker, balancer, stack));
        }
    }

    /** What the constructor will ask the system for, in bytes. */
    public static long memoryBytes(int workers, int connections, Limits limits, boolean sessions) {
        return HandoverRings.bytes(workers)
                + workers
                        * ((sessions
                                        ? SessionRecorder.memoryBytes(connections)
                                                + SessionRing.memoryBytes(SessionRing.SLOTS)
                                        : 0)
                                + WorkerBalancer.memoryBytes(connections)
                                + FragmentLimits.DEFAULTS.memoryBytes()
                                + ServerCounters.bytes(limits.servers())
                                + StackLimits.DEFAULTS.memoryBytes()
                                + FrameBuffers.bytes(FRAME_BUFFERS));
    }

    /** By device id: which workers its queues belong to. */
    private static int[][] queueWorkers(List<Port> ports, List<WorkerPlan> plans) {
        int[][] workers = new int[ports.size()][];
        for (int device = 0; device < workers.length; device++) {
            workers[device] = new int[ports.get(device).queueCount()];
        }
        for (int worker = 0; worker < plans.size(); worker++) {
            for (WorkerPlan.Binding binding : plans.get(worker).bindings()) {
                workers[binding.device()][binding.queue()] = worker;
            }
        }
        return workers;
    }

    private SessionRecorder recorder(int connections) {
        SessionRing ring = new SessionRing(map(SessionRing.memoryBytes(SessionRing.SLOTS), true), SessionRing.SLOTS);
        sessionRings.add(ring);
        return new SessionRecorder(map(SessionRecorder.memoryBytes(connections), true), ring);
    }

    /** What workers say of their connections, in worker order; empty without a session log. */
    public List<SessionRing> sessionRings() {
        return sessionRings;
    }

    private long map(long bytes, boolean prefault) {
        return map(bytes, prefault ? bytes : 0);
    }

    private long map(long bytes, long prefaultBytes) {
        Mapping mapping = Mapping.anonymous(bytes, prefaultBytes);
        memory.add(mapping);
        return mapping.address();
    }

    /** In worker order. */
    public List<WorkerUnit> units() {
        return units;
    }

    /** In worker order. */
    public List<ServerCounters> counters() {
        return counters;
    }

    public void start() {
        for (WorkerUnit unit : units) {
            threads.add(
                    Thread.ofPlatform().name(unit.worker().name()).daemon(true).start(unit.worker()));
        }
    }

    /** Ends all workers' threads. Their memory stays, for a listing may still be reading it; the process is about to end. */
    public void stop() {
        for (WorkerUnit unit : units) {
            unit.worker().stop();
        }
        try {
            for (Thread thread : threads) {
                thread.join(STOP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
