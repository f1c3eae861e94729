package jdpvs.daemon.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import jdpvs.config.DpvsConfiguration;
import jdpvs.config.LoadResult;
import jdpvs.daemon.log.LogLevel;
import jdpvs.daemon.worker.WorkerPlan;
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
                        new DaemonPlan.DevicePlan("dpdk0", "packet:dpdk0", 0, false, 1, 256),
                        new DaemonPlan.DevicePlan("dpdk2", "packet:eth7,exclusive", 1400, true, 1, 256));
        assertThat(plan.workers())
                .containsExactly(new WorkerPlan(
                        "cpu1", 1, java.util.List.of(new WorkerPlan.Binding(0, 0), new WorkerPlan.Binding(1, 0))));
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

    @Test
    void bondingIsRefusedByName() {
        String bond = "bonding bond0 {\n mode 4\n slave dpdk0\n primary dpdk0\n}\n";
        assertThatThrownBy(() -> plan(text(TWO_DEVICES + bond, worker("cpu1", 1, "bond0 0", "dpdk2 0"), "")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("bond0")
                .hasMessageContaining("not supported yet");
    }
}
