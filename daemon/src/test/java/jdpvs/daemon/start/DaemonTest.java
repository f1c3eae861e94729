package jdpvs.daemon.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdpvs.config.dpvs.DpvsConfiguration;
import jdpvs.control.Change;
import jdpvs.control.ControlClient;
import jdpvs.control.IpAddress;
import jdpvs.control.UnreachableException;
import jdpvs.control.Views;
import jdpvs.port.Port;
import jdpvs.process.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole daemon in this process, on ports that lead nowhere. */
class DaemonTest {
    private static final String CONFIGURATION = """
            netif_defs {
                device dpdk0 {
                    port memory
                }
            }
            worker_defs {
                worker cpu0 {
                    type master
                    cpu_id 0
                }
                worker cpu1 {
                    type slave
                    cpu_id 1000
                    port dpdk0 {
                        rx_queue_ids 0
                        tx_queue_ids 0
                    }
                }
            }
            ipvs_defs {
                conn {
                    conn_pool_size 65536
                }
            }
            """;

    @TempDir
    private Path directory;

    private Options options(String name, String... more) throws StartException {
        String[] words = {
            "-c", directory + "/dpvs.conf", "-p", directory + "/" + name + ".pid", "-x", directory + "/" + name + ".ipc"
        };
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Options.parse(all);
    }

    private DaemonPlan plan(Options options) throws StartException {
        return PlanReader.plan(
                DpvsConfiguration.parse(CONFIGURATION, options.configuration()).configuration(), options);
    }

    private Daemon start(String name) throws StartException {
        Options options = options(name);
        return Daemon.start(plan(options), options, new Ports());
    }

    private ControlClient client(String name) {
        return new ControlClient(directory.resolve(name + ".ipc"), Duration.ofSeconds(10));
    }

    private List<String> files() throws Exception {
        try (var entries = Files.list(directory)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void answersFromTheStartToTheEndAndLeavesNothing() throws Exception {
        try (Daemon daemon = start("one")) {
            Views.Status status = client("one").status();
            assertThat(status.connectionCapacity()).isEqualTo(65535);
            assertThat(status.workers()).extracting(Views.Worker::name).containsExactly("cpu1");
            assertThat(files()).containsExactly("one.ipc", "one.pid");
            client("one")
                    .apply(List.of(new Change.AddressAdd(
                            IpAddress.parse("10.0.0.1"), 32, "dpdk0", null, "global", -1, -1, false)));
            daemon.reload(plan(options("one")).reloadable());
            assertThat(client("one").addresses(false))
                    .filteredOn(address -> !address.automatic())
                    .hasSize(1);
        }
        assertThat(files()).isEmpty();
        assertThatThrownBy(() -> client("one").status()).isInstanceOf(UnreachableException.class);
    }

    private static final String BONDED = CONFIGURATION
            .replace(
                    "device dpdk0 {",
                    "device dpdk1 {\n port memory\n }\n bonding bond0 {\n mode 1\n slave dpdk0\n"
                            + " slave dpdk1\n }\n device dpdk0 {")
            .replace("port dpdk0 {", "port bond0 {");

    @Test
    void aBondIsADeviceAndItsSlavesAreListed() throws Exception {
        Options options = options("one");
        DaemonPlan plan = PlanReader.plan(
                DpvsConfiguration.parse(BONDED, options.configuration()).configuration(), options);
        try (Daemon daemon = Daemon.start(plan, options, new Ports())) {
            assertThat(daemon).isNotNull();
            ControlClient client = client("one");
            List<Views.Link> links = client.links();
            assertThat(links)
                    .extracting(Views.Link::id, Views.Link::name, Views.Link::kind, Views.Link::up)
                    .containsExactly(
                            tuple(1, "dpdk1", "memory", true),
                            tuple(2, "dpdk0", "memory", true),
                            tuple(3, "bond0", "bond:dpdk0,dpdk1", true));
            assertThat(links.get(2).macAddress()).isEqualTo(links.get(1).macAddress());
            assertThat(client.addresses(false))
                    .extracting(Views.Address::device)
                    .containsOnly("bond0");
            client.apply(List.of(new Change.LinkSet("bond0", "bond-primary", "dpdk1")));
            for (Change change : List.of(
                    new Change.AddressAdd(IpAddress.parse("10.0.0.1"), 32, "dpdk0", null, "global", -1, -1, false),
                    new Change.RouteAdd(IpAddress.parse("10.0.0.0"), 8, null, "dpdk0", null, 0, 0, null))) {
                assertThatThrownBy(() -> client.apply(List.of(change)))
                        .hasMessage("device dpdk0 is a slave of bond0: addresses, routes and neighbours are the bond's,"
                                + " say dev bond0");
            }
            client.apply(List.of(
                    new Change.AddressAdd(IpAddress.parse("10.0.0.1"), 32, "bond0", null, "global", -1, -1, false)));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aKernelInterfaceNeedsAPortThatCanTellTheKernelsFrames() throws Exception {
        Options options = options("one");
        DaemonPlan plan = PlanReader.plan(
                DpvsConfiguration.parse(
                                CONFIGURATION.replace("port memory", "port memory\n        kni_name dpdk0.kni"),
                                options.configuration())
                        .configuration(),
                options);
        assertThatThrownBy(() -> Daemon.start(plan, options, new Ports()))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("dpdk0.kni", "memory", "kni_name");
        assertThat(files()).isEmpty();
    }

    @Test
    void instancesLiveSideBySide() throws Exception {
        try (Daemon one = start("one");
                Daemon two = start("two")) {
            assertThat(one).isNotSameAs(two);
            assertThat(client("one").status().instance())
                    .isNotEqualTo(client("two").status().instance());
        }
    }

    @Test
    void aSecondInstanceOnTheSameSocketIsRefusedAndTheFirstLives() throws Exception {
        try (Daemon one = start("one")) {
            assertThat(one).isNotNull();
            String instance = client("one").status().instance();
            Options second = Options.parse("-p", directory + "/two.pid", "-x", directory + "/one.ipc");
            assertThatThrownBy(() -> Daemon.start(plan(second), second, new Ports()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("already running");
            assertThat(client("one").status().instance()).isEqualTo(instance);
            assertThat(files()).containsExactly("one.ipc", "one.pid");
        }
    }

    @Test
    void tooLittleMemoryNamesTheKeyToLower() throws Exception {
        Options options = options("one");
        PortOpener hungry = new PortOpener() {
            @Override
            public Port open(DaemonPlan.DevicePlan device) {
                throw new IllegalStateException("nothing is opened");
            }

            @Override
            public long memoryBytes(DaemonPlan.DevicePlan device) {
                return 1L << 50;
            }
        };
        assertThatThrownBy(() -> Daemon.start(plan(options), options, hungry))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("not enough memory")
                .hasMessageContaining("descriptor_number");
        assertThat(files()).isEmpty();
    }

    @Test
    void aPortThatCannotBeOpenedLeavesNothing() throws Exception {
        Options options = options("one", "--", "--port", "dpdk0=packet:nosuchif0");
        assertThatThrownBy(() -> Daemon.start(plan(options), options, new Ports()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("nosuchif0");
        assertThat(files()).isEmpty();
    }
}
