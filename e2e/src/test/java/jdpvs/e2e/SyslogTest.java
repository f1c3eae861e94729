package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The how-to's {@code -S 0} and its line {@code local0.*} for rsyslogd, on a /dev of the test's own. */
class SyslogTest {
    private static final String SCRIPT = """
            set -e
            mount -t tmpfs none /mnt
            cp -a /dev/null /dev/zero /dev/urandom /dev/random /mnt/
            mkdir /mnt/shm
            mount --bind /mnt /dev
            rsyslogd -n -f "$1/rsyslog.conf" -i "$1/rsyslogd.pid" &
            for round in $(seq 50); do [ -S /dev/log ] && break; sleep 0.1; done
            "$2" -f "$1/keepalived.conf" -p "$1/keepalived.pid" -D -d -S 0
            kill -HUP $(cat "$1/keepalived.pid")
            for round in $(seq 100); do grep -q ': reloaded ' "$1/keepalived.log" && break; sleep 0.1; done
            kill $(cat "$1/keepalived.pid")
            for round in $(seq 100); do [ -e "$1/keepalived.pid" ] || break; sleep 0.1; done
            kill $!
            wait $! || true
            """;

    @Test
    void whatKeepalivedSaysIsInTheFileOfItsFacility(@TempDir Path directory) throws IOException {
        Path log = directory.resolve("keepalived.log");
        Dpvs.write(
                directory.resolve("rsyslog.conf"),
                "module(load=\"imuxsock\")\nlocal0.* " + log + "\n*.*;local0.none " + directory.resolve("rest.log")
                        + "\n");
        Dpvs.write(directory.resolve("keepalived.conf"), """
                vrrp_instance VI_1 {
                    interface absent.kni
                    dpdk_interface absent
                    virtual_router_id 9
                    authentication {
                        auth_type PASS
                        auth_pass hidden
                    }
                    virtual_ipaddress {
                        192.0.2.9
                    }
                }
                """);
        Shell.run(
                        Duration.ofSeconds(60),
                        List.of(
                                "unshare",
                                "-m",
                                "bash",
                                "-c",
                                SCRIPT,
                                "-",
                                directory.toString(),
                                Dpvs.program("keepalived")),
                        Map.of("DPVS_IPC_FILE", directory.resolve("absent.ipc").toString()),
                        "")
                .succeeded();
        assertThat(Files.readString(log))
                .contains("Keepalived[", "Keepalived_vrrp: (VI_1) Entering FAULT STATE", "Keepalived: stopping")
                .contains("auth_pass", "waiting for dpvs at ")
                .doesNotContain("hidden");
        assertThat(Files.readString(directory.resolve("rest.log"))).doesNotContain("Keepalived");
    }
}
