package jdpvs.keepalived.program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import jdpvs.control.Endpoint;
import jdpvs.control.Forwarding;
import jdpvs.control.IpAddress;
import jdpvs.control.KeepalivedReport;
import jdpvs.control.Protocol;
import jdpvs.control.ServerOptions;
import jdpvs.control.ServiceKey;
import jdpvs.control.ServiceOptions;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;

/** What tests want of dpvs. */
final class Things {
    static final Programming.Times QUICK = new Programming.Times(5, 10, 200);
    static final KeepalivedReport REPORT = new KeepalivedReport(
            1,
            KeepalivedReport.Part.EVERYTHING,
            "f",
            2,
            3,
            List.of(),
            List.of(),
            KeepalivedReport.Made.NOTHING,
            List.of());

    private Things() {}

    static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    static ServiceKey key(int number) {
        return new ServiceKey(Protocol.TCP, IpAddress.ofIpv4(0x0a01_0000 + number), 80);
    }

    static Endpoint server(int number) {
        return new Endpoint(IpAddress.ofIpv4(0x0a02_0000 + number), 8080);
    }

    static ServerOptions weight(int weight) {
        return new ServerOptions(Forwarding.FULLNAT, weight, 0, 0);
    }

    /** @param servers number and weight in turn */
    static WantedService service(String scheduler, List<String> locals, int... servers) {
        Map<Endpoint, ServerOptions> map = new LinkedHashMap<>();
        for (int i = 0; i < servers.length; i += 2) {
            map.put(server(servers[i]), weight(servers[i + 1]));
        }
        List<LocalAddress> addresses = locals.stream()
                .map(local -> new LocalAddress(
                        ip(local.substring(0, local.indexOf('%'))), local.substring(local.indexOf('%') + 1)))
                .toList();
        return new WantedService("virtual_server web", ServiceOptions.of(scheduler), addresses, map);
    }

    static WantedService service(String scheduler) {
        return service(scheduler, List.of("10.3.0.1%dpdk0"), 1, 1);
    }

    static WantedAddress address(String address, String device) {
        IpAddress ip = ip(address);
        return new WantedAddress(device, ip, ip.bits(), "global");
    }

    static VirtualRoute route(String prefix, String gateway, String device) {
        return new VirtualRoute(ip(prefix), 24, ip(gateway), device, null, null);
    }

    static Wanted wanted(Map<ServiceKey, WantedService> services) {
        return new Wanted(services, Set.of(), Set.of());
    }

    /** Waits far longer than it should take. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within half a minute: " + what);
            }
            Thread.sleep(1);
        }
    }
}
