package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that tell the client's address in PROXY headers, to nginx, HAProxy and dnsdist, in all four ways between the families at once. */
class ProxyProtocolTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MEBIBYTES = 50;
    private static final String FORGED = "PROXY TCP4 6.6.6.6 7.7.7.7 1 2\\r\\n";

    /** What a service is for; services of one way stand on ports that follow each other. */
    enum Purpose {
        NGINX_V1("v1", 1, 8080),
        NGINX_V2("v2", 1, 8080),
        HAPROXY_V1("v1", 2, 8081),
        HAPROXY_V2("v2", 2, 8081),
        NGINX_V1_INSECURE("v1-insecure", 1, 8080),
        NGINX_V2_INSECURE("v2-insecure", 1, 8080),
        SINK("v2", 2, 9001),
        BANNER("v1", 2, 9002);

        final String mode;
        final int server;
        final int serverPort;

        Purpose(String mode, int server, int serverPort) {
            this.mode = mode;
            this.server = server;
            this.serverPort = serverPort;
        }
    }

    /** The client's family and the servers'. */
    enum Way {
        FOUR("10.0.96.204", "192.168.229.204", "192.168.229.", 8000, 53),
        NAT46("10.0.96.204", "2407::201", "2407::", 8100, 5353),
        SIX("2001::201", "2407::201", "2407::", 8000, 53),
        NAT64("2001::201", "192.168.229.204", "192.168.229.", 8100, 5353);

        final String vip;
        final String lip;
        final String servers;
        final int firstPort;
        final int dnsPort;

        Way(String vip, String lip, String servers, int firstPort, int dnsPort) {
            this.vip = vip;
            this.lip = lip;
            this.servers = servers;
            this.firstPort = firstPort;
            this.dnsPort = dnsPort;
        }

        private static String bracketed(String address) {
            return address.contains(":") ? "[" + address + "]" : address;
        }

        int port(Purpose purpose) {
            return firstPort + purpose.ordinal();
        }

        String at(Purpose purpose) {
            return bracketed(vip) + ":" + port(purpose);
        }

        /** As {@code ipvsadm -R} takes it. */
        String services() {
            StringBuilder text = new StringBuilder();
            for (Purpose purpose : Purpose.values()) {
                service(text, "-t " + at(purpose), purpose.mode, purpose.server, purpose.serverPort);
            }
            service(text, "-u " + bracketed(vip) + ":" + dnsPort, "v2", 1, 53);
            return text.toString();
        }

        private void service(StringBuilder text, String service, String mode, int server, int port) {
            text.append("-A %s -s rr --proxy-protocol %s%n".formatted(service, mode));
            text.append("-a %s -r %s:%d -b -w 1%n".formatted(service, bracketed(servers + server), port));
            text.append("-P %s -z %s -F dpdk0%n".formatted(service, lip));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 2)
    void serversSeeTheClient(int workers) {
        try (Lab lab = Lab.twoArm("--ipv6");
                Dpvs dpvs = Dpvs.start(lab, Configuration.twoArm().workers(workers));
                Running nginx = nginx(lab);
                Running haproxy = haproxy(lab);
                Running dnsdist = dnsdist(lab)) {
            lab.startWebServers("--ipv6");
            dpvs.type(
                    "dpip addr add 10.0.96.204/32 dev dpdk2",
                    "dpip addr add 2001::201/128 dev dpdk2",
                    "dpip route add 10.0.96.0/24 dev dpdk2",
                    "dpip route add default via 10.0.96.254 dev dpdk2",
                    "dpip route -6 add 2001::/64 dev dpdk2",
                    "dpip route -6 add default via 2001::1 dev dpdk2",
                    "dpip route add 192.168.229.0/24 dev dpdk0",
                    "dpip route -6 add 2407::/64 dev dpdk0");
            StringBuilder services = new StringBuilder();
            for (Way way : Way.values()) {
                services.append(way.services());
            }
            dpvs.ipvsadm("-R", services.toString()).succeeded();
            assertThat(dpvs.ipvsadm("-ln").succeeded())
                    .contains("TCP  10.0.96.204:8000 rr ppv1\n", "TCP  [2001::201]:8005 rr ppv2-insecure\n");
            assertThat(dpvs.ipvsadm("-S -n").succeeded()).contains("--proxy-protocol v2-insecure");
            Await.until(
                    Duration.ofSeconds(10),
                    () -> curl(lab, Way.SIX, Purpose.NGINX_V1, "").exitCode() == 0
                            && curl(lab, Way.FOUR, Purpose.HAPROXY_V1, "").exitCode() == 0,
                    () -> "pages; nginx: " + nginx.printed() + " HAProxy: " + haproxy.printed());

            for (Way way : Way.values()) {
                pages(lab, way);
                forged(lab, way);
                serverSpeaksFirst(lab, way);
                datagrams(lab, way, dnsdist);
            }
            traced(dpvs);
            uploads(lab);
            wrk(lab);
            assertThat(nginx.printed()).doesNotContain("broken header");
            for (String defect : List.of("flow-collision", "internal-error", "bad-ip-length", "buffers-exhausted")) {
                assertThat(dpvs.drops(defect)).as(defect).isZero();
            }
        }
    }

    @Soak
    @ParameterizedTest
    @ValueSource(ints = 1)
    void serversSeeTheClientThroughOneWorker(int workers) {
        serversSeeTheClient(workers);
    }

    /** A page that says whom the server sees, then whom the client thinks it is. */
    private static Outcome curl(Lab lab, Way way, Purpose purpose, String options) {
        return lab.client()
                .shell(
                        PATIENCE,
                        "curl -sS --max-time 5 -g " + options + " -w '%{local_ip} %{local_port} ' http://"
                                + way.at(purpose) + "/");
    }

    private static void pages(Lab lab, Way way) {
        for (Purpose purpose : List.of(
                Purpose.NGINX_V1,
                Purpose.NGINX_V2,
                Purpose.HAPROXY_V1,
                Purpose.HAPROXY_V2,
                Purpose.NGINX_V1_INSECURE,
                Purpose.NGINX_V2_INSECURE)) {
            for (String options : List.of("", "--haproxy-protocol")) {
                String[] lines = curl(lab, way, purpose, options).succeeded().split("\n");
                assertThat(lines).as("%s %s %s", way, purpose, options).hasSize(2);
                assertThat(lines[0]).isEqualTo(lines[1] + way.vip + " " + way.port(purpose));
            }
        }
    }

    /** A client that claims to be somebody else, in one segment with its request. */
    private static void forged(Lab lab, Way way) {
        for (Purpose purpose : List.of(
                Purpose.NGINX_V1,
                Purpose.NGINX_V2,
                Purpose.HAPROXY_V2,
                Purpose.NGINX_V1_INSECURE,
                Purpose.NGINX_V2_INSECURE)) {
            String page = lab.client()
                    .shell(
                            PATIENCE,
                            "printf '" + FORGED + "GET / HTTP/1.0\\r\\n\\r\\n' | socat -t3 - TCP:" + way.at(purpose))
                    .succeeded();
            String expected = purpose.mode.endsWith("insecure")
                    ? "6.6.6.6 1 7.7.7.7 2"
                    : (way.vip.contains(":") ? "2408::1 " : "172.16.0.1 ");
            assertThat(page).as("%s %s", way, purpose).contains("200 OK", "\n" + expected);
        }
    }

    private static void serverSpeaksFirst(Lab lab, Way way) {
        String said = lab.client()
                .shell(PATIENCE, "socat -u -T5 TCP:" + way.at(Purpose.BANNER) + " -")
                .succeeded();
        assertThat(said).as("%s", way).isEqualTo("hello\n");
    }

    /** dnsdist answers 1.2.3.4 to the client alone. */
    private static void datagrams(Lab lab, Way way, Running dnsdist) {
        String answer = lab.client()
                .run("dig +short +tries=2 +time=2 -p " + way.dnsPort + " @" + way.vip + " www.example.test A")
                .output();
        assertThat(answer).as("%s; %s", way, dnsdist.printed()).isEqualTo("1.2.3.4\n");
    }

    private static void traced(Dpvs dpvs) {
        Outcome outcome = dpvs.dpvsctl("trace --packet 172.16.0.1:999 10.0.96.204:8001");
        assertThat(outcome.succeeded()).contains("the server answered: SYN-ACK");
    }

    /** Segments of 64 KB behind a header, with checksum. */
    private static void uploads(Lab lab) {
        Download file = Download.of(lab, MEBIBYTES);
        String path = Path.of("target", file.name()).toAbsolutePath().toString();
        for (Way way : List.of(Way.FOUR, Way.NAT64)) {
            try (Running sink = lab.server(2)
                    .start(
                            List.of("bash", "-c", "socat -u TCP4-LISTEN:9101,reuseaddr - | sha256sum"),
                            lab.directory().resolve("sink-" + way + ".log"),
                            Map.of())) {
                Await.pause(Duration.ofMillis(500));
                lab.client()
                        .run(PATIENCE, "socat -u OPEN:" + path + " TCP:" + way.at(Purpose.SINK))
                        .succeeded();
                sink.awaitPrinted(file.checksum(), Duration.ofSeconds(20));
            }
        }
    }

    private static void wrk(Lab lab) {
        for (Way way : Way.values()) {
            for (String header : List.of("", " -H 'Connection: close'")) {
                String report = lab.client()
                        .shell(PATIENCE, "wrk -t1 -c50 -d1 " + header + " http://" + way.at(Purpose.NGINX_V2) + "/")
                        .succeeded();
                assertThat(report).as("%s%s", way, header).doesNotContain("Socket errors", "Non-2xx");
            }
        }
    }

    private static Running nginx(Lab lab) {
        Path directory = lab.directory().resolve("proxy-nginx");
        Path file = write(directory.resolve("nginx.conf"), """
                user root;
                worker_processes 1;
                daemon off;
                pid DIR/nginx.pid;
                error_log stderr info;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    client_body_temp_path DIR/body;
                    proxy_temp_path DIR/proxy;
                    fastcgi_temp_path DIR/fastcgi;
                    uwsgi_temp_path DIR/uwsgi;
                    scgi_temp_path DIR/scgi;
                    server {
                        listen [::]:8080 ipv6only=off proxy_protocol backlog=4096;
                        default_type text/plain;
                        location / {
                            return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port\\n";
                        }
                    }
                }
                """.replace("DIR", directory.toString()));
        return lab.server(1)
                .start(
                        List.of("nginx", "-e", "stderr", "-c", file.toString()),
                        directory.resolve("nginx.log"),
                        Map.of());
    }

    private static Running haproxy(Lab lab) {
        Path directory = lab.directory().resolve("proxy-haproxy");
        Path file = write(directory.resolve("haproxy.cfg"), """
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                frontend pages
                    bind :::8081 v4v6 accept-proxy
                    http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst] %[dst_port]\\n"
                listen sink
                    mode tcp
                    bind :::9001 v4v6 accept-proxy
                    server sink 127.0.0.1:9101
                listen banner
                    mode tcp
                    bind :::9002 v4v6 accept-proxy
                    server banner 127.0.0.1:9102
                """);
        List<String> both = List.of(
                "bash",
                "-c",
                "socat TCP4-LISTEN:9102,fork,reuseaddr SYSTEM:'echo hello' & exec haproxy -db -f " + file);
        return lab.server(2).start(both, directory.resolve("haproxy.log"), Map.of());
    }

    private static Running dnsdist(Lab lab) {
        Path directory = lab.directory().resolve("proxy-dnsdist");
        Path file = write(directory.resolve("dnsdist.conf"), """
                setLocal("0.0.0.0:53")
                addLocal("[::]:53")
                setACL({"0.0.0.0/0", "::/0"})
                setProxyProtocolACL({"192.168.229.204/32", "2407::201/128"})
                addAction({"172.16.0.1/32", "2408::1/128"}, SpoofAction("1.2.3.4"))
                addAction(AllRule(), SpoofAction("9.9.9.9"))
                """);
        return lab.server(1)
                .start(
                        List.of("dnsdist", "--supervised", "--disable-syslog", "-C", file.toString()),
                        directory.resolve("dnsdist.log"),
                        Map.of());
    }

    private static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
