package jdpvs.daemon.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jdpvs.config.dpvs.DpvsConfiguration;
import jdpvs.config.dpvs.LoadResult;
import jdpvs.control.Views;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.port.bond.BondMode;
import jdpvs.port.bond.BondOptions;
import jdpvs.process.StartException;
import jdpvs.process.log.LogLevel;
import org.junit.jupiter.api.Test;

class PlanReaderTest {
    private static String worker(String name, int cpu, String... ports) {
        StringBuilder text = new StringBuilder("worker " + name + " {\n type slave\n cpu_id " + cpu + "\n");
        for (String port : ports) {
            String[] words = port.split(" ");
            text.append(
                    "port " + words[0] + " {\n rx_queue_ids " + words[1] + "\n tx_queue_ids " + words[1] + "\n }\n");
        }
        return text + "}\n";
    }

    private static String text(String devices, String workers, String more) {
        return "netif_defs {\n" + devices + "}\nworker_defs {\nworker cpu0 {\n type master\n cpu_id 0\n}\n" + workers
                + "}\n" + more;
    }

    private static DaemonPlan plan(String text, String... words) throws StartException {
        LoadResult loaded = DpvsConfiguration.parse(text, Path.of("/etc/dpvs.conf"));
        assertThat(loaded.hasErrors()).as("%s", loaded.messages()).isFalse();
        return PlanReader.plan(loaded.configuration(), Options.parse(words));
    }

    private static final String TWO_DEVICES =
            "device dpdk0 {\n}\ndevice dpdk2 {\n mtu 1400\n promisc_mode\n port packet:eth7,exclusive\n}\n";

    @Test
    void devicesAndWhereTheyLead() throws StartException {
        DaemonPlan plan = plan(text(TWO_DEVICES, worker("cpu1", 1, "dpdk0 0", "dpdk2 0"), ""));
        assertThat(plan.devices())
                .containsExactly(
                        new DaemonPlan.DevicePlan("dpdk0", "packet:dpdk0", 0, false, false, 1, 256, null, false),
                        new DaemonPlan.DevicePlan(
                                "dpdk2", "packet:eth7,exclusive", 1400, true, false, 1, 256, null, false));
        assertThat(plan.workers())
                .containsExactly(
                        new WorkerPlan("cpu1", 1, List.of(new WorkerPlan.Binding(0, 0), new WorkerPlan.Binding(1, 0))));
        assertThat(plan.connections()).isEqualTo(2097151);
        assertThat(plan.notices()).isEmpty();
    }

    @Test
    void theCommandLineOverrides() throws StartException {
        DaemonPlan plan =
                plan(text(TWO_DEVICES, worker("cpu1", 1, "dpdk0 0", "dpdk2 0"), ""), "--", "--port", "dpdk2=memory");
        assertThat(plan.devices())
                .extracting(DaemonPlan.DevicePlan::specification)
                .containsExactly("packet:dpdk0", "memory");
        assertThatThrownBy(() -> plan(
                        text(TWO_DEVICES, worker("cpu1", 1, "dpdk0 0", "dpdk2 0"), ""), "--", "--port", "dpdk9=memory"))
                .hasMessageContaining("dpdk9");
    }

    @Test
    void queuesAreNumberedLikeWorkersWhateverTheFileSays() throws StartException {
        DaemonPlan plan = plan(text(
                TWO_DEVICES, worker("cpu9", 9, "dpdk0 0", "dpdk2 1") + worker("cpu3", 3, "dpdk0 1", "dpdk2 0"), ""));
        assertThat(plan.workers()).extracting(WorkerPlan::name).containsExactly("cpu3", "cpu9");
        assertThat(plan.workers().get(0).bindings()).allMatch(binding -> binding.queue() == 0);
        assertThat(plan.workers().get(1).bindings()).allMatch(binding -> binding.queue() == 1);
        assertThat(plan.devices()).allMatch(device -> device.queues() == 2);
    }

    @Test
    void whatAWorkerDoesNotServeIsSaid() throws StartException {
        DaemonPlan plan =
                plan(text(TWO_DEVICES, worker("cpu1", 1, "dpdk0 0", "dpdk2 0") + worker("cpu2", 2, "dpdk0 1"), ""));
        assertThat(plan.notices())
                .containsExactly("worker cpu2 does not serve dpdk2: what it would send there is dropped");
        assertThat(plan.devices().get(1).queues()).isOne();
    }

