package jdpvs.keepalived.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdpvs.control.Control;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.UnreachableException;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.KeepalivedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ha_suspend}, with an instance that is never master: its interface does not exist. No dpvs runs. */
class SuspendedChecksTest {
    private static final String INSTANCE = """
            vrrp_instance VI_1 {
                interface none0
                virtual_router_id 7
                priority 100
                virtual_ipaddress {
                    203.0.113.10/32 dev dpdk0
                }
                virtual_ipaddress_excluded {
                    203.0.113.11/32 dev dpdk0
                }
            }
            """;
    private static final String SERVICE = """
            virtual_server 203.0.113.%d 80 {
                ha_suspend
                protocol TCP
                delay_loop 1
                real_server 192.0.2.1 80 {
                    weight 1
                    MISC_CHECK {
                        misc_path "/bin/true"
                    }
                }
            }
            """;

    @TempDir
    private Path directory = Path.of("");

    private static Rooms start(String... words) {
        return Rooms.start(
                (Control) Proxy.newProxyInstance(
                        Control.class.getClassLoader(), new Class<?>[] {Control.class}, (proxy, method, arguments) -> {
                            throw new UnreachableException("no dpvs here");
                        }),
                Options.parse(words));
    }

    private KeepalivedConfiguration configuration(String text) throws Exception {
        KeepalivedFile.Loaded loaded =
                KeepalivedFile.load(Files.writeString(directory.resolve("keepalived.conf"), text), "");
        assertThat(loaded.unusable()).as(loaded.messages().toString()).isFalse();
        return loaded.configuration();
    }

    private static List<Long> attempts(Rooms rooms) {
        return rooms.report().virtualServers().stream()
                .map(KeepalivedReport.VirtualServer::servers)
                .map(servers -> servers.getFirst().checks().getFirst().attempts())
                .toList();
    }

    /** Waits until services have been checked, in the file's order. */
    private static void await(Rooms rooms, boolean... checked) throws InterruptedException {
        for (int i = 0; i < 400; i++) {
            List<Long> attempts = attempts(rooms);
            boolean all = true;
            for (int service = 0; service < checked.length; service++) {
                all &= !checked[service] || attempts.get(service) >= 2;
            }
            if (all) {
                break;
            }
            Thread.sleep(50);
        }
        List<Long> attempts = attempts(rooms);
        for (int service = 0; service < checked.length; service++) {
            assertThat(attempts.get(service) > 0)
                    .as("%s of %s", service, attempts)
                    .isEqualTo(checked[service]);
        }
    }

    private static String services() {
        return SERVICE.formatted(10) + SERVICE.formatted(11) + SERVICE.formatted(20);
    }

    @Test
    void onlyAddressesOfInstancesSuspend() throws Exception {
        try (Rooms rooms = start()) {
            rooms.load(configuration(INSTANCE + services()));
            await(rooms, false, false, true);
            rooms.load(configuration(INSTANCE.replace("203.0.113.11/", "203.0.113.12/") + services()));
            await(rooms, false, true, true);
            rooms.load(configuration(services()));
            await(rooms, true, true, true);
        }
    }

    @Test
    void withoutVrrpNothingIsSuspended() throws Exception {
        try (Rooms rooms = start("-C")) {
            rooms.load(configuration(INSTANCE + services()));
            await(rooms, true, true, true);
        }
    }
}
