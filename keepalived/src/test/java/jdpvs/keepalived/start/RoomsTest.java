package jdpvs.keepalived.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdpvs.control.Control;
import jdpvs.control.ControlClient;
import jdpvs.control.KeepalivedReport;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.KeepalivedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ha_suspend}: whether checks pause depends on VRRP, which may not know of an address. */
@Timeout(300)
class RoomsTest {
    private static final String SERVERS =
            server(1, "ha_suspend") + server(2, "ha_suspend") + server(3, "ha_suspend") + server(4, "");

    @TempDir
    Path directory;

    private static String server(int number, String line) {
        return """
                virtual_server 192.0.2.%d 80 {
                    protocol TCP
                    %s
                    real_server 192.0.2.11 80 {
                        MISC_CHECK {
                            misc_path /bin/true
                            delay_loop 0.25
                            warmup 0
                        }
                    }
                }
                """.formatted(number, line);
    }

    /** It never is master, for its interface is not there. */
    private static String instance(int id, String addresses) {
        return """
                vrrp_instance V%d {
                    interface no-such-link
                    dpdk_interface dpdk0
                    virtual_router_id %d
                    %s
                }
                """.formatted(id, id, addresses);
    }

    private KeepalivedConfiguration configuration(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("k.conf"), text);
        KeepalivedFile.Loaded loaded = KeepalivedFile.load(file, "");
        assertThat(loaded.messages()).isEmpty();
        return loaded.configuration();
    }

    private Control noDpvs() {
        return new ControlClient(directory.resolve("socket"), Duration.ofSeconds(1));
    }

    /** Of each virtual server's check, by the address's last number. */
    private static Map<Integer, Long> attempts(Rooms rooms) {
        Map<Integer, Long> attempts = new TreeMap<>();
        for (KeepalivedReport.VirtualServer server : rooms.report().virtualServers()) {
            String address = server.services().getFirst().address().toString();
            attempts.put(
                    Integer.valueOf(address.substring(address.lastIndexOf('.') + 1)),
                    server.servers().getFirst().checks().getFirst().attempts());
        }
        return attempts;
    }

    private static void awaitAttempts(Rooms rooms, Map<Integer, Long> since, List<Integer> servers) throws Exception {
        for (int server : servers) {
            Kept.await(
                    "checks of " + server,
                    () -> attempts(rooms).getOrDefault(server, 0L) >= since.getOrDefault(server, 0L) + 3);
        }
    }

    @Test
    void addressesOfNoInstanceAreNotElsewhere() throws Exception {
        String first = instance(1, "virtual_ipaddress {\n192.0.2.1\n}\nvirtual_ipaddress_excluded {\n192.0.2.2\n}");
        try (Rooms rooms = Rooms.start(noDpvs(), Options.parse())) {
            rooms.load(configuration(first + SERVERS));
            awaitAttempts(rooms, Map.of(), List.of(3, 4));
            assertThat(attempts(rooms)).containsEntry(1, 0L).containsEntry(2, 0L);
            rooms.load(configuration(first.replace("192.0.2.1\n", "192.0.2.3\n") + SERVERS));
            awaitAttempts(rooms, Map.of(), List.of(1));
            Map<Integer, Long> then = attempts(rooms);
            awaitAttempts(rooms, then, List.of(1, 4));
            assertThat(attempts(rooms)).containsEntry(2, 0L);
            // One may have been on its way.
            assertThat(attempts(rooms).getOrDefault(3, 0L)).isLessThanOrEqualTo(then.getOrDefault(3, 0L) + 1);
            // Without instances nobody moves any.
            rooms.load(configuration(SERVERS));
            awaitAttempts(rooms, Map.of(), List.of(2));
        }
    }

    @Test
    void withoutVrrpNobodyKnows() throws Exception {
        try (Rooms rooms = Rooms.start(noDpvs(), Options.parse("-C"))) {
            rooms.load(configuration(instance(1, "virtual_ipaddress {\n192.0.2.1\n}") + SERVERS));
            awaitAttempts(rooms, Map.of(), List.of(1, 2, 3, 4));
        }
    }
}
