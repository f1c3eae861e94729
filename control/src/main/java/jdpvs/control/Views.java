package jdpvs.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the daemon answers; every list is in the order in which DPVS's tools print it unless said otherwise. */
public final class Views {
    private Views() {}

    /**
     * @param id DPVS's number, from 1
     * @param macAddress upper-case hex octets with colons
     * @param flags the words after duplex and negotiation: promisc, allmulticast, foward2kni, tc-egress, tc-ingress, lldp
     * @param offloads words such as OF_RX_IP_CSUM
     * @param kind port driver and arguments
     * @param queues per queue the worker that serves it, for example {@code rx0-tx0 → cpu1-cpu1}
     * @param bond null = it is none
     * @param vlan null = it is no VLAN device
     */
    public record Link(
            int id,
            String name,
            int socket,
            int mtu,
            int receiveQueues,
            int transmitQueues,
            boolean up,
            int speedMegabits,
            boolean fullDuplex,
            boolean autoNegotiated,
            String macAddress,
            List<String> flags,
            List<String> offloads,
            String kind,
            int interfaceIndex,
            List<QueueBinding> queues,
            LinkCounters counters,
            @Nullable Bond bond,
            @Nullable Vlan vlan) {}

    /**
     * What is particular to a VLAN device.
     *
     * @param link the device that carries its frames
     * @param protocol of the tag, 802.1q
     * @param id 1 to 4095
     */
    public record Vlan(String link, String protocol, int id) {}

    /**
     * What is particular to a bond.
     *
     * @param mode 0, 1, 2 or 4
     * @param transmitPolicy LAYER2, LAYER23 or LAYER34
     * @param monitorMillis how often carriers are looked at
     * @param downDelayMillis how long a carrier must be lost before it counts
     * @param upDelayMillis how long a carrier must be back before it counts
     * @param moves how often frames began to go another way
     */
    public record Bond(
            int mode,
            String transmitPolicy,
            int monitorMillis,
            int downDelayMillis,
            int upDelayMillis,
            int moves,
            List<Slave> slaves) {
        public Bond {
            slaves = List.copyOf(slaves);
        }
    }

    /**
     * @param macAddress its own, upper-case hex octets with colons
     * @param up its carrier, as the bond believes
     * @param active it sends
     * @param receives what comes in by it is taken
     * @param losses how often its carrier was lost
     * @param negotiation what LACP has come to, one sentence; empty in other modes
     */
    public record Slave(
            String name,
            String macAddress,
            boolean up,
            boolean active,
            boolean receives,
            boolean primary,
            int losses,
            String negotiation) {}

    public record QueueBinding(String queue, String worker) {}

    public record LinkCounters(
            long receivedPackets,
            long sentPackets,
            long receivedBytes,
            long sentBytes,
            long receiveErrors,
            long sendErrors,
            long missed,
            long noBuffer,
            long buffersAvailable,
            long buffersInUse) {}

    /**
     * @param worker 0 = master
     * @param broadcast null = none
     * @param pool null when the address has no pool
     * @param automatic made by dpvs itself: a link-local address
     * @param state assigned, tentative (another host may have it: RFC 4862 §5.4) or duplicate (one has it)
     */
    public record Address(
            int worker,
            IpAddress address,
            int prefixLength,
            String scope,
            String device,
            @Nullable IpAddress broadcast,
            long validSeconds,
            long preferredSeconds,
            @Nullable Pool pool,
            boolean automatic,
            String state) {}

    /** Source ports of an address: connections using it, free, and how often none was free. */
    public record Pool(long used, long free, long missed) {}

    /**
     * @param scope host, kni_host, link or global
     * @param automatic of an address that dpvs made itself
     */
    public record Route(
            IpAddress prefix,
            int prefixLength,
            @Nullable IpAddress gateway,
            @Nullable IpAddress source,
            String device,
            int mtu,
            int metric,
            String scope,
            boolean automatic) {}

    /**
     * @param macAddress lower-case hex octets with colons, or null while unresolved
     * @param state NONE, SEND, REACHABLE, PROBE or DELAY
     * @param core worker number, 0 = master
     */
    public record Neighbour(
            IpAddress address, @Nullable String macAddress, String state, String device, int core, boolean isStatic) {}

    /** Counts since the start or the last zeroing. */
    public record Counters(long connections, long inPackets, long outPackets, long inBytes, long outBytes) {}

