package jdpvs.config.dpvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyRulesTest {
    private static final String DEVICES = "netif_defs {\ndevice a {\n}\ndevice b {\n}\n}\nworker_defs {\n";

    /** Workers in short: {@code name:type:cpu:device=rx/tx,device=rx/tx}; each takes 3 lines and 4 per port. */
    private static String text(String workers) {
        StringBuilder text = new StringBuilder(DEVICES);
        for (String each : workers.strip().split(" +")) {
            String[] part = each.split(":", -1);
            text.append("worker ")
                    .append(part[0])
                    .append(" {\ntype ")
                    .append(part[1])
                    .append('\n');
            text.append(part[2].isEmpty() ? "" : "cpu_id " + part[2]).append('\n');
            for (String port : part.length < 4 ? new String[0] : part[3].split(",", -1)) {
                String[] queues = port.split("[=/]", -1);
                text.append("port ").append(queues[0]).append(" {\n");
                text.append(queues[1].isEmpty() ? "" : "rx_queue_ids " + queues[1].replace('+', ' '))
                        .append('\n');
                text.append(queues[2].isEmpty() ? "" : "tx_queue_ids " + queues[2].replace('+', ' '))
                        .append("\n}\n");
            }
            text.append("}\n");
        }
        return text + "}\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m:master:0 s:slave:1:a=0/0,b=0/0 | ",
                "m:master:0 s:slave:1:a=0/0,b=0/0 t:slave:2:a=1/1,b=1/1 | ",
                "m:master:0 s:slave:1:a=0+2/0,b=0/0 t:slave:2:a=1/1,b=1/1 | ",
                "s:slave:1:a=0/0,b=0/0 | ERROR 7: worker_defs has no master: add a worker with 'type master', a 'cpu_id' and no port block",
                "m:master:0 | ERROR 7: worker_defs has no forwarding worker: add one with 'type slave', a 'cpu_id' and a port block per device~WARNING 2: no queues to setup for a: no worker has a block 'port a {', it is not started~WARNING 4: no queues to setup for b: no worker has a block 'port b {', it is not started",
                "m:master:0 n:master:3 s:slave:1:a=0/0,b=0/0 | ERROR 12: worker n is a second master after m (line 8): make it 'type slave' or remove it",
                "m:master:0:a=1/1 s:slave:1:a=0/0,b=0/0 | ERROR 8: worker m is the master and has port blocks: remove them or make it 'type slave'",
                "m:master:0 s:slave:0:a=0/0,b=0/0 | ERROR 12: worker s has cpu_id 0 like m (line 8): give each worker a CPU of its own",
                "m:master:0 s:slave::a=0/0,b=0/0 | ERROR 12: worker s has no cpu_id: add a line 'cpu_id N'",
                "m:master:0 s:slave:1:a=0/0,b=0/0 t:slave:2:a=0/1 | ERROR 27: worker t: rx queue 0 of a belongs to s: give each queue to one worker",
                "m:master:0 s:slave:1:a=0+0/0,b=0/0 | ERROR 15: worker s: rx queue 0 of a belongs to it already: give each queue to one worker",
                "m:master:0 s:slave:1:a=0/0,b=0/0 t:slave:2:a=2/1 | ERROR 15: a: rx queue 1 is missing, workers have 0 2: number them from 0 without a gap",
                "m:master:0 s:slave:1:a=0/1,b=0/0 | ERROR 15: a: tx queue 0 is missing, workers have 1: number them from 0 without a gap",
                "m:master:0 s:slave:1:a=0/0,b=0/0,c=0/0 | ERROR 23: worker s: port c is neither a declared device nor a bond: add a block 'device c {' or correct the name",
                "m:master:0 s:slave:1:a=0/0,b=/0 | WARNING 19: worker s receives nothing from b: it has no rx_queue_ids",
                "m:master:0 s:slave:1:a=0/0,b=0/ | WARNING 19: worker s cannot send by b: it has no tx_queue_ids",
                "m:master:0 s:slave:1:a=0/0,b=0/0 t:slave:2 | WARNING 24: worker t has no port block: it has nothing to do",
                "m:master:0 s:slave:1:a=0/0 | WARNING 4: no queues to setup for b: no worker has a block 'port b {', it is not started",
                "m:master:0 s:slave:1:a=0/0,b=0/0 k:kni:2:a=/1 | NOTICE 24: worker k has no kernel interface to serve: no device or bond has a kni_name",
                "m:master:0 s:slave:1:a=0/0,b=0/0 k:kni:2:a=1/1 | NOTICE 24: worker k has no kernel interface to serve: no device or bond has a kni_name~NOTICE 27: worker k: its rx_queue_ids count in listings only; what is for the kernel reaches it from every queue",
                "m:master:0 s:slave:1:a=0/0,b=0/0 k:kni:2:a=/2 | NOTICE 24: worker k has no kernel interface to serve: no device or bond has a kni_name~ERROR 15: a: tx queue 1 is missing, workers have 0 2: number them from 0 without a gap",
                "m:master:0 s:slave:1:a=0/0,b=0/0 k:kni:2:a=/0 | NOTICE 24: worker k has no kernel interface to serve: no device or bond has a kni_name~ERROR 27: worker k: tx queue 0 of a belongs to s: give each queue to one worker",
                "m:master:0 s:slave:1:a=0/0 k:kni:2:b=0/0 | NOTICE 20: worker k has no kernel interface to serve: no device or bond has a kni_name~NOTICE 23: worker k: its rx_queue_ids count in listings only; what is for the kernel reaches it from every queue~WARNING 4: no queues to setup for b: no worker has a block 'port b {', it is not started",
                "m:master:0 s:slave:1:a=0/0,b=0/0 k:kni:2 l:kni:3 | NOTICE 24: worker k has no kernel interface to serve: no device or bond has a kni_name~ERROR 28: worker l is a second kni worker after k (line 24): make it 'type slave' or remove it",
            })
    void says(String workers, String expected) {
        List<String> wanted = expected == null ? List.of() : List.of(expected.split("~", -1));
        assertThat(said(text(workers))).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slave a; slave b | ",
                "mode 0; slave a; slave b | ",
                "mode 1; slave a; slave b; primary b | ",
                "mode 2; slave a; slave b | ",
                "mode 4; slave a; slave b; kni_name x.kni | ",
                "mode 3; slave a; slave b | bonding x: invalid mode 3 (broadcast: every peer would get each packet once per slave); possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "mode 5; slave a | bonding x: invalid mode 5 (adaptive load balancing: a server's or client's answers would find their way by MAC addresses that change; mode 4 balances both ways); possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "mode 6; slave a | bonding x: invalid mode 6 (adaptive load balancing: a server's or client's answers would find their way by MAC addresses that change; mode 4 balances both ways); possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "mode 7; slave a | bonding x: invalid mode 7; possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "mode; slave a | bonding x: invalid mode (no value); possible are 0 round robin, 1 active-backup, 2 balance-xor, 4 LACP (802.3ad)",
                "slave x | bonding x: slave x is a bond itself: name its slaves here",
                "slave a; kni_name b | bonding x: kni_name b is the name of a device or bond: choose another name",
                "mode 4 | bonding x has no slave: add a line 'slave DEVICE'",
                "slave a; slave c | bonding x: slave c is not a declared device: add a block 'device c {'",
                "slave a; slave a | bonding x: slave a belongs to x already: remove it from one of them",
                "slave a; primary b | bonding x: primary b is not one of its slaves: name one of a",
            })
    void bonds(String lines, String expected) {
        String conf =
                "netif_defs {\ndevice a {\n}\ndevice b {\n}\nbonding x {\n" + lines.replace("; ", "\n") + "\n}\n}\n";
        String workers =
                "worker_defs {\nworker m {\ntype master\ncpu_id 0\n}\nworker s {\ncpu_id 1\nport x {\nrx_queue_ids 0\ntx_queue_ids 0\n}\n}\n}\n";
        assertThat(Conf.parse(conf + workers).messages().stream()
                        .filter(message -> message.severity() == Severity.ERROR)
                        .map(Message::text))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void portsNameTheBondNotItsSlaves() {
        String conf = "netif_defs {\ndevice a {\n}\nbonding x {\nslave a\n}\nbonding a {\nslave a\n}\n}\n";
        String workers =
                "worker_defs {\nworker m {\ntype master\ncpu_id 0\n}\nworker s {\ncpu_id 1\nport a {\nrx_queue_ids 0\ntx_queue_ids 0\n}\n}\n}\n";
        assertThat(Conf.messages(Conf.parse(conf + workers), Severity.ERROR))
                .containsExactly(
                        "t.conf:7: bonding a has the name of a device: rename one of them",
                        "t.conf:7: bonding a: slave a belongs to x already: remove it from one of them",
                        "t.conf:18: worker s: port a is a slave of x: write 'port x {'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.kni | x.kni | WARNING 2: device a is a slave of x: its kni_name a.kni is ignored, the bond may have one; omit it",
                "x.kni | x.kni | WARNING 2: device a is a slave of x: its kni_name x.kni is ignored, the bond may have one; omit it",
                " | b.kni | ERROR 8: bonding x: kni_name b.kni belongs to device b already: choose another name",
                " | | ",
            })
    void kernelInterfaces(String ofSlave, String ofBond, String expected) {
        String conf = "netif_defs {\ndevice a {\n" + (ofSlave == null ? "" : "kni_name " + ofSlave)
                + "\n}\ndevice b {\nkni_name b.kni\n}\nbonding x {\nslave a\n"
                + (ofBond == null ? "" : "kni_name " + ofBond) + "\n}\n}\n";
        String workers =
                "worker_defs {\nworker m {\ntype master\ncpu_id 0\n}\nworker s {\ncpu_id 1\nport x {\nrx_queue_ids 0\ntx_queue_ids 0\n}\nport b {\nrx_queue_ids 0\ntx_queue_ids 0\n}\n}\n}\n";
        assertThat(said(conf + workers)).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    private static List<String> said(String text) {
        return Conf.parse(text).messages().stream()
                .filter(message -> message.severity() != Severity.INFO)
                .map(message -> message.severity() + " " + message.at().line() + ": " + message.text())
                .toList();
    }

    @Test
    void aBondIsBoundLikeADevice() {
        String conf = """
                netif_defs {
                device a {
                rx {
                queue_number 1
                }
                }
                device b {
                }
                bonding x {
                slave a
                }
                bonding y {
                slave b
                }
                }
                worker_defs {
                worker m {
                type master
                cpu_id 0
                }
                worker s {
                cpu_id 1
                port x {
                rx_queue_ids 0 1
                tx_queue_ids 0
                }
                }
                }
                """;
        assertThat(said(conf))
                .containsExactly(
                        "WARNING 2: rx-queues configured in workers (2) != rx-queues configured in device (1), setup 2 rx-queues for x",
                        "WARNING 12: no queues to setup for y: no worker has a block 'port y {', it is not started");
    }

    @Test
    void kernelInterfacesMayBeOff() {
        String conf =
                text("m:master:0 s:slave:1:a=0/0,b=0/0 k:kni:2").replace("device a {", "device a {\nkni_name a.kni");
        assertThat(said(conf)).isEmpty();
        assertThat(said(conf + "global_defs {\nkni off\n}\n"))
                .containsExactly(
                        "NOTICE 25: worker k has no kernel interface to serve: 'kni off' stands in global_defs");
    }

    @Test
    void workersAreLimited() {
        StringBuilder workers = new StringBuilder("m:master:0");
        for (int i = 1; i < 66; i++) {
            workers.append(" s").append(i).append(":slave:").append(i);
        }
        assertThat(Conf.messages(Conf.parse(text(workers.toString())), Severity.ERROR))
                .containsExactly("t.conf:264: more than 64 workers: remove some");
    }
}
