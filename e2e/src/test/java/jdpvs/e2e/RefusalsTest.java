package jdpvs.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that a living daemon refuses: each is told what is wrong, and all that it has stays as it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsTest {
    private Lab lab;
    private Dpvs dpvs;

    /** What there is, before all that is refused and after each of it. */
    private String before = "";

    @BeforeAll
    void start() {
        lab = Lab.twoArm();
        dpvs = Dpvs.start(lab, Configuration.twoArm());
        dpvs.typeHowToNetwork();
        dpvs.typeHowToService("-t 10.0.96.204:80", "rr");
        dpvs.type("ipvsadm -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b");
        before = everything();
        assertThat(before).contains("10.0.96.204", "192.168.229.1:80");
    }

    @AfterAll
    void stop() {
        Closing.all(dpvs, lab);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dpip    | addr add 10.10.1.300/32 dev dpdk0                                      | 1   | invalid ipaddress: unspec 10.10.1.300
                    dpip    | addr add 10.10.1.1/32 dev dpdk9                                        | 1   | not exist
                    dpip    | addr add 10.10.1.1/32                                                  | 1   | no device specified
                    dpip    | addr add 10.0.96.204/32 dev dpdk2                                      | 1   | already exist
                    dpip    | addr del 10.0.96.205/32 dev dpdk2                                      | 1   | not exist
                    dpip    | route add 10.9.0.0/16 via 10.0.96.254 dev dpdk9                        | 1   | not exist
                    dpip    | route frob                                                             | 1   | invalid command frob
                    dpip    | -f fish addr show                                                       | 1   | invalid family
                    dpip    | foo show                                                               | 1   | invalid object
                    dpip    | neigh add 10.0.96.9 lladdr 00:00:00:00:00:00 dev dpdk2                 | 1   | invalid MAC address
                    ipvsadm | -A -t 10.0.96.204:80 -s rr                                             | 253 | already exist
                    ipvsadm | -A -t 10.0.96.204:81 -s nosuch                                         | 252 | not exist
                    ipvsadm | -A -t 10.10.1.400:80 -s rr                                             | 2   | illegal virtual server address[:port] specified
                    ipvsadm | -A -t 10.0.96.204 -s rr                                                | 2   | Zero port specified
                    ipvsadm | -a -t 10.0.96.204:80 -r 192.168.229.1:80 -b                            | 253 | already exist
                    ipvsadm | -a -t 10.0.96.204:99 -r 192.168.229.1:80 -b                            | 255 | invalid parameter
                    ipvsadm | -a -r 192.168.229.1:80                                                 | 2   | You need to supply the 'service-address' option for the 'add-server' command
                    ipvsadm | -d -t 10.0.96.204:80 -r 192.168.229.9:80                               | 252 | not exist
                    ipvsadm | -D -t 10.0.96.204:99                                                   | 255 | invalid parameter
                    ipvsadm | --add-laddr -z 192.168.229.204 -t 10.0.96.204:80 -F dpdk0              | 253 | already exist
                    ipvsadm | --add-laddr -z 192.168.229.205 -t 10.0.96.204:99 -F dpdk0              | 239 | no service
                    ipvsadm | --add-laddr -z 192.168.229.206 -t 10.0.96.204:80 -F dpdk7              | 252 | not exist
                    """)
    void whatIsWrongIsSaidAndNothingIsApplied(String tool, String words, int exitCode, String phrase) {
        Outcome outcome = tool.equals("dpip") ? dpvs.dpip(words) : dpvs.ipvsadm(words);
        assertThat(outcome.failedWith(exitCode)).contains(phrase).doesNotContain("Success");
        assertThat(outcome.output()).isEmpty();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whatIsLaterWorkIsRefusedByName() {
        Outcome directRouting = dpvs.ipvsadm("-a -t 10.0.96.204:80 -r 192.168.229.3:80 -g");
        assertThat(directRouting.exitCode()).isNotZero();
        assertThat(directRouting.errors()).contains("not support");
        Outcome persistent = dpvs.ipvsadm("-A -t [fd00::1]:80 -s rr -p 60");
        assertThat(persistent.exitCode()).isNotZero();
        assertThat(persistent.errors()).contains("not support");
        assertThat(everything()).isEqualTo(before);
    }

    private String everything() {
        return dpvs.dpip("addr show").succeeded()
                + dpvs.dpip("route show").succeeded()
                + dpvs.dpip("neigh show")
                        .succeeded()
                        .lines()
                        .filter(line -> line.contains("static"))
                        .toList()
                + dpvs.ipvsadm("-S -n").succeeded();
    }
}