    /** Per second, over the last seconds. */
    public record Rates(long connections, long inPackets, long outPackets, long inBytes, long outBytes) {}

    public record Server(
            Endpoint endpoint,
            ServerOptions options,
            long active,
            long inactive,
            long persistent,
            boolean inhibited,
            boolean overloaded,
            Counters counters,
            Rates rates) {}

    /** @param servers in table order; the tools sort */
    public record Service(
            ServiceKey key,
            ServiceOptions options,
            List<Server> servers,
            List<LocalAddress> localAddresses,
            Counters counters,
            Rates rates) {}

    public record LocalAddress(IpAddress address, String device, long conflicts, long connections) {}

    /**
     * @param core worker number from 1
     * @param protocol lower-case
     * @param timeoutSeconds the state's configured value
     * @param state as facts cli §4.6 (f) names it
     */
    public record Connection(
            int core,
            String protocol,
            int timeoutSeconds,
            String state,
            Endpoint client,
            Endpoint virtual,
            Endpoint local,
            Endpoint server) {}

    /**
     * Ports of one local address towards one server, over all workers.
     *
     * @param protocol lower-case
     * @param missed how often a search found no free port, since the pair is remembered
     * @param draining the address was removed and stays for its connections only
     */
    public record PortUse(
            IpAddress local, String protocol, Endpoint server, long used, long free, long missed, boolean draining) {}

    /** @param perWorker in worker order */
    public record Drop(String reason, String sentence, long total, List<Long> perWorker) {}

    /**
     * A counter of IPv6 datagrams.
     *
     * @param name as {@code dpip ipv6 show} prints it, for example InReceives
     * @param perWorker in worker order
     */
    public record Ipv6Counter(String name, String sentence, long total, List<Long> perWorker) {}

    public record Worker(
            String name,
            int cpu,
            boolean pinned,
            long cycles,
            long busyCycles,
            long packets,
            double busyFraction,
            long connections) {}

    /**
     * How much of their shares things hold that nobody has proven to be real, over all workers.
     *
     * @param halfOpen connections
     * @param halfOpenLimit the most of them
     * @param halfOpenEvicted closed to make room for new ones
     * @param neighboursEvicted unresolved neighbours that made room for others
     * @param synFlood whether a worker drops first SYNs now and takes repeated ones only
     */
    public record Pressure(
            long halfOpen, long halfOpenLimit, long halfOpenEvicted, long neighboursEvicted, boolean synFlood) {}

    public record Status(
            String version,
            String instance,
            long pid,
            long uptimeSeconds,
            String configurationFile,
            String socket,
            List<Worker> workers,
            long connections,
            long connectionCapacity,
            Pressure pressure,
            long memoryBytes,
            List<String> notices,
            List<KernelInterface> kernelInterfaces) {
        /** Without kernel interfaces. */
        public Status(
                String version,
                String instance,
                long pid,
                long uptimeSeconds,
                String configurationFile,
                String socket,
                List<Worker> workers,
                long connections,
                long connectionCapacity,
                Pressure pressure,
                long memoryBytes,
                List<String> notices) {
            this(
                    version,
                    instance,
                    pid,
                    uptimeSeconds,
                    configurationFile,
                    socket,
                    workers,
                    connections,
                    connectionCapacity,
                    pressure,
                    memoryBytes,
                    notices,
                    List.of());
        }
    }

    /**
     * What a keepalived reported last.
     *
     * @param receivedMillis when, milliseconds since 1970
     * @param ageMillis how long ago that was when this was asked for, whatever the system's clock did
     */
    public record Keepalived(KeepalivedReport report, long receivedMillis, long ageMillis) {}

    /**
     * The kernel's interface beside a device (KNI); frames since the start.
     *
     * @param present whether it is still there
     * @param copying whether it gets a copy of all that the device receives and sends ({@code forward2kni})
     * @param toKernel the kernel took
     * @param fromKernel the kernel sent
     * @param droppedDown lost because the interface was down
     * @param droppedLimit lost because a worker had given it as much as it may in a second
     * @param droppedRefused lost because the kernel refused them
     * @param droppedMissed lost because their share of the device's control queue was used up
     */
    public record KernelInterface(
            String name,
            String device,
            boolean present,
            boolean copying,
            long toKernel,
            long fromKernel,
            long droppedDown,
            long droppedLimit,
            long droppedRefused,
            long droppedMissed) {}
}
