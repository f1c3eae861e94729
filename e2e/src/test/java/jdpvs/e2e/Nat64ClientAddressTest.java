package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the balancer, with the agent on an IPv4 server: what nginx knows of an IPv6 client, by a listener of both families and by the module. */
class Nat64ClientAddressTest {
    private static final int CONNECTIONS = 20;
    private static final String IPV6_PORT_80 = "[2001::201]:80";
    private static final String IPV6_PORT_8080 = "[2001::201]:8080";
    private static final String IPV4_PORT_8080 = "10.0.96.204:8080";

    @ParameterizedTest
    @ValueSource(ints = 2)
    void serversKnowTheClient(int workers) {
        Lab.buildNginxModule();
        try (Agent agent = Agent.load();
                Lab lab = Lab.twoArm("--ipv6");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers))) {
            lab.startWebServer(1, agent.controlGroup, "--ipv6", "--toa");
            Way.NAT64.network(dpvs, "dpdk2", "dpdk0");
            Way.NAT64.service(dpvs, "-t", 80, 1, "dpdk0");
            Way.NAT64.service(dpvs, "-t", 8080, 1, "dpdk0");
            dpvs.type(
                    "dpip addr add 10.0.96.204/32 dev dpdk2",
                    "dpip route add 10.0.96.0/24 dev dpdk2",
                    "dpip route add default via 10.0.96.254 dev dpdk2");
            dpvs.typeHowToService("-t " + IPV4_PORT_8080, "rr");
            dpvs.type("ipvsadm -a -t " + IPV4_PORT_8080 + " -r 192.168.229.1:8080 -b");
            // Duplicate address detection takes a second.
            Await.until(
                    Duration.ofSeconds(10),
                    () -> ask(lab, IPV6_PORT_80, 1).contains("This is rs1."),
                    () -> "a page; there is " + ask(lab, IPV6_PORT_80, 1));

            assertEveryPage(lab, IPV6_PORT_80, """
                    Your IP and port is \\[2408::1]:(\\d+)
                    curl says 2408::1 \\1
                    """);
            // The local address has ports of its own.
            assertEveryPage(lab, IPV6_PORT_8080, """
                    Your remote_addr and remote_port is 192\\.168\\.229\\.204:\\d+
                    Your toa_remote_addr and toa_remote_port is \\[2408::1]:(\\d+)
                    curl says 2408::1 \\1
                    """);
            if (workers == 2) {
                assertThat(dpvs.ipvsadm("-lnc").succeeded()).contains("[1]tcp", "[2]tcp");
            }
            assertEveryPage(lab, IPV4_PORT_8080, """
                    Your remote_addr and remote_port is 172\\.16\\.0\\.1:(\\d+)
                    Your toa_remote_addr and toa_remote_port is \\[-]:-
                    curl says 172\\.16\\.0\\.1 \\1
                    """);
            assertThat(agent.count("with-toa")).isGreaterThanOrEqualTo(3L * CONNECTIONS);
            assertThat(agent.count("without-toa")).isZero();
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void serversKnowTheClientThroughOneWorker(int workers) {
        serversKnowTheClient(workers);
    }

    /** Each connection has the port that the client itself says it has. */
    private static void assertEveryPage(Lab lab, String service, String page) {
        String pages = ask(lab, service, CONNECTIONS);
        assertThat(Pattern.compile(page).matcher(pages).results().count())
                .as(pages)
                .isEqualTo(CONNECTIONS);
    }

    private static String ask(Lab lab, String service, int times) {
        String script =
                "for i in $(seq %d); do curl -gsS --max-time 3 -w 'curl says %%{local_ip} %%{local_port}\\n' http://%s/; done"
                        .formatted(times, service);
        return lab.client().shell(Duration.ofSeconds(60), script).output();
    }
}
