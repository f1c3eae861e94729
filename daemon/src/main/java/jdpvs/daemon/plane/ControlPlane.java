package jdpvs.daemon.plane;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.LocalAddress;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.control.Change;
import jdpvs.control.Control;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.Event;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.PacketEvent;
import jdpvs.control.ServiceKey;
import jdpvs.control.Traces;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import jdpvs.daemon.explain.Explainer;
import jdpvs.daemon.explain.Tables;
import jdpvs.daemon.kernel.FrameCopies;
import jdpvs.daemon.kernel.KernelHas;
import jdpvs.daemon.kernel.KernelInterfaces;
import jdpvs.daemon.worker.Duplicate;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.Worker;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.linux.BootClock;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.TapException;
import jdpvs.port.OwnedAddresses;
import jdpvs.port.PortCounters;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.stack.NetworkEditor;
import jdpvs.stack.NetworkException;
import jdpvs.stack.StackSettings;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where the configuration changes. Changes are serialised, validated whole and published to every worker with one store each;
 * questions read immutable snapshots and the workers' native memory, so nobody here ever waits for a worker.
 */
public final class ControlPlane implements Control {
    private static final Logger LOG = LoggerFactory.getLogger("IFA");

    private final Identity identity;
    private final DeviceTable devices;
    private final List<WorkerUnit> units;
    private final ServiceTable table;
    private final ServerStatistics statistics;
    private final PortPools pools;
    private final WorkerViews workerViews;
    private final PortAlarms portAlarms;
    private final DrainingAddresses draining = new DrainingAddresses();
    private final Watches watches;
    private final Listeners listeners;
    private final LastReports lastReports = new LastReports();
    private final LinkLocalAddresses linkLocal = new LinkLocalAddresses();
    private final KernelAddresses kernelAddresses = new KernelAddresses();
    private final DuplicateDetection duplicates = new DuplicateDetection();
    private LinkLocalMode linkLocalMode = LinkLocalMode.NONE;
    private final AddressLifetimes lifetimes = new AddressLifetimes();
    private final int mask;

    private volatile Snapshot current;
    private OwnedAddresses owned;
    private Set<Address> ofKernel = Set.of();

    /**
     * @param units in worker order; already given {@code first}
     * @param statistics over all workers
     * @param poolHashes {@code pool_hash_size}: how many servers may share a port of a local address, as {@code sa_free} counts it
     */
    public ControlPlane(
            Identity identity,
            DeviceTable devices,
            List<WorkerUnit> units,
            ServiceTable table,
            ServerStatistics statistics,
            Snapshot first,
            int poolHashes) {
        this.identity = identity;
        this.devices = devices;
        this.units = List.copyOf(units);
        this.table = table;
        this.statistics = statistics;
        this.pools = new PortPools(this.units, poolHashes);
        this.portAlarms = new PortAlarms(this.units);
        this.workerViews = new WorkerViews(this.units);
        this.watches = new Watches(this.units);
        this.listeners = new Listeners(identity.instance());
        this.mask = this.units.getFirst().worker().context().portMask();
        this.current = first;
        this.owned = OwnedAddressUpdate.of(first.network(), first.services(), mask);
        devices.ports().forEach(port -> port.own(owned));
        devices.vlanCounters(this::vlanCounters);
    }

    /** What passed the VLAN devices that have, or had, this id. */
    private PortCounters vlanCounters(int device) {
        PortCounters sum = PortCounters.ZERO;
        for (WorkerUnit unit : units) {
            sum = sum.plus(unit.worker().vlanCounters(device));
        }
        return sum;
    }

    @Override
    public synchronized void apply(List<Change> changes) throws ControlException {
        Snapshot before = current;
        Transaction transaction = new Transaction(before.network(), table, devices);
        transaction.apply(changes);
        NetworkConfiguration network =
                linkLocal.complete(before.network(), transaction.network().build(), linkLocalMode);
        transaction.services().checkOwned(network);
        kernelInterfaces(before.network(), network);
        for (LinkChange link : transaction.links()) {
            change(link);
        }
        copyToKernel();
        publish(before.with(network, transaction.services().commit()));
        zero(transaction.services().zeroed());
        announce(transaction.announcements());
    }

    /** By the first worker, once it has what was published before. */
    private void announce(List<InterfaceAddress> addresses) {
        WorkerUnit first = units.getFirst();
        boolean posted = addresses.isEmpty()
                || first.worker()
                        .post(() -> addresses.forEach(address ->
                                first.stack().announceOnce(address.device().id(), address.address())));
        if (!posted) {
            LOG.warn(
                    "{} addresses were not announced, worker {} has too much to do",
                    addresses.size(),
                    first.worker().name());
        }
    }

