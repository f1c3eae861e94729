package jdpvs.config.dpvs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.Severity;
import jdpvs.config.SourceReader;
import jdpvs.config.Statement;

/** A whole dpvs.conf: immutable and typed. Keys that have no meaning here are checked and named, but not kept. */
public final class DpvsConfiguration {
    private final Path file;
    private final Values root;
    private final List<DeviceSettings> devices;
    private final List<BondingSettings> bondings;
    private final List<WorkerSettings> workers;

    private DpvsConfiguration(Path file, Values root) {
        this.file = file;
        this.root = root;
        Values netif = root.one("netif_defs");
        this.devices =
                netif.all("device").stream().map(DpvsConfiguration::device).toList();
        this.bondings =
                netif.all("bonding").stream().map(DpvsConfiguration::bonding).toList();
        this.workers = root.one("worker_defs").all("worker").stream()
                .map(DpvsConfiguration::worker)
                .toList();
    }

    /** Reads a file and what it includes. Never throws: a file that cannot be read is an error among the messages. */
    public static LoadResult load(Path file) {
        Messages messages = new Messages(DpvsReader.MODULE, Severity.WARNING);
        Location whole = new Location(file.toString(), 0);
        List<Statement> statements;
        try {
            statements = new DpvsReader(messages).read(file);
        } catch (IOException e) {
            messages.error(
                    whole,
                    "Fail to open configuration file '" + file + "': " + SourceReader.reason(e)
                            + "; name one with -c FILE.");
            Values nothing = new Values(KeyTable.ROOT, "", whole);
            return new LoadResult(new DpvsConfiguration(file, nothing), messages.list());
        }
        return evaluate(file, statements, messages);
    }

    /**
     * Reads a text as if it were this file's.
     *
     * @param file names the place in messages; relative includes start beside it
     */
    public static LoadResult parse(String text, Path file) {
        Messages messages = new Messages(DpvsReader.MODULE, Severity.WARNING);
        return evaluate(file, new DpvsReader(messages).parse(text, file), messages);
    }

    private static LoadResult evaluate(Path file, List<Statement> statements, Messages messages) {
        Values root = new Evaluator(messages).evaluate(statements, new Location(file.toString(), 0));
        DpvsConfiguration configuration = new DpvsConfiguration(file, root);
        new TopologyRules(configuration, root.one("worker_defs").at, messages).check();
        return new LoadResult(configuration, messages.list());
    }

    /** This configuration with what may change while running taken from the next (facts: config §1 Reload). */
    public Reload reloadedWith(DpvsConfiguration next) {
        List<String> changed = new ArrayList<>();
        List<String> needRestart = new ArrayList<>();
        Values merged = root.reloaded(next.root, "", changed, needRestart);
        return new Reload(new DpvsConfiguration(file, merged), changed, needRestart);
    }

    public Path file() {
        return file;
    }

    public GlobalSettings global() {
        Values values = root.one("global_defs");
        return new GlobalSettings(
                Objects.requireNonNull(values.text("log_level")),
                values.text("log_file"),
                values.flag("log_with_timestamp"),
                values.text("session_log"),
                values.flag("kni"));
    }

    /** {@code pktpool_size}: has no effect, but listings show it. */
    public int packetPoolSize() {
        return root.one("netif_defs").number("pktpool_size");
    }

    /** In the order of the file, which numbers them. */
    public List<DeviceSettings> devices() {
        return devices;
    }

    public List<BondingSettings> bondings() {
        return bondings;
    }

    /** In the order of the file. */
    public List<WorkerSettings> workers() {
        return workers;
    }

    /** The control plane; without errors there is exactly one. */
    public Optional<WorkerSettings> master() {
        return workers.stream()
                .filter(worker -> worker.role() == WorkerSettings.Role.MASTER)
                .findFirst();
    }

    /** The forwarding workers, sorted by CPU: their order here is their number. */
    public List<WorkerSettings> slaves() {
        return workers.stream()
                .filter(worker -> worker.role() == WorkerSettings.Role.SLAVE)
                .sorted(Comparator.comparingInt(WorkerSettings::cpu))
                .toList();
    }

    /** The worker whose CPU serves kernel interfaces; without errors there is at most one. */
    public Optional<WorkerSettings> kernelWorker() {
        return workers.stream()
                .filter(worker -> worker.role() == WorkerSettings.Role.KNI)
                .findFirst();
    }

    public NeighbourSettings neighbours() {
        Values values = root.one("neigh_defs");
        return new NeighbourSettings(values.number("unres_queue_length"), values.number("timeout"));
    }

    public Ipv4Settings ipv4() {
        Values values = root.one("ipv4_defs");
        return new Ipv4Settings(values.flag("forwarding"), values.number("default_ttl"));
    }

    public Ipv6Settings ipv6() {
        Values values = root.one("ipv6_defs");
        return new Ipv6Settings(
                values.flag("disable"),
                values.flag("forwarding"),
                Objects.requireNonNull(values.text("addr_gen_mode")),
                values.text("stable_secret"));
    }

    /** {@code pool_hash_size}: how many servers are told apart when ports of a local address are counted as free. */
    public int poolHashSize() {
        return root.one("sa_pool").number("pool_hash_size");
    }

    public ConnectionSettings connections() {
        Values values = root.one("ipvs_defs").one("conn");
        return new ConnectionSettings(values.number("conn_pool_size"), values.number("conn_init_timeout"));
    }

    public TcpTimeouts tcpTimeouts() {
        Values values = root.one("ipvs_defs").one("tcp").one("timeout");
        return new TcpTimeouts(
                values.number("none"),
                values.number("established"),
                values.number("syn_sent"),
                values.number("syn_recv"),
                values.number("fin_wait"),
                values.number("time_wait"),
                values.number("close"),
                values.number("close_wait"),
                values.number("last_ack"),
                values.number("listen"),
                values.number("synack"),
                values.number("last"));
    }

    public UdpTimeouts udpTimeouts() {
        Values values = root.one("ipvs_defs").one("udp").one("timeout");
        return new UdpTimeouts(values.number("oneway"), values.number("normal"), values.number("last"));
    }

    private static DeviceSettings device(Values values) {
        return new DeviceSettings(
                values.name,
                values.text("port"),
                values.number("mtu"),
                values.isSet("mtu"),
                values.flag("promisc_mode"),
                values.flag("allmulticast"),
                values.text("kni_name"),
                queues(values.one("rx")),
                queues(values.one("tx")),
                values.at);
    }

    private static QueueSettings queues(Values values) {
        return new QueueSettings(values.number("queue_number", -1), values.number("descriptor_number"));
    }

    private static BondingSettings bonding(Values values) {
        List<String> slaves = values.settings("slave").stream()
                .map(slave -> (String) slave.value())
                .toList();
        String primary = values.text("primary");
        return new BondingSettings(
                values.name,
                values.number("mode"),
                slaves,
                primary != null ? primary : slaves.isEmpty() ? "" : slaves.getFirst(),
                values.text("kni_name"),
                values.at);
    }

    private static WorkerSettings worker(Values values) {
        return new WorkerSettings(
                values.name,
                WorkerSettings.Role.valueOf(
                        Objects.requireNonNull(values.text("type")).toUpperCase(Locale.ROOT)),
                values.number("cpu_id", -1),
                values.all("port").stream()
                        .map(port -> new WorkerSettings.PortSettings(
                                port.name,
                                port.list("rx_queue_ids", Integer.class),
                                port.list("tx_queue_ids", Integer.class),
                                port.at))
                        .toList(),
                values.at);
    }
}
