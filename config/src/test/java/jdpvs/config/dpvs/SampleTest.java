package jdpvs.config.dpvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import jdpvs.config.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations that people have: as DPVS ships them and as how-tos print them. */
class SampleTest {
    /** Four NICs in two bonds, in the words of version 1.8. */
    static String bonding() {
        StringBuilder text = new StringBuilder(
                "! netif config\nnetif_defs {\n<init> pktpool_size 1048575\n<init> pktpool_cache 256\n\n");
        for (int i = 0; i < 4; i++) {
            text.append("""
                    <init> device dpdk%d {
                    rx {
                    max_burst_size 32
                    queue_number 16
                    descriptor_number 1024
                    rss all
                    }
                    tx {
                    max_burst_size 32
                    queue_number 16
                    descriptor_number 1024
                    }
                    fdir {
                    mode perfect
                    pballoc 64k
                    status matched
                    }
                    ! mtu 1500
                    ! promisc_mode
                    ! kni_name dpdk%d.kni
                    }

                    """.formatted(i, i));
        }
        return text + """
                <init> bonding bond1 {
                mode 4
                slave dpdk0
                slave dpdk1
                primary dpdk0
                kni_name bond1.kni
                }

                <init> bonding bond2 {
                mode 4
                slave dpdk2
                slave dpdk3
                primary dpdk2
                kni_name bond2.kni
                }
                }
                worker_defs {
                <init> worker cpu0 {
                type master
                cpu_id 0
                }
                <init> worker cpu1 {
                type slave
                cpu_id 1
                port bond1 {
                rx_queue_ids 0
                tx_queue_ids 0
                }
                port bond2 {
                rx_queue_ids 0
                tx_queue_ids 0
                }
                }
                }
                """;
    }

    @Test
    void theHowTosBonding() {
        LoadResult result = Conf.parse(bonding());
        assertThat(result.hasErrors()).isFalse();
        assertThat(result.hasWarnings()).isFalse();
        assertThat(result.configuration().devices()).hasSize(4);
    }

    @Test
    void oneNicOneArm() {
        LoadResult result = Conf.parse("""
                global_defs  {\s
                    log_level WARNING\s
                }
                netif_defs {
                    <init> pktpool_size 65535
                    <init> device dpdk0 {
                        rx {
                            queue_number 2
                            descriptor_number 1024
                            rss all
                        }
                        tx {
                            queue_number 2
                            descriptor_number 1024
                        }
                        kni_name dpdk0.kni
                    }
                }
                worker_defs {
                    <init> worker cpu0 {
                        type master
                        cpu_id 0
                    }
                    <init> worker cpu1 {
                        type slave
                        cpu_id 1
                        port dpdk0 {
                            rx_queue_ids 0
                            tx_queue_ids 0
                        }
                    }
                    <init> worker cpu9 {
                        type kni
                        cpu_id 9
                        port dpdk0 {
                            rx_queue_ids 1
                            tx_queue_ids 1
                        }
                    }
                }
                sa_pool {
                    pool_hash_size 16
                }
                """);
        assertThat(result.hasErrors()).isFalse();
        assertThat(result.hasWarnings()).isFalse();
        assertThat(Conf.messages(result, Severity.NOTICE))
                .containsExactly(
                        "t.conf:5: no meaning here, ignored (docs/reference/dpvs.conf.md says why): netif_defs.pktpool_size,"
                                + " netif_defs.device.rx.rss",
                        "t.conf:35: worker cpu9: its rx_queue_ids count in listings only; what is for the kernel"
                                + " reaches it from every queue");
    }

    @Test
    void ourBondSampleHasTheHowTosBondsAndWorkers() {
        DpvsConfiguration howTo = Conf.parse(bonding()).configuration();
        DpvsConfiguration ours = DpvsConfiguration.load(Path.of("..", "conf", "dpvs.conf.bond.sample"))
                .configuration();
        assertThat(ours.devices())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                .isEqualTo(howTo.devices());
        assertThat(ours.bondings())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
                .isEqualTo(howTo.bondings());
        assertThat(ours.slaves()).hasSize(15);
        assertThat(ours.kernelWorker()).map(WorkerSettings::cpu).contains(16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dpvs.conf.sample", "dpvs.conf.single-nic.sample", "dpvs.conf.bond.sample", "demo/dpvs.conf"})
    void ours(String name) {
        LoadResult result = DpvsConfiguration.load(Path.of("..", "conf", name));
        assertThat(Conf.messages(result, Severity.ERROR)).isEmpty();
        assertThat(Conf.messages(result, Severity.WARNING)).isEmpty();
    }
}
