package jdpvs.daemon.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jdpvs.balancer.connection.Connections;
import jdpvs.balancer.connection.Flow;
import jdpvs.balancer.connection.Timeouts;
import jdpvs.balancer.service.Limits;
import jdpvs.balancer.service.ServerEndpoint;
import jdpvs.balancer.service.ServerSettings;
import jdpvs.balancer.service.ServerStatistics;
import jdpvs.balancer.service.Service;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.balancer.service.ServiceException;
import jdpvs.balancer.service.ServiceSettings;
import jdpvs.balancer.service.ServiceTable;
import jdpvs.balancer.service.VirtualEndpoint;
import jdpvs.control.Views;
import jdpvs.daemon.worker.DataPlane;
import jdpvs.daemon.worker.LinkFlags;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerPlan;
import jdpvs.daemon.worker.WorkerUnit;
import jdpvs.process.log.Logging;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.wire.Address;
import jdpvs.wire.Ipv4Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says of local ports, second by second. */
class PortAlarmsTest {
    private static final Limits LIMITS = new Limits(64, 256, 64);
    private static final int VIP = Ipv4Address.parse("10.0.96.204");
    private static final int LIP = Ipv4Address.parse("192.168.229.204");
    private static final int SERVER = Ipv4Address.parse("192.168.229.1");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Logging logging;
    private DataPlane data;
    private Snapshot now;
    private Service service;
    private PortAlarms alarms;

    @BeforeEach
    void start() throws ServiceException {
        logging = Logging.start(new PrintStream(printed, true, StandardCharsets.UTF_8), (priority, line) -> {});
        Snapshot first = new Snapshot(NetworkConfiguration.of(List.of()), ServiceConfiguration.EMPTY, Timeouts.DEFAULT);
        data = new DataPlane(
                List.of(),
                List.of(new WorkerPlan("cpu1", -1, List.of())),
                new LinkFlags(0),
                66_000,
                LIMITS,
                false,
                first);
        ServiceTable table = new ServiceTable(LIMITS, new ServerStatistics(data.counters(), LIMITS.servers()));
        VirtualEndpoint web = VirtualEndpoint.of(6, Address.ofIpv4(VIP), 80);
        ServiceConfiguration services = table.begin()
                .addService(web, ServiceSettings.of("rr"))
                .addServer(web, new ServerEndpoint(SERVER, 80), ServerSettings.weight(1))
                .addLocalAddress(web, LIP, 0)
                .commit();
        now = first.with(first.network(), services);
        service = services.services().getFirst();
        alarms = new PortAlarms(data.units());
    }

    @AfterEach
    void stop() {
        logging.close();
    }

    private String said(int second) {
        printed.reset();
        alarms.everySecond(now, 1_000_000 + second * 1000L);
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void refuse(int times) {
        for (int i = 0; i < times; i++) {
            connections().portShortages().refused(service.id(), service.servers()[0].id(), i);
        }
    }

    private Connections connections() {
        WorkerUnit unit = data.units().getFirst();
        return unit.balancer().connections();
    }

    private Flow answers(int port) {
        return connections().flow().set(false, Address.ofIpv4(SERVER), 80, Address.ofIpv4(LIP), port);
    }

    @Test
    void aShortageIsSaidOnceAMinuteAndWhenItIsOver() {
        assertThat(said(0)).isEmpty();
        refuse(3);
        assertThat(said(1))
                .contains("dp_vs_laddr_bind: [01] no lip/lport available !!", "10.0.96.204:80", "192.168.229.204")
                .contains("server 192.168.229.1:80: 3 connections refused");
        refuse(4);
        assertThat(said(2)).isEmpty();
        for (int second = 3; second < 61; second++) {
            refuse(1);
            assertThat(said(second)).isEmpty();
        }
        refuse(1);
        assertThat(said(61)).contains("no lip/lport available", ": 63 connections refused");
        assertThat(said(70)).isEmpty();
        assertThat(said(71))
                .contains("available again", "server 192.168.229.1:80: 66 connections were refused in 61 s");
        assertThat(said(72)).isEmpty();
        refuse(1);
        assertThat(said(73)).contains(": 1 connections refused");
    }

    @Test
    void nineTenthsAreSaidOnceUntilThereIsRoomAgain() {
        int local = service.localAddresses()[0].id();
        int[] open = new int[58_100];
        for (int i = 0; i < open.length; i++) {
            if (i == 58_000) {
                assertThat(said(10)).isEmpty();
            }
            int port = connections().localPorts().find(local, answers(0), 1);
            open[i] = connections()
                    .open(
                            connections()
                                    .flow()
                                    .set(false, Address.ofIpv4(0x0b00_0000 + i), 1024, Address.ofIpv4(VIP), 80),
                            answers(port),
                            service.id(),
                            service.servers()[0].id(),
                            local,
                            1000);
        }
        assertThat(said(20))
                .contains(
                        "local ports of 192.168.229.204 towards tcp server 192.168.229.1:80 are 90 % in use (58100 of 64511)");
        assertThat(said(30)).isEmpty();
        List<Views.PortUse> rows = PortUseViews.fullest(data.units(), now, 10);
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.used()).isEqualTo(58_100);
            assertThat(row.free()).isEqualTo(6_411);
            assertThat(row.draining()).isFalse();
        });
        for (int i = 0; i < 10_000; i++) {
            connections().close(open[i]);
        }
        assertThat(said(40)).isEmpty();
        for (int i = 0; i < 10_000; i++) {
            int port = connections().localPorts().find(local, answers(0), 1);
            connections()
                    .open(
                            connections()
                                    .flow()
                                    .set(false, Address.ofIpv4(0x0b00_0000 + i), 1024, Address.ofIpv4(VIP), 80),
                            answers(port),
                            service.id(),
                            service.servers()[0].id(),
                            local,
                            1000);
        }
        assertThat(said(50)).contains("% in use");
    }
}