    /** What a reload changes: time-outs and switches; addresses, routes and services stay. */
    public synchronized void settings(Timeouts timeouts, StackSettings settings, LinkLocalMode mode) {
        Snapshot before = current;
        boolean same = before.network().settings().equals(settings);
        NetworkConfiguration network =
                same ? before.network() : before.network().withSettings(settings);
        if (!mode.equals(linkLocalMode)
                || settings.ipv6() != before.network().settings().ipv6()) {
            linkLocalMode = mode;
            network = linkLocal.follow(network, mode);
        }
        publish(new Snapshot(network, before.services(), timeouts));
    }

    /** What the kernel has on its interfaces has changed. */
    @SuppressWarnings("ReferenceEquality")
    public synchronized void kernelAddresses(KernelHas now) {
        kernelAddresses.set(now);
        Snapshot before = current;
        if (kernelAddresses.follow(before) != before) {
            publish(before);
        }
    }

    private void publish(Snapshot wanted) {
        send(kernelAddresses.follow(draining.follow(current, wanted)));
    }

    private void send(Snapshot next) {
        OwnedAddressUpdate update = new OwnedAddressUpdate(
                devices.ports(), owned, OwnedAddressUpdate.of(next.network(), next.services(), mask));
        KernelAddressUpdate kernelUpdate = new KernelAddressUpdate(
                devices.ports(), ofKernel, next.network().ofKernel());
        update.beforePublishing();
        kernelUpdate.beforePublishing();
        devices.follow(next.network().devices());
        current = next;
        for (WorkerUnit unit : units) {
            unit.worker().publish(next);
        }
        update.afterPublishing();
        owned = update.after();
        kernelUpdate.afterPublishing();
        ofKernel = kernelUpdate.after();
        duplicates.follow(next.network(), nowMillis());
        synchronized (lifetimes) {
            lifetimes.follow(next.network(), nowMillis());
        }
    }

    /** Those of VLAN devices are there when the command ends. */
    private void kernelInterfaces(NetworkConfiguration before, NetworkConfiguration next) throws ControlException {
        KernelInterfaces kernel = devices.kernel();
        try {
            kernel.follow(next.devices());
        } catch (TapException | SystemCallException e) {
            try {
                kernel.follow(before.devices());
            } catch (TapException | SystemCallException again) {
                LOG.error("kernel interfaces: {}", again.getMessage());
            }
            throw new ControlException(ErrorCode.SYSTEM_CALL, String.valueOf(e.getMessage()));
        }
    }

    private static void change(LinkChange link) throws ControlException {
        try {
            link.work().run();
        } catch (RuntimeException e) {
            throw new ControlException(ErrorCode.SYSTEM_CALL, "link set on " + link.device() + ": " + e.getMessage());
        }
    }

    /** After an operator may have switched {@code forward2kni}. */
    private void copyToKernel() {
        KernelInterfaces kernel = devices.kernel();
        for (WorkerUnit unit : units) {
            Worker worker = unit.worker();
            worker.copy(kernel.isCopying() ? new FrameCopies(worker.context(), kernel) : null);
        }
    }

    private void zero(List<@Nullable VirtualEndpoint> zeroed) {
        ServiceConfiguration services = current.services();
        for (VirtualEndpoint endpoint : zeroed) {
            if (endpoint == null) {
                services.services().forEach(statistics::zero);
            } else {
                Service service = services.service(endpoint);
                if (service != null) {
                    statistics.zero(service);
                }
            }
        }
    }

    /** Rates, business, link states, identities of what is gone; to be called about once a second. */
    public synchronized void everySecond() {
        long now = nowMillis();
        endAddresses(now);
        concludeDetection(now);
        statistics.sample(current.services(), now);
        workerViews.sample();
        devices.refresh();
        long seen = Long.MAX_VALUE;
        for (WorkerUnit unit : units) {
            seen = Math.min(seen, unit.worker().adopted().services().version());
            unit.worker().writeLogs();
        }
        releaseAddresses();
        table.reclaim(seen, pools::isIdle);
        portAlarms.everySecond(current, now);
    }