    @Test
    void aDeviceThatNobodyServesIsNotOpened() throws StartException {
        DaemonPlan plan = plan(text(TWO_DEVICES, worker("cpu1", 1, "dpdk2 0"), ""));
        assertThat(plan.devices()).extracting(DaemonPlan.DevicePlan::name).containsExactly("dpdk2");
    }

    @Test
    void settingsThatAReloadChanges() throws StartException {
        DaemonPlan.Reloadable reloadable =
                plan(text(TWO_DEVICES, worker("cpu1", 1, "dpdk0 0"), """
                        global_defs {
                            log_level WARNING
                            log_file /var/log/dpvs.log
                        }
                        ipv4_defs {
                            forwarding on
                        }
                        neigh_defs {
                            timeout 30
                        }
                        ipvs_defs {
                            udp {
                                timeout {
                                    normal 31535999
                                }
                            }
                            tcp {
                                timeout {
                                    established 300
                                }
                            }
                        }
                        """)).reloadable();
        assertThat(reloadable.logLevel()).isEqualTo(LogLevel.WARNING);
        assertThat(reloadable.logFile()).isEqualTo(Path.of("/var/log/dpvs.log"));
        assertThat(reloadable.stack().ipv4Forwarding()).isTrue();
        assertThat(reloadable.stack().neighbourTimeoutSeconds()).isEqualTo(30);
        assertThat(reloadable.timeouts().established()).isEqualTo(300);
        assertThat(reloadable.timeouts().udpNormal()).isEqualTo(2_000_000);
    }

    /** The how-to's file, completed: four slaves, two bonds, fifteen workers and one for the kernel. */
    @Test
    void theHowTosBonds() throws StartException {
        DaemonPlan plan = PlanReader.plan(
                DpvsConfiguration.load(Path.of("..", "conf", "dpvs.conf.bond.sample"))
                        .configuration(),
                Options.parse());
        assertThat(plan.devices())
                .containsExactly(
                        new DaemonPlan.DevicePlan(
                                "dpdk0", "packet:dpdk0,exclusive", 0, false, false, 15, 1024, null, true),
                        new DaemonPlan.DevicePlan(
                                "dpdk1", "packet:dpdk1,exclusive", 0, false, false, 15, 1024, null, true),
                        new DaemonPlan.DevicePlan(
                                "dpdk2", "packet:dpdk2,exclusive", 0, false, false, 15, 1024, null, true),
                        new DaemonPlan.DevicePlan(
                                "dpdk3", "packet:dpdk3,exclusive", 0, false, false, 15, 1024, null, true));
        assertThat(plan.bonds())
                .containsExactly(
                        new DaemonPlan.BondPlan(
                                "bond1", BondOptions.of(BondMode.LACP, 0), List.of(0, 1), 0, "bond1.kni"),
                        new DaemonPlan.BondPlan(
                                "bond2", BondOptions.of(BondMode.LACP, 0), List.of(2, 3), 0, "bond2.kni"));
        assertThat(plan.workers()).hasSize(15);
        assertThat(plan.workers().getLast())
                .isEqualTo(new WorkerPlan(
                        "cpu15", 15, List.of(new WorkerPlan.Binding(4, 14), new WorkerPlan.Binding(5, 14))));
        DaemonPlan.KernelQueues one = new DaemonPlan.KernelQueues(0, 1);
        assertThat(plan.kernelWorker()).isEqualTo(new DaemonPlan.KernelWorker("cpu16", 16, Map.of(4, one, 5, one)));
        assertThat(plan.notices()).isEmpty();

        QueueBindings bond = QueueBindings.of(plan, 4);
        assertThat(bond.receiveQueues()).isEqualTo(15);
        assertThat(bond.transmitQueues()).isEqualTo(16);
        assertThat(bond.rows())
                .hasSize(16)
                .startsWith(new Views.QueueBinding("rx0-tx0", "cpu1-cpu1"))
                .endsWith(new Views.QueueBinding("xx-tx15", "xx-cpu16"));
        assertThat(QueueBindings.of(plan, 0)).isEqualTo(new QueueBindings(15, 16, List.of()));
    }

    private static String bond(String lines) {
        return "bonding bond0 {\n" + lines + "\n}\n";
    }

