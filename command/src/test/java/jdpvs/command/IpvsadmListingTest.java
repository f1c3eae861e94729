package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.control.Control;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.control.Views;
import org.junit.jupiter.api.Test;

/** Layouts that the recorded sessions do not show (facts: cli §4.6). */
class IpvsadmListingTest {
    private static final Endpoint VIP = endpoint("203.0.113.10", 80);

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(IpAddress.parse(address), port);
    }

    private static Views.Server server(
            String address,
            int weight,
            boolean inhibited,
            boolean overloaded,
            Views.Counters counters,
            Views.Rates rates) {
        return new Views.Server(
                endpoint(address, 8080),
                new ServerOptions(Forwarding.FULLNAT, weight, 2000, 1000),
                12,
                3,
                5,
                inhibited,
                overloaded,
                counters,
                rates);
    }

    /** One service in every colour. */
    private static Control control(ServiceOptions options, Views.Counters counters, Views.Rates rates) {
        FakeControl books = new FakeControl("dpdk0");
        Views.Service service = new Views.Service(
                new ServiceKey(Protocol.TCP, VIP.address(), VIP.port()),
                options,
                List.of(
                        server("192.0.2.12", 0, true, false, counters, rates),
                        server("192.0.2.11", 100, false, false, counters, rates),
                        server("192.0.2.13", 1, false, true, counters, rates),
                        server("192.0.2.14", 1, true, true, counters, rates)),
                List.of(),
                counters,
                rates);
        return new Services(books, List.of(service));
    }

    private static final Views.Counters NOTHING = new Views.Counters(0, 0, 0, 0, 0);
    private static final Views.Rates STILL = new Views.Rates(0, 0, 0, 0, 0);

    @Test
    void serversSaySoWhenTheyTakeNothing() {
        assertThat(Run.command(control(ServiceOptions.of("wrr"), NOTHING, STILL), "ipvsadm -ln")
                        .out())
                .isEqualTo("""
                        IP Virtual Server version 1.10.2 (size=0)
                        Prot LocalAddress:Port Scheduler Flags
                          -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
                        TCP  203.0.113.10:80 wrr
                          -> 192.0.2.11:8080              FullNat 100    12         3        \s
                          -> 192.0.2.12:8080              FullNat 0      12         3          inhibited
                          -> 192.0.2.13:8080              FullNat 1      12         3          overload
                          -> 192.0.2.14:8080              FullNat 1      12         3          inhibited,overload
                        """);
    }

    @Test
    void noSortKeepsTheTablesOrder() {
        String listed = Run.command(control(ServiceOptions.of("wrr"), NOTHING, STILL), "ipvsadm -ln --nosort")
                .out();
        assertThat(listed.indexOf("192.0.2.12")).isLessThan(listed.indexOf("192.0.2.11"));
    }

    @Test
    void flags() {
        ServiceOptions all = new ServiceOptions(
                "conhash",
                300,
                "255.255.255.0",
                true,
                true,
                "qid",
                true,
                60,
                "v2-insecure",
                true,
                List.of("1,1,3s,5-3600s", "tcp", "ping"));
        assertThat(Run.command(control(all, NOTHING, STILL), "ipvsadm -ln").out())
                .contains(
                        "TCP  203.0.113.10:80 conhash qid persistent 300 mask 255.255.255.0 ops synproxy conn-timeout 60"
                                + " ppv2-insecure expire-quiescent quic dest-check internal:1,1,3s,5-3600s external:tcp,ping\n");
    }

    @Test
    void thresholds() {
        assertThat(Run.command(control(ServiceOptions.of("wrr"), NOTHING, STILL), "ipvsadm -ln --thresholds")
                        .out())
                .startsWith("""
                        IP Virtual Server version 1.10.2 (size=0)
                        Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\s
                          -> RemoteAddress:Port
                        TCP  203.0.113.10:80 wrr
                          -> 192.0.2.11:8080              2000       1000       12         3        \s
                        """);
    }

    @Test
    void persistentConnections() {
        assertThat(Run.command(control(ServiceOptions.of("wrr"), NOTHING, STILL), "ipvsadm -ln --persistent-conn")
                        .out())
                .startsWith("""
                        IP Virtual Server version 1.10.2 (size=0)
                        Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn\s
                          -> RemoteAddress:Port
                        TCP  203.0.113.10:80 wrr
                          -> 192.0.2.11:8080              100       5           12         3        \s
                        """);
    }

    @Test
    void numbersGrow() {
        Views.Counters counters =
                new Views.Counters(99_999_999, 100_000_000, 999_999_999_999L, 12_345_678_901L, 123_456_789_012_345L);
        Control control = control(ServiceOptions.of("rr"), counters, new Views.Rates(1, 22, 333, 4444, 100_000_000));
        assertThat(Run.command(control, "ipvsadm -ln --stats").out())
                .contains("TCP  203.0.113.10:80              99999999  100000K     999G   12345M     123T\n")
                .contains("  -> 192.0.2.11:8080              99999999  100000K     999G   12345M     123T\n");
        assertThat(Run.command(control, "ipvsadm -ln --stats -X").out())
                .contains(
                        "TCP  203.0.113.10:80              99999999 100000000 999999999999 12345678901 123456789012345\n");
        assertThat(Run.command(control, "ipvsadm -ln --rate").out())
                .contains("TCP  203.0.113.10:80                     1       22      333     4444  100000K\n");
    }

    @Test
    void connections() {
        FakeControl control = new FakeControl("dpdk0");
        control.connections.add(new Views.Connection(
                2,
                "udp",
                300,
                "UDP_NORM",
                endpoint("198.51.100.78", 40011),
                endpoint("203.0.113.10", 53),
                endpoint("192.0.2.21", 1058),
                endpoint("192.0.2.13", 53)));
        control.connections.add(new Views.Connection(
                12,
                "tcp",
                90,
                "TCP_EST_AND_MORE_THAN_FITS",
                endpoint("2001:db8::1", 1),
                endpoint("2001:db8::2", 2),
                endpoint("192.0.2.21", 3),
                endpoint("192.0.2.13", 4)));
        String udp =
                "[2]udp 300s   UDP_NORM    198.51.100.78:40011 203.0.113.10:53    192.0.2.21:1058    192.0.2.13:53\n";
        String tcp =
                "[12]tcp 90s    TCP_EST_AND_MOR [2001:db8::1]:1    [2001:db8::2]:2    192.0.2.21:3       192.0.2.13:4\n";
        assertThat(Run.command(control, "ipvsadm -lnc").out()).isEqualTo(udp + tcp);
        assertThat(Run.command(control, "ipvsadm -lnc --cpu 12").out()).isEqualTo(tcp);
        assertThat(Run.command(control, "ipvsadm -lnc --persistent-conn").out()).isEmpty();
        assertThat(Run.command(control, "ipvsadm -lnc --sockpair udp:198.51.100.78:40011:203.0.113.10:53")
                        .out())
                .isEqualTo(udp);
        assertThat(Run.command(control, "ipvsadm -lnc --sockpair udp:192.0.2.21:1058:192.0.2.13:53")
                        .out())
                .isEqualTo(udp);
        assertThat(Run.command(control, "ipvsadm -lnc --sockpair tcp:[2001:db8::1]:1:[2001:db8::2]:2")
                        .out())
                .isEqualTo(tcp);
    }
}
