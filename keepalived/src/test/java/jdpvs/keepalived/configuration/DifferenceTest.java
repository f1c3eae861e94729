package jdpvs.keepalived.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static List<String> lines(String before, String after) {
        return ConfigurationDifference.lines(
                Conf.parse(before).configuration(), Conf.parse(after).configuration());
    }

    @Test
    void nothingWhenOnlyTheFormIsAnother() throws IOException {
        String sample = Files.readString(Conf.SAMPLE);
        String moved = "! moved\n\n" + sample.replace("advert_int 1\n", "").replace("weight 100", "weight \"100\"");
        assertThat(lines(sample, moved)).isEmpty();
        assertThat(Conf.parse(moved).configuration())
                .isEqualTo(Conf.parse(sample).configuration());
    }

    @Test
    void whatAnOperatorChangesInTheHowTosFile() throws IOException {
        String before = Files.readString(Conf.SAMPLE);
        String after = before.replaceFirst("priority 100", "priority 90")
                .replaceFirst("10\\.0\\.96\\.202\n", "10.0.96.203/24\n")
                .replaceFirst("auth_pass dpvstest", "auth_pass another")
                .replaceFirst("weight 100", "weight 50")
                .replaceFirst("connect_timeout 3", "connect_timeout 0.5")
                .replaceFirst("lb_algo rr", "lb_algo wlc")
                .replaceFirst("real_server 192\\.168\\.229\\.2 80", "real_server 192.168.229.3 80")
                .replace("virtual_server group 10.0.96.201-80-6", "virtual_server 10.0.96.201 443")
                .replace("router_id DPVS_TEST", "router_id DPVS");
        assertThat(lines(before, after))
                .containsExactly(
                        "- real_server 192.168.229.2:80 of virtual_server 10.0.96.201-80",
                        "- virtual_server 10.0.96.201-80-6 (2 real servers)",
                        "~ global_defs: router_id DPVS_TEST -> DPVS",
                        "~ vrrp_instance VI_1: priority 100 -> 90, auth_pass is another one, virtual_ipaddress 10.0.96.201/32,"
                                + " 10.0.96.202/32 -> 10.0.96.201/32, 10.0.96.203/24",
                        "~ virtual_server 10.0.96.201-80: lb_algo rr -> wlc",
                        "~ real_server 192.168.229.1:80 of virtual_server 10.0.96.201-80: weight 100 -> 50, checks TCP_CHECK {"
                                + " connect_ip 192.168.229.1 connect_port 80 delay_loop 3 retry 1 delay_before_retry 1 warmup 3"
                                + " connect_timeout 3 } -> TCP_CHECK { connect_ip 192.168.229.1 connect_port 80 delay_loop 3 retry"
                                + " 1 delay_before_retry 1 warmup 3 connect_timeout 0.5 }",
                        "+ real_server 192.168.229.3:80 of virtual_server 10.0.96.201-80",
                        "+ virtual_server [10.0.96.201]:tcp:443 (2 real servers)");
    }

    @Test
    void noPasswordIsShown() throws IOException {
        String before = Files.readString(Conf.SAMPLE);
        assertThat(String.join("\n", lines(before, before.replace("auth_pass dpvstest", "auth_pass s3cret"))))
                .contains("auth_pass is another one")
                .doesNotContain("dpvstest")
                .doesNotContain("s3cret");
    }

    /** Each line of a file that says something to nearly every key: without it, something is told, and back again too. */
    @Test
    void everyKeyThatCountsIsTold() {
        KeepalivedConfiguration whole = Conf.parse(Everything.TEXT).configuration();
        List<String> lines = Everything.TEXT.lines().toList();
        int told = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.endsWith("{") || line.equals("}")) {
                continue;
            }
            String without = String.join("\n", lines.subList(0, i)) + "\n"
                    + String.join("\n", lines.subList(i + 1, lines.size()));
            KeepalivedConfiguration less = Conf.parse(without).configuration();
            if (!whole.equals(less)) {
                assertThat(ConfigurationDifference.lines(whole, less)).as(line).isNotEmpty();
                assertThat(ConfigurationDifference.lines(less, whole)).as(line).isNotEmpty();
                told++;
            }
        }
        assertThat(told).isGreaterThan(170);
    }
}
