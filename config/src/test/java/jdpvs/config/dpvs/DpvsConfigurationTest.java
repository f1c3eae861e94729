package jdpvs.config.dpvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdpvs.config.Location;
import jdpvs.config.Message;
import jdpvs.config.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DpvsConfigurationTest {
    @TempDir
    private Path directory;

    @Test
    void defaultsAreDpvss() {
        DpvsConfiguration conf = Conf.parse(Conf.MINIMAL).configuration();
        assertThat(conf.global()).isEqualTo(new GlobalSettings("DEBUG", null, false, null, true));
        assertThat(conf.connections()).isEqualTo(new ConnectionSettings(2_097_151, 3));
        assertThat(conf.tcpTimeouts()).isEqualTo(new TcpTimeouts(2, 90, 3, 30, 7, 7, 3, 7, 7, 120, 30, 2));
        assertThat(conf.udpTimeouts()).isEqualTo(new UdpTimeouts(300, 300, 2));
        assertThat(conf.neighbours()).isEqualTo(new NeighbourSettings(128, 60));
        assertThat(conf.ipv4()).isEqualTo(new Ipv4Settings(false, 64));
        assertThat(conf.poolHashSize()).isEqualTo(16);
        assertThat(conf.packetPoolSize()).isEqualTo(65_535);
        assertThat(conf.devices())
                .containsExactly(new DeviceSettings(
                        "dpdk0",
                        null,
                        1500,
                        false,
                        false,
                        false,
                        null,
                        new QueueSettings(-1, 256),
                        new QueueSettings(-1, 512),
                        new Location("t.conf", 2)));
    }

    @Test
    void readsEverythingThatHasAMeaning() {
        LoadResult result = Conf.parse("""
                ! comment
                # comment
                global_defs {
                    log_level WARNING ! remark
                    log_file "/var/log/my dpvs.log"
                    log_with_timestamp on
                }
                netif_defs {
                    <init> pktpool_size 1048575
                    <init> device dpdk0 {
                        port packet:eth1,exclusive
                        mtu 9000 <1500,0-9000>
                        promisc_mode
                        allmulticast
                        kni_name dpdk0.kni
                        rx {
                            queue_number 2
                            descriptor_number 1024
                        }
                        tx
                        {
                            queue_number 2
                            descriptor_number 2048
                        }
                    }
                }
                worker_defs {
                    <init> worker cpu9 {
                        type slave
                        cpu_id 9
                        port dpdk0 {
                            rx_queue_ids 1
                            tx_queue_ids 1
                        }
                    }
                    <init> worker cpu0 { type master }
                    <init> worker cpu0b {
                        cpu_id 4
                        port dpdk0 {
                            rx_queue_ids 0
                            tx_queue_ids 0
                        }
                    }
                }
                neigh_defs { unres_queue_length 256 }
                neigh_defs { timeout 30 }
                ipv4_defs {
                    forwarding on
                    default_ttl 255
                }
                sa_pool { pool_hash_size 8 }
                ipvs_defs {
                    conn {
                        conn_pool_size 1048576
                        conn_init_timeout 5
                    }
                    udp {
                        timeout {
                            normal 100
                            oneway 20
                        }
                    }
                    tcp {
                        timeout {
                            established 60
                            established 61
                            syn_recv 31
                        }
                    }
                }
                """);
        assertThat(Conf.messages(result, Severity.WARNING)).isEmpty();
        assertThat(Conf.messages(result, Severity.ERROR))
                .containsExactly("t.conf:36: worker cpu0 has no cpu_id: add a line 'cpu_id N'");
        DpvsConfiguration conf = result.configuration();
        assertThat(conf.global()).isEqualTo(new GlobalSettings("WARNING", "/var/log/my dpvs.log", true, null, true));
        assertThat(conf.devices())
                .containsExactly(new DeviceSettings(
                        "dpdk0",
                        "packet:eth1,exclusive",
                        9000,
                        true,
                        true,
                        true,
                        "dpdk0.kni",
                        new QueueSettings(2, 1024),
                        new QueueSettings(2, 2048),
                        new Location("t.conf", 10)));
        assertThat(conf.master()).map(WorkerSettings::name).contains("cpu0");
        assertThat(conf.slaves()).extracting(WorkerSettings::name).containsExactly("cpu0b", "cpu9");
        assertThat(conf.slaves().getLast().ports())
                .containsExactly(
                        new WorkerSettings.PortSettings("dpdk0", List.of(1), List.of(1), new Location("t.conf", 31)));
        assertThat(conf.neighbours()).isEqualTo(new NeighbourSettings(256, 30));
        assertThat(conf.ipv4()).isEqualTo(new Ipv4Settings(true, 255));
        assertThat(conf.poolHashSize()).isEqualTo(8);
        assertThat(conf.connections()).isEqualTo(new ConnectionSettings(1_048_575, 5));
        assertThat(conf.tcpTimeouts().established()).isEqualTo(61);
        assertThat(conf.tcpTimeouts().synReceived()).isEqualTo(31);
        assertThat(conf.udpTimeouts()).isEqualTo(new UdpTimeouts(20, 100, 2));
    }

    @Test
    void echoesAsDpvsDoes() throws IOException {
        Path file = Files.writeString(directory.resolve("dpvs.conf"), Conf.MINIMAL + """
                global_defs {
                    log_level WARNING
                }
                netif_defs {
                    device dpdk0 {
                        rx {
                            queue_number 1
                        }
                    }
                }
                """);
        assertThat(DpvsConfiguration.load(file).messages())
                .extracting(Message::logText)
                .contains(
                        "CFG_FILE: Opening configuration file '" + file + "'.",
                        "CFG_FILE: log_level = WARNING",
                        "NETIF: dpdk0:rx_queue_number = 1",
                        "NETIF: worker cpu1:dpdk0 rx_queue_id += 0",
                        "NETIF: worker cpu1:cpu_id = 1",
                        "NETIF: " + file + ":22: device dpdk0 is there already (line 2), later values win");
    }

    @Test
    void aFileThatCannotBeReadIsOneError() throws IOException {
        Path missing = directory.resolve("dpvs.conf");
        assertThat(DpvsConfiguration.load(missing).messages())
                .extracting(Message::toString)
                .containsExactly(missing + ": Fail to open configuration file '" + missing
                        + "': No such file or directory; name one with -c FILE.");
        assertThat(DpvsConfiguration.load(directory).messages())
                .extracting(Message::text)
                .containsExactly("Fail to open configuration file '" + directory
                        + "': Not a regular file; name one with -c FILE.");
        Path large = Files.write(directory.resolve("large"), new byte[(4 << 20) + 1]);
        assertThat(DpvsConfiguration.load(large).hasErrors()).isTrue();
    }

    @Test
    void includesBesideTheIncludingFile() throws IOException {
        Files.createDirectory(directory.resolve("more"));
        Files.writeString(directory.resolve("more/a.conf"), "established 11\ninclude deep/x.conf\n");
        Files.createDirectory(directory.resolve("more/deep"));
        Files.writeString(directory.resolve("more/deep/x.conf"), "close 44\nnonsense\n");
        Files.writeString(directory.resolve("more/b.conf"), "established 12\ninclude ../dpvs.conf\n");
        Files.writeString(directory.resolve("more/.hidden.conf"), "established 13\n");
        Path file = Files.writeString(
                directory.resolve("dpvs.conf"),
                Conf.MINIMAL + "ipvs_defs {\ntcp {\ntimeout {\ninclude more/*.conf\n}\n}\n}\n");
        LoadResult result = DpvsConfiguration.load(file);
        assertThat(result.configuration().tcpTimeouts().established()).isEqualTo(12);
        assertThat(result.configuration().tcpTimeouts().close()).isEqualTo(44);
        assertThat(Conf.messages(result, Severity.WARNING))
                .containsExactly(
                        directory + "/more/b.conf:2: include " + directory
                                + "/more/../dpvs.conf: this file is being read already, ignored",
                        directory + "/more/deep/x.conf:2: not supported keyword -- nonsense");
        assertThat(result.hasErrors()).isFalse();
    }

    @Test
    void includesEndAtALimit() throws IOException {
        for (int i = 0; i < 20; i++) {
            Files.writeString(directory.resolve(i + ".conf"), "include " + (i + 1) + ".conf\n");
        }
        Files.writeString(directory.resolve("20.conf"), "");
        assertThat(Conf.messages(DpvsConfiguration.load(directory.resolve("0.conf")), Severity.WARNING))
                .contains(
                        directory + "/15.conf:1: include " + directory + "/16.conf: more than 16 files deep, ignored");
        for (int i = 0; i < 300; i++) {
            Files.writeString(directory.resolve("many" + i), "");
        }
        Path many = Files.writeString(directory.resolve("all.conf"), "include many*\n");
        assertThat(Conf.messages(DpvsConfiguration.load(many), Severity.WARNING))
                .filteredOn(text -> text.endsWith("more than 256 files, ignored"))
                .hasSize(45);
        String large = "!".repeat(4 << 20);
        for (int i = 0; i < 6; i++) {
            Files.writeString(directory.resolve("large" + i), large);
        }
        Path heavy = Files.writeString(directory.resolve("heavy.conf"), "include large*\n");
        assertThat(Conf.messages(DpvsConfiguration.load(heavy), Severity.WARNING))
                .contains(
                        heavy + ":1: include " + directory
                                + "/large4: all files together have more than 16777216 characters, ignored",
                        heavy + ":1: include " + directory
                                + "/large5: all files together have more than 16777216 characters, ignored");
    }

    @Test
    void includesOfSeveralDirectories() throws IOException {
        for (String name : List.of("b", "a", ".hidden")) {
            Files.createDirectory(directory.resolve(name));
            Files.writeString(directory.resolve(name).resolve("x.conf"), "nonsense\n");
        }
        Path file = Files.writeString(directory.resolve("dpvs.conf"), Conf.MINIMAL + "include */{x,y}.conf\n");
        assertThat(Conf.messages(DpvsConfiguration.load(file), Severity.WARNING))
                .containsExactly(
                        directory + "/a/x.conf:1: not supported keyword -- nonsense",
                        directory + "/b/x.conf:1: not supported keyword -- nonsense");
    }

    @Test
    void messagesAreBounded() {
        String lines = "nonsense\n".repeat(50_000);
        LoadResult result = Conf.parse(lines + "device {\n".repeat(10_000));
        assertThat(result.messages().size()).isLessThan(10_100);
        assertThat(Conf.messages(result, Severity.WARNING).getLast())
                .endsWith("too many messages, the rest is left out");
        assertThat(Conf.messages(result, Severity.ERROR)).hasSize(2);
    }

    @Test
    void reloadTakesWhatIsReloadable() {
        DpvsConfiguration start = Conf.after(
                        "ipv4_defs {\nforwarding on\ndefault_ttl 32\n}\nglobal_defs {\nlog_level ERR\n}\n")
                .configuration();
        DpvsConfiguration next = Conf.parse(Conf.MINIMAL.replace("device dpdk0 {", "device dpdk0 {\nmtu 9000") + """
                ipv4_defs {
                    default_ttl 33
                }
                ipvs_defs {
                    tcp {
                        timeout {
                            established 5
                        }
                    }
                    conn {
                        conn_pool_size 131071
                        xmit_ttl
                    }
                }
                """)
                .configuration();
        Reload reload = start.reloadedWith(next);
        assertThat(reload.changed())
                .containsExactlyInAnyOrder(
                        "global_defs.log_level = DEBUG",
                        "ipv4_defs.forwarding = off",
                        "ipvs_defs.tcp.timeout.established = 5");
        assertThat(reload.needRestart())
                .containsExactlyInAnyOrder(
                        "netif_defs.device", "ipv4_defs.default_ttl", "ipvs_defs.conn.conn_pool_size");
        assertThat(reload.configuration().ipv4()).isEqualTo(new Ipv4Settings(false, 32));
        assertThat(reload.configuration().tcpTimeouts().established()).isEqualTo(5);
        assertThat(reload.configuration().connections().poolSize()).isEqualTo(2_097_151);
        assertThat(reload.configuration().devices()).isEqualTo(start.devices());
        assertThat(reload.configuration().reloadedWith(next).changed()).isEmpty();
        assertThat(start.reloadedWith(start).needRestart()).isEmpty();
    }

    @Test
    void bondsAreRead() {
        LoadResult result = Conf.parse(SampleTest.bonding());
        assertThat(Conf.messages(result, Severity.ERROR)).isEmpty();
        DpvsConfiguration conf = result.configuration();
        assertThat(conf.bondings())
                .extracting(
                        BondingSettings::name, BondingSettings::mode, BondingSettings::slaves, BondingSettings::primary)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("bond1", 4, List.of("dpdk0", "dpdk1"), "dpdk0"),
                        org.assertj.core.groups.Tuple.tuple("bond2", 4, List.of("dpdk2", "dpdk3"), "dpdk2"));
        assertThat(conf.bondings())
                .extracting(BondingSettings::kernelInterface)
                .containsExactly("bond1.kni", "bond2.kni");
    }

    @Test
    void everyLineEndingAndBlankIsRead() {
        LoadResult result = Conf.parse(Conf.MINIMAL.replace("\n", "\r\n").replace("    ", "\t"));
        assertThat(result.messages()).allMatch(message -> message.severity() == Severity.INFO);
        assertThat(Stream.of(result.configuration().devices().getFirst().name()))
                .containsExactly("dpdk0");
    }
}
