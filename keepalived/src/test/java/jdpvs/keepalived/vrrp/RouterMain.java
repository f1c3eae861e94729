package jdpvs.keepalived.vrrp;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import jdpvs.control.IpAddress;
import jdpvs.control.ServiceKey;
import jdpvs.keepalived.configuration.GlobalSettings;
import jdpvs.keepalived.configuration.KeepalivedConfiguration;
import jdpvs.keepalived.configuration.VirtualRoute;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.keepalived.notice.Notices;
import jdpvs.keepalived.notice.ScriptRunner;
import jdpvs.keepalived.program.Balancer;
import jdpvs.keepalived.program.WantedAddress;
import jdpvs.keepalived.program.WantedService;

/** VRRP as a process of its own, which a test can kill: four instances, a line for each state and for what dpvs is to have; it stops at the end of its input. */
public final class RouterMain {
    private RouterMain() {}

    /** What a balancer would be told, as lines. */
    record Printer() implements Balancer {
        @Override
        public void services(Map<ServiceKey, WantedService> wanted) {}

        @Override
        public void addresses(Set<WantedAddress> wanted) {
            System.out.println("addresses "
                    + String.join(
                            ",",
                            wanted.stream()
                                    .map(address -> address.address() + "@" + address.device())
                                    .sorted()
                                    .toList()));
        }

        @Override
        public void routes(Set<VirtualRoute> wanted) {}

        @Override
        public void announce(Collection<WantedAddress> addresses) {
            System.out.println("announce " + addresses.size());
        }

        @Override
        public void together(Runnable action) {
            action.run();
        }
    }

    static GlobalSettings global(Duration startupDelay) {
        return new GlobalSettings(
                "test",
                IpAddress.parse("224.0.0.18"),
                IpAddress.parse("ff02::12"),
                startupDelay,
                Duration.ZERO,
                Duration.ZERO,
                0,
                false,
                null,
                null,
                null,
                false,
                false,
                null);
    }

    static KeepalivedConfiguration configuration(List<VrrpInstance> instances) {
        return new KeepalivedConfiguration(
                global(Duration.ZERO),
                instances,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** Version 2 with a password, version 3 over IPv4 each 0.2 s, and over IPv6 each 0.1 s, and version 3 over IPv4 to a peer. */
    static List<VrrpInstance> instances(int priority, boolean preempt) {
        InstanceBuilder builder = new InstanceBuilder();
        builder.priority = priority;
        builder.preempt = preempt;
        builder.name = "V2";
        builder.version = 2;
        builder.virtualRouterId = 50;
        builder.password = "s3cret";
        builder.addresses = List.of("10.88.0.50");
        VrrpInstance version2 = builder.build();
        builder.name = "V3";
        builder.version = 3;
        builder.virtualRouterId = 51;
        builder.password = null;
        builder.interval = Duration.ofMillis(200);
        builder.addresses = List.of("10.88.0.51", "10.88.0.151");
        VrrpInstance version3 = builder.build();
        builder.name = "V6";
        builder.virtualRouterId = 52;
        builder.ipv6 = true;
        builder.interval = Duration.ofMillis(100);
        builder.addresses = List.of("fe80::52", "2001:db8:88::52");
        VrrpInstance version6 = builder.build();
        builder.name = "U3";
        builder.virtualRouterId = 53;
        builder.ipv6 = false;
        builder.interval = Duration.ofMillis(200);
        builder.addresses = List.of("10.88.0.53");
        builder.peers = List.of(IpAddress.parse("10.88.0.2"));
        builder.checkUnicastSource = true;
        return List.of(version2, version3, version6, builder.build());
    }

    /** @param words the priority, and whether to preempt */
    public static void main(String[] words) throws Exception {
        ScriptRunner scripts = new ScriptRunner();
        AtomicReference<Vrrp> running = new AtomicReference<>();
        Vrrp vrrp = Vrrp.start(new Printer(), new Notices(scripts), scripts, () -> {
            Vrrp self = running.get();
            if (self != null) {
                self.report()
                        .forEach(instance -> System.out.println("state " + instance.name() + " "
                                + instance.state() + " " + instance.received() + " " + instance.refused() + " "
                                + instance.reason()));
            }
        });
        running.set(vrrp);
        vrrp.load(configuration(instances(Integer.parseInt(words[0]), Boolean.parseBoolean(words[1]))));
        while (System.in.read() >= 0) {
            vrrp.report()
                    .forEach(instance -> System.out.println(
                            "counters " + instance.name() + " " + instance.received() + " " + instance.refused()));
        }
        vrrp.stop(false);
        System.out.println("stopped");
    }
}
