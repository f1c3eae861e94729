package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code $toa_remote_addr} and {@code $toa_remote_port} on the distribution's nginx, with the log format and the map of docs/guide/real-server.md. What a NAT64 balancer would
 * send is made by hand: an IPv4 connection with an IPv6 client's option, from an address that the agent trusts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NginxModuleTest {
    private static final String BALANCER = "192.168.229.77";
    private static final String IPV4_CLIENT = "fe08f57cac100001";
    private static final String IPV6_CLIENT = "fe1495ef" + "24080000000000000000000000000001";
    private static final String OTHER_IPV6_CLIENT = "fe1425d4" + "24080000000000000000000000000002";

    /** As in docs/guide/real-server.md. */
    private static final String GUIDE = """
            map $remote_addr $client_addr {
                default            $remote_addr;
                "~^::ffff:(.+)$"   $1;
            }
            log_format toa 'toa_remote_addr=$toa_remote_addr | toa_remote_port=$toa_remote_port | remote_addr=$remote_addr | remote_port=$remote_port';

            map $toa_remote_addr $real_remote_addr {
                default $toa_remote_addr;
                '-'     $remote_addr;
            }
            map $toa_remote_port $real_remote_port {
                default $toa_remote_port;
                '-'     $remote_port;
            }
            """;

    @TempDir
    private static Path installed;

    private Lab lab;
    private Agent agent;
    private Path log;
    private Running nginx;
    private String mac = "";
    private int port = 5000;

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        agent = Agent.create();
        agent.load("--trust " + BALANCER);
        Shell.run(
                        Duration.ofMinutes(2),
                        List.of(
                                "make",
                                "-s",
                                "-C",
                                "toa/nginx",
                                "install",
                                "BUILD=" + Lab.buildNginxModule().getParent(),
                                "DESTDIR=" + installed,
                                "MODULES_PATH=/modules"),
                        Map.of(),
                        "")
                .succeeded();
        Path directory = lab.directory();
        log = directory.resolve("toa.log");
        Path configuration = directory.resolve("toa.conf");
        Dpvs.write(configuration, """
                load_module %s/modules/ngx_http_toa_module.so;
                user root;
                daemon off;
                pid %s/toa.pid;
                error_log %s/toa-error.log;
                events {}
                http {
                    %s
                    access_log %s toa;
                    default_type text/plain;
                    server {
                        listen 80;
                        location / { return 200 "remote $remote_addr:$remote_port\\ntoa $toa_remote_addr:$toa_remote_port\\nreal $real_remote_addr:$real_remote_port\\n"; }
                        location /proxied {
                            proxy_set_header X-Forwarded-For "$real_remote_addr,$proxy_add_x_forwarded_for";
                            proxy_pass http://127.0.0.1:81;
                        }
                    }
                    server {
                        listen 127.0.0.1:81;
                        location / { return 200 "forwarded for $http_x_forwarded_for\\n"; }
                    }
                    server {
                        listen [::]:82 ipv6only=off;
                        location / { return 200 "remote $remote_addr:$remote_port\\nclient $client_addr\\n"; }
                    }
                }
                """.formatted(installed, directory, directory, GUIDE, log));
        nginx = lab.server(1)
                .in(agent.controlGroup)
                .start("nginx -q -p " + directory + " -e " + directory + "/toa-error.log -c " + configuration);
        Await.until(
                Duration.ofSeconds(15),
                () -> lab.server(1).run("curl -s http://127.0.0.1/").exitCode() == 0,
                () -> nginx.printed());
        mac = lab.server(1).macAddress("eth0");
        lab.server(2).claims(BALANCER, "eth0", lab.server(1), "eth0");
    }

    @AfterAll
    void stop() {
        Closing.all(nginx, lab, agent);
    }

    /** What a client behind a balancer gets. */
    private String ask(int serverPort, String option, String path) {
        return lab.server(2)
                .run("%s eth0 %s %s %d 192.168.229.1 %d %s %s"
                        .formatted(
                                Shell.HOME.resolve("lab/forging-client"),
                                mac,
                                BALANCER,
                                ++port,
                                serverPort,
                                option,
                                path))
                .succeeded();
    }

    @Test
    void anIpv6ClientOfAnIpv4Connection() throws Exception {
        assertThat(ask(80, IPV6_CLIENT, "/"))
                .contains("remote " + BALANCER + ":" + port + "\n", "toa 2408::1:38383\n", "real 2408::1:38383\n");
        assertThat(Files.readString(log))
                .contains("toa_remote_addr=2408::1 | toa_remote_port=38383 | remote_addr=" + BALANCER
                        + " | remote_port=" + port + "\n");
        assertThat(ask(80, IPV6_CLIENT, "/proxied")).contains("forwarded for 2408::1," + BALANCER + "\n");
    }

    @Test
    void anIpv4ClientNeedsNoModule() {
        assertThat(ask(80, IPV4_CLIENT, "/"))
                .contains("remote 172.16.0.1:62844\n", "toa -:-\n", "real 172.16.0.1:62844\n");
        assertThat(ask(80, IPV4_CLIENT, "/proxied")).contains("forwarded for 172.16.0.1,172.16.0.1\n");
    }

    @Test
    void aListenerOfBothFamiliesNeedsNoneEither() {
        assertThat(ask(82, IPV6_CLIENT, "/")).contains("remote 2408::1:38383\n", "client 2408::1\n");
        assertThat(ask(82, IPV4_CLIENT, "/")).contains("remote ::ffff:172.16.0.1:62844\n", "client 172.16.0.1\n");
    }

    @Test
    void requestsOfOneConnectionAgreeAndTheNextConnectionHasItsOwnClient() {
        assertThat(toaLines(IPV6_CLIENT)).containsExactly("toa 2408::1:38383", "toa 2408::1:38383");
        assertThat(toaLines(OTHER_IPV6_CLIENT)).containsExactly("toa 2408::2:9684", "toa 2408::2:9684");
        assertThat(toaLines(IPV4_CLIENT)).containsExactly("toa -:-", "toa -:-");
    }

    /** What two requests of one connection see. */
    private List<String> toaLines(String option) {
        return ask(80, option, "/ /")
                .lines()
                .filter(line -> line.startsWith("toa "))
                .toList();
    }

    @Test
    void theGuideSaysWhatIsTestedHere() throws Exception {
        String guide = Files.readString(Shell.HOME.resolve("docs/guide/real-server.md"));
        assertThat(guide.lines().map(String::strip))
                .containsAll(GUIDE.lines().map(String::strip).toList());
    }
}
