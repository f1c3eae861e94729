package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One arm: dpvs and the kernel on the same, only interface. */
class SharingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int CURL_REFUSED = 7;

    private Lab lab;

    @BeforeEach
    void start() {
        lab = Lab.oneArm();
        lab.startWebServers();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private Dpvs startDpvs(Configuration configuration, String... words) {
        Dpvs dpvs = Dpvs.start(lab, configuration, words);
        String device = configuration.devices().getFirst().name();
        dpvs.type(
                "dpip addr add 10.0.96.204/32 dev " + device,
                "dpip route add 10.0.96.0/24 dev " + device,
                "dpip route add default via 10.0.96.254 dev " + device,
                "ipvsadm -A -t 10.0.96.204:80 -s rr",
                "ipvsadm --add-laddr -z 10.0.96.205 -t 10.0.96.204:80 -F " + device,
                "ipvsadm -a -t 10.0.96.204:80 -r 10.0.96.1:80 -b",
                "ipvsadm -a -t 10.0.96.204:80 -r 10.0.96.2:80 -b");
        return dpvs;
    }

    @Test
    void oneArmForwardsOnADeviceNamedByAnOption() {
        try (Dpvs dpvs = startDpvs(Configuration.oneDevice("dpdk0"), "--", "--port", "dpdk0=packet:eth0")) {
            assertThat(lab.client().run("ping -c3 -i0.2 10.0.96.204").succeeded())
                    .contains(" 3 received");
            assertThat(lab.client().curl("10.0.96.204")).contains("Your IP and port is 10.0.96.205:");
            Outcome wrk = lab.client().run("wrk -t1 -c32 -d3s http://10.0.96.204/");
            Wrk.read(wrk.succeeded()).assertNothingFailed();
            Download.of(lab, 64).assertArrives("10.0.96.204", 2);
            assertThat(dpvs.ipvsadm("-ln").succeeded()).contains("TCP  10.0.96.204:80 rr");
        }
    }

    @Test
    void sshThroughTheOnlyInterfaceSurvives() {
        try (Ssh ssh = Ssh.open(lab, "10.0.96.10")) {
            ssh.assertAnswers("before dpvs");
            String before = kernelState();
            Dpvs dpvs = startDpvs(Configuration.oneDevice("eth0"));
            try (dpvs) {
                ssh.assertAnswers("dpvs has started");
                lab.client().curl("10.0.96.204");
                ssh.assertAnswers("dpvs forwards");
                dpvs.process().signal("KILL");
                dpvs.process().awaitExit(PATIENCE);
            }
            ssh.assertAnswers("dpvs was killed");
            assertThat(kernelState()).as("what dpvs changed is undone").isEqualTo(before);
            // Were its addresses still kept from the kernel, the kernel could not answer for them now.
            lab.dpvs().run("ip address add 10.0.96.204/24 dev eth0").succeeded();
            lab.gateway().run("ip neigh flush all");
            assertThat(lab.client().run("ping -c2 -i0.2 10.0.96.204").succeeded())
                    .contains(" 2 received");
        }
    }

    @Test
    void sigtermUndoesEverythingToo() {
        String before = kernelState();
        try (Dpvs dpvs = startDpvs(Configuration.oneDevice("eth0"))) {
            lab.client().curl("10.0.96.204");
            dpvs.process().signal("TERM");
            assertThat(dpvs.process().awaitExit(PATIENCE)).isZero();
        }
        assertThat(kernelState()).isEqualTo(before);
    }

    @Test
    void theKernelNeitherResetsNorAnswersTwice() {
        try (Dpvs dpvs = startDpvs(Configuration.oneDevice("eth0"));
                Capture capture = Capture.start(lab.gateway(), "outside", "tcp or icmp or arp")) {
            lab.gateway().run("ip neigh flush all");
            assertThat(lab.client().run("ping -c5 -i0.2 10.0.96.204").succeeded())
                    .contains(" 5 received")
                    .doesNotContain("DUP");
            assertThat(lab.client().run("ping -c5 -i0.2 10.0.96.10").succeeded())
                    .contains(" 5 received")
                    .doesNotContain("DUP");
            for (int request = 0; request < 10; request++) {
                lab.client().curl("10.0.96.204");
            }
            // A closed port of the kernel's own address: its own reset, once for each SYN.
            lab.client().run("curl -sS --max-time 3 http://10.0.96.10:81").failedWith(CURL_REFUSED);

            assertThat(dpvs.ipvsadm("-ln").succeeded()).contains("10.0.96.204:80");
            List<List<String>> all =
                    capture.packets("", "arp.opcode", "arp.src.proto_ipv4", "icmp.type", "tcp.flags.reset", "ip.src");
            assertThat(all.stream()
                            .filter(fields ->
                                    isSet(fields.get(3)) && fields.get(4).equals("10.0.96.204")))
                    .as("resets in the VIP's name")
                    .isEmpty();
            assertThat(all.stream()
                            .filter(fields ->
                                    isSet(fields.get(3)) && fields.get(4).equals("10.0.96.10")))
                    .as("the kernel's own reset")
                    .hasSize(1);
            assertThat(all.stream()
                            .filter(fields -> fields.get(2).equals("0"))
                            .collect(Collectors.groupingBy(fields -> fields.get(4), Collectors.counting())))
                    .as("echo replies")
                    .containsEntry("10.0.96.204", 5L)
                    .containsEntry("10.0.96.10", 5L);
            long asked =
                    all.stream().filter(fields -> fields.get(0).equals("1")).count();
            long answered = all.stream()
                    .filter(fields ->
                            fields.get(0).equals("2") && !fields.get(1).equals("10.0.96.254"))
                    .count();
            assertThat(answered).as("ARP answers to the %d questions", asked).isLessThanOrEqualTo(asked);
        }
    }

    @Test
    void tcpdumpOnTheInterfaceSeesWhatDpvsSends() {
        try (Dpvs dpvs = startDpvs(Configuration.oneDevice("eth0"));
                Capture capture = Capture.start(lab.dpvs(), "eth0", "tcp port 80")) {
            lab.client().curl("10.0.96.204");
            assertThat(dpvs.process().isAlive()).isTrue();
            List<List<String>> packets = capture.packets("tcp", "ip.src", "ip.dst");
            assertThat(packets)
                    .contains(List.of("10.0.96.205", "10.0.96.1"), List.of("10.0.96.204", "172.16.0.1"))
                    .contains(List.of("172.16.0.1", "10.0.96.204"), List.of("10.0.96.1", "10.0.96.205"));
        }
    }

    @Test
    void exclusivelyTheKernelGetsNothing() {
        assertThat(lab.client().run("ping -c1 -W1 10.0.96.10").exitCode()).isZero();
        try (Dpvs dpvs = startDpvs(Configuration.oneDevice("eth0", "port packet:eth0,exclusive"))) {
            lab.client().curl("10.0.96.204");
            assertThat(lab.client().run("ping -c2 -i0.2 -W1 10.0.96.10").exitCode())
                    .as("the kernel's address is deaf")
                    .isNotZero();
            dpvs.process().signal("KILL");
            dpvs.process().awaitExit(PATIENCE);
        }
        assertThat(lab.client().run("ping -c1 -W1 10.0.96.10").exitCode()).isZero();
    }

    /** What of the interface's set-up in the kernel dpvs could have left changed. */
    private String kernelState() {
        return lab.dpvs().shell(PATIENCE, """
                        ip -d link show eth0 | grep -oE 'promiscuity [0-9]+|allmulti [0-9]+|prog/.*|mtu [0-9]+'
                        tc qdisc show dev eth0
                        tc filter show dev eth0 ingress
                        ip address show dev eth0
                        ip route show
                        ip rule show
                        cat /proc/net/packet | wc -l
                        """).output();
    }

    private static boolean isSet(String flag) {
        return flag.equals("1") || flag.equals("True");
    }
}
