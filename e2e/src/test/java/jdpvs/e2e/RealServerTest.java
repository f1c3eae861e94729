package jdpvs.e2e;

import static jdpvs.e2e.ClientAddressContract.ownNames;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers with the agent behind full-NAT: other servers than nginx, a change of programs under load, two servers on one kernel, clients that lie. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealServerTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String LIP = "192.168.229.204";

    private Lab lab;
    private Dpvs dpvs;
    /** Of server 1 alone. */
    private Agent agent;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        agent = Agent.load();
        lab.startWebServer(1, agent.controlGroup);
        dpvs = Dpvs.start(lab, Configuration.twoArm());
        dpvs.typeHowToNetwork();
        service(80, 1);
    }

    @AfterAll
    void stop() {
        Closing.all(dpvs, lab, agent);
    }

    private void service(int port, int... servers) {
        dpvs.typeHowToService("-t 10.0.96.204:" + port, "rr");
        for (int server : servers) {
            dpvs.type("ipvsadm -a -t 10.0.96.204:%d -r 192.168.229.%d:%d -b".formatted(port, server, port));
        }
    }

    private String asked(int port, int number) {
        try (Running asking = lab.client().peer("ask-client 10.0.96.204 " + port + " " + number)) {
            assertThat(asking.awaitExit(LONG)).isZero();
            return asking.printed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve-client 8001", "serve-client-nio 8002"})
    void javasServersSeeTheClients(String role) {
        int port = Integer.parseInt(role.split(" ")[1]);
        service(port, 1);
        try (Running server = lab.server(1).in(agent.controlGroup).peer(role)) {
            server.awaitPrinted("ready", Duration.ofSeconds(15));
            assertThat(ownNames(asked(port, 500))).hasSize(500);
        }
    }

    @Test
    void upgradesUnderLoadAreNotNoticed() {
        try (Running asking = lab.client().peer("keep-asking-client 10.0.96.204 80")) {
            for (int upgrades = 0; upgrades < 4; upgrades++) {
                awaitAnswers(asking, "", 500);
                assertThat(agent.toa("load").succeeded()).startsWith("upgraded on ");
            }
            awaitAnswers(asking, "", 500);
            asking.endOfInput();
            assertThat(asking.awaitExit(LONG)).isZero();
            ownNames(asking.printed());
        }
    }

    @Test
    void unloadingUnderLoadCostsNoConnection() {
        try (Running asking = lab.client().peer("keep-asking-client 10.0.96.204 80")) {
            awaitAnswers(asking, "", 500);
            agent.toa("unload").succeeded();
            awaitAnswers(asking, " " + LIP + ":", 500);
            asking.endOfInput();
            assertThat(asking.awaitExit(LONG)).isZero();
            assertThat(asking.printed().lines().filter(line -> !line.equals("done")))
                    .map(line -> line.split(" ", 2))
                    .allSatisfy(pair -> assertThat(pair[1].equals(pair[0]) || pair[1].startsWith(LIP + ":"))
                            .as("%s saw %s", pair[0], pair[1])
                            .isTrue());
        } finally {
            agent.load("--trust " + LIP);
        }
        assertThat(ownNames(asked(80, 50))).hasSize(50);
    }

    /** Waits for more of them, under load. */
    private static void awaitAnswers(Running asking, String with, int more) {
        long before = count(asking, with);
        Await.until(Duration.ofSeconds(30), () -> count(asking, with) > before + more, () -> more + " answers");
    }

    private static long count(Running asking, String with) {
        return asking.printed().lines().filter(line -> line.contains(with)).count();
    }

    @Test
    void twoServersOnOneKernelEachWithItsOwnAgent() {
        service(8003, 1, 2);
        try (Agent distrustful = Agent.create();
                Running first = lab.server(1).in(agent.controlGroup).peer("serve-client 8003");
                Running second = lab.server(2).in(distrustful.controlGroup).peer("serve-client 8003")) {
            distrustful.load("--trust 192.0.2.1");
            first.awaitPrinted("ready", Duration.ofSeconds(15));
            second.awaitPrinted("ready", Duration.ofSeconds(15));
            List<String[]> pairs = asked(8003, 400)
                    .lines()
                    .filter(line -> !line.equals("done"))
                    .map(line -> line.split(" ", 2))
                    .toList();
            assertThat(pairs.stream().filter(pair -> pair[1].equals(pair[0]))).hasSize(200);
            assertThat(pairs.stream().filter(pair -> pair[1].startsWith(LIP + ":")))
                    .hasSize(200);
            assertThat(distrustful.count("untrusted")).isEqualTo(200);
        }
    }

    @Test
    void aClientThatLiesToTheServerDirectlyIsNotBelieved() {
        Host liar = lab.server(2);
        liar.claims("192.168.229.77", "eth0", lab.server(1), "eth0");
        long before = agent.count("untrusted");
        String page = forge(liar, lab.server(1).macAddress("eth0"), "192.168.229.77", "192.168.229.1");
        assertThat(page).contains("Your IP and port is 192.168.229.77:4077");
        assertThat(agent.count("untrusted")).isEqualTo(before + 1);
    }

    @Test
    void aClientThatLiesThroughTheBalancerIsNotBelieved() {
        Host liar = lab.client();
        liar.claims("172.16.0.77", "eth0", lab.gateway(), "inside");
        long before = agent.count("with-toa");
        String page = forge(liar, lab.gateway().macAddress("inside"), "172.16.0.77", "10.0.96.204");
        assertThat(page).contains("Your IP and port is 172.16.0.77:4077");
        assertThat(agent.count("with-toa")).isEqualTo(before + 1);
    }

    /** Says that the client is 198.51.100.1:1. */
    private static String forge(Host liar, String mac, String source, String destination) {
        return liar.run(Shell.HOME.resolve("lab/forging-client") + " eth0 " + mac + " " + source + " 4077 "
                        + destination + " 80 fe080001c6336401")
                .succeeded();
    }

    @Test
    void mptcpOnBothEnds() {
        service(8262, 1);
        String server = """
                import socket
                listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(("", 8262))
                listener.listen()
                print("ready", flush=True)
                while True:
                    connection, address = listener.accept()
                    connection.recv(100)
                    connection.sendall(("%s:%d %s:%d" % (address + connection.getpeername())).encode())
                    connection.close()
                """;
        String client = """
                import socket
                for _ in range(20):
                    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
                    connection.settimeout(15)
                    connection.connect(("10.0.96.204", 8262))
                    connection.sendall(b"x")
                    print("%s:%d" % connection.getsockname(), connection.recv(100).decode())
                """;
        Dpvs.write(lab.directory().resolve("mptcp-server.py"), server);
        Dpvs.write(lab.directory().resolve("mptcp-client.py"), client);
        try (Running running = lab.server(1)
                .in(agent.controlGroup)
                .start("python3 " + lab.directory().resolve("mptcp-server.py"))) {
            running.awaitPrinted("ready", Duration.ofSeconds(15));
            long before = agent.count("mptcp");
            List<String[]> connections = lab.client()
                    .run("python3 " + lab.directory().resolve("mptcp-client.py"))
                    .succeeded()
                    .lines()
                    .map(line -> line.split(" "))
                    .toList();
            assertThat(connections)
                    .hasSize(20)
                    .allSatisfy(names -> assertThat(names).hasSize(3).containsOnly(names[0]));
            assertThat(agent.count("mptcp")).isEqualTo(before + 20);
        }
    }

    @Test
    void loadedInsideANamespaceThePinsOutlastIt() {
        try (Agent other = Agent.create()) {
            lab.server(1)
                    .run(Dpvs.program("toa") + " load --trust " + LIP + " --cgroup " + other.controlGroup + " --pin "
                            + other.pins)
                    .succeeded();
            assertThat(other.pins).exists();
            assertThat(other.toa("status").succeeded()).contains("cgroup      " + other.controlGroup);
            assertThat(lab.server(2)
                            .run(Dpvs.program("toa") + " unload --pin " + other.pins)
                            .succeeded())
                    .isEqualTo("unloaded from " + other.controlGroup + "\n");
            assertThat(Files.exists(other.pins)).isFalse();
        }
    }
}