    /** A worker with an older configuration might yet give a connection to what drains. */
    private void releaseAddresses() {
        Snapshot now = current;
        if (!draining.isEmpty() && units.stream().allMatch(unit -> isAdopted(unit, now))) {
            Snapshot next = draining.release(now, pools::isIdle);
            if (!next.equals(now)) {
                send(next);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isAdopted(WorkerUnit unit, Snapshot snapshot) {
        return unit.worker().adopted() == snapshot;
    }

    @SuppressWarnings("ReferenceEquality")
    private void concludeDetection(long nowMillis) {
        List<Duplicate> heard = units.stream()
                .flatMap(unit -> unit.worker().duplicates().stream())
                .toList();
        NetworkConfiguration before = current.network();
        NetworkConfiguration after = duplicates.conclude(before, heard, nowMillis);
        if (after != before) {
            publish(current.with(after, current.services()));
        }
    }

    private void endAddresses(long nowMillis) {
        List<InterfaceAddress> over;
        synchronized (lifetimes) {
            over = lifetimes.over(nowMillis);
        }
        NetworkEditor editor = current.network().edit();
        try {
            for (InterfaceAddress address : over) {
                LOG.info(
                        "{}: the address {} has reached the end of its valid_lft",
                        address.device().name(),
                        address.address());
                editor.deleteAddress(address.address(), address.prefixLength(), address.device());
            }
        } catch (NetworkException e) {
            throw new IllegalStateException("an address that is there could not be deleted", e);
        }
        if (!over.isEmpty()) {
            publish(current.with(editor.build(), current.services()));
        }
    }

    /** A clock's instance belongs to one thread, and here come many. */
    private static long nowMillis() {
        return new BootClock().millis();
    }

    public Snapshot current() {
        return current;
    }

    @Override
    public Views.Status status() {
        long connections = 0;
        long capacity = 0;
        for (WorkerUnit unit : units) {
            connections += unit.balancer().connections().size();
            capacity += unit.balancer().connections().capacity();
        }
        return new Views.Status(
                identity.version(),
                identity.instance(),
                ProcessHandle.current().pid(),
                Duration.between(identity.started(), Instant.now()).toSeconds(),
                identity.configuration().toString(),
                identity.socket().toString(),
                workerViews.workers(),
                connections,
                capacity,
                workerViews.pressure(),
                identity.memoryBytes(),
                identity.notices(),
                devices.kernel().views());
    }

    @Override
    public List<Views.Link> links() {
        return devices.views();
    }

    @Override
    public List<Views.Address> addresses(boolean perWorker) {
        Snapshot now = current;
        long millis = nowMillis();
        NetworkViews views = new NetworkViews(
                now.network(),
                (address, worker) -> pools.pool(localId(now, address), address.pool(), worker),
                address -> {
                    synchronized (lifetimes) {
                        return lifetimes.remaining(address, millis);
                    }
                });
        return perWorker ? views.addressesPerWorker(units.size()) : views.addresses();
    }

    /** Of the local address that this address is, or -1. */
    private static int localId(Snapshot now, InterfaceAddress address) {
        LocalAddress local = now.services().localAddress(address.address());
        return local == null ? -1 : local.id();
    }

    @Override
    public List<Views.Route> routes(boolean ipv6) {
        return NetworkViews.routes(current.network(), ipv6);
    }

    @Override
    public List<Views.Neighbour> neighbours() {
        return NeighbourViews.neighbours(current.network(), units);
    }

    @Override
    public List<Views.Service> services() {
        Snapshot now = current;
        ServiceViews views = serviceViews(now);
        return now.services().services().stream().map(views::service).toList();
    }

    @Override
    public Views.@Nullable Service service(ServiceKey key) {
        Snapshot now = current;
        try {
            Service service = now.services().service(ServiceRecords.endpoint(key));
            return service == null ? null : serviceViews(now).service(service);
        } catch (ServiceException e) {
            // What cannot be added is not there.
            return null;
        }
    }

    private ServiceViews serviceViews(Snapshot now) {
        return new ServiceViews(statistics, now.network(), pools::connections);
    }

    @Override
    public void connections(Predicate<Views.Connection> visitor) {
        Snapshot now = current;
        ConnectionViews views = new ConnectionViews(now.services(), now.timeouts());
        for (WorkerUnit unit : units) {
            if (!unit.balancer().connections().forEach(c -> visitor.test(views.connection(c)))) {
                return;
            }
        }
    }

    @Override
    public List<Views.PortUse> ports(int limit) {
        return PortUseViews.fullest(units, current, limit);
    }

    @Override
    public List<Views.Drop> drops() {
        return DropViews.drops(units);
    }

    @Override
    public List<Views.Ipv6Counter> ipv6Counters() {
        return Ipv6Views.counters(units);
    }

    @Override
    public Traces.Trace trace(Traces.Question question) throws ControlException {
        return new Answers(current, units, devices, watches).trace(question);
    }

    @Override
    public void explain(InputStream capture, Predicate<Traces.Explained> visitor) throws ControlException {
        new Explainer(() -> Tables.of(current, units, devices::isUp)).explain(capture, visitor);
    }

    @Override
    public void watch(WatchRequest request, Predicate<PacketEvent> visitor) throws ControlException {
        watches.watch(request, current.network(), visitor);
    }

    @Override
    public void events(Predicate<Event> visitor) throws ControlException {
        listeners.tell(visitor);
    }

    @Override
    public void report(KeepalivedReport report) {
        lastReports.set(report, System.currentTimeMillis(), nowMillis());
    }

    @Override
    public List<Views.Keepalived> keepalived() {
        return lastReports.views(nowMillis());
    }
}