    private static DaemonPlan bonded(String slave, String bond, String more, String... words) throws StartException {
        String devices =
                "device dpdk0 {\n" + slave + "\n}\ndevice dpdk1 {\n mtu 1400\n}\ndevice dpdk2 {\n kni_name x\n}\n";
        return plan(
                text(
                        devices + bond("slave dpdk1\nslave dpdk0\n" + bond),
                        worker("cpu1", 1, "bond0 0", "dpdk2 0"),
                        more),
                words);
    }

    @Test
    void aBondTakesItsPrimarysQueuesAndTheSmallestMtu() throws StartException {
        DaemonPlan plan = bonded("mtu 9000\nallmulticast\nrx {\ndescriptor_number 512\n}", "mode 1\nprimary dpdk0", "");
        assertThat(plan.bonds())
                .containsExactly(new DaemonPlan.BondPlan(
                        "bond0", BondOptions.of(BondMode.ACTIVE_BACKUP, 1), List.of(1, 0), 1400, null));
        assertThat(plan.mtu(3)).isEqualTo(1400);
        assertThat(plan.devices())
                .extracting(
                        DaemonPlan.DevicePlan::receiveDescriptors,
                        DaemonPlan.DevicePlan::allMulticast,
                        DaemonPlan.DevicePlan::control)
                .containsExactly(tuple(512, true, false), tuple(512, false, false), tuple(256, false, true));
        assertThat(plan.bondOf(0)).isEqualTo(3);
        assertThat(plan.bondOf(1)).isEqualTo(3);
        assertThat(plan.bondOf(2)).isNegative();
    }

    @Test
    void whoNeedsAQueueForLacpOrTheKernel() throws StartException {
        assertThat(bonded("", "mode 4", "").devices())
                .extracting(DaemonPlan.DevicePlan::control)
                .containsExactly(true, true, true);
        assertThat(bonded("", "kni_name bond0.kni", "").devices())
                .extracting(DaemonPlan.DevicePlan::control)
                .containsExactly(true, true, true);
        DaemonPlan off = bonded("", "kni_name bond0.kni", "global_defs {\nkni off\n}\n");
        assertThat(off.devices()).extracting(DaemonPlan.DevicePlan::control).containsExactly(false, false, false);
        assertThat(off.bonds().getFirst().kernelInterface()).isNull();
        // A slave's own kni_name is ignored: its bond has none.
        assertThat(bonded("kni_name y", "", "").devices().getFirst().control()).isFalse();
    }

    @Test
    void aSlaveIsDpvssAlone() throws StartException {
        assertThat(bonded("", "", "", "--", "--port", "dpdk0=packet:eth0", "--port", "dpdk1=memory")
                        .devices())
                .extracting(DaemonPlan.DevicePlan::specification)
                .containsExactly("packet:eth0,exclusive", "memory", "packet:dpdk2");
        assertThat(bonded("port packet:eth5,exclusive", "", "").devices())
                .extracting(DaemonPlan.DevicePlan::specification)
                .containsExactly("packet:eth5,exclusive", "packet:dpdk1,exclusive", "packet:dpdk2");
        assertThatThrownBy(() -> bonded("port packet:eth5,share", "", ""))
                .isInstanceOf(StartException.class)
                .hasMessage("/etc/dpvs.conf:2: device dpdk0: 'packet:eth5,share' shares the interface with the kernel,"
                        + " and as a slave of bond0 it is dpvs's alone; write packet:eth5,exclusive");
        assertThatThrownBy(() -> bonded("", "", "", "--", "--port", "dpdk1=packet:eth6,share"))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("--port dpdk1: 'packet:eth6,share' shares")
                .hasMessageEndingWith("write packet:eth6,exclusive");
        assertThatThrownBy(() -> bonded("", "", "", "--", "--port", "bond0=packet:eth6"))
                .isInstanceOf(StartException.class)
                .hasMessage("--port names bond0, which is a bond; name its slaves: dpdk1, dpdk0");
    }

    @Test
    void theSlavesOfABondThatNobodyServesAreNotOpened() throws StartException {
        DaemonPlan plan = plan(text(TWO_DEVICES + bond("slave dpdk0"), worker("cpu1", 1, "dpdk2 0"), ""));
        assertThat(plan.devices()).extracting(DaemonPlan.DevicePlan::name).containsExactly("dpdk2");
        assertThat(plan.bonds()).isEmpty();
    }
}
