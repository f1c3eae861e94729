package jdpvs.keepalived.vrrp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VirtualAddress;
import jdpvs.keepalived.configuration.VrrpInstance;
import org.jspecify.annotations.Nullable;

/** Instances for tests: version 3, priority 100, an advertisement each second, 192.0.2.100 on dpdk0. */
final class InstanceBuilder {
    static final VrrpInstance.Notices NOBODY =
            new VrrpInstance.Notices(null, null, null, null, null, null, false, false);

    String name = "VI_1";
    String networkInterface = "eth0";
    int virtualRouterId = 77;
    boolean ipv6;
    int version = 3;
    boolean startsAsMaster;
    int priority = 100;
    Duration interval = Duration.ofSeconds(1);

    @Nullable String password;

    @Nullable List<IpAddress> peers;

    List<String> addresses = List.of("192.0.2.100");
    boolean preempt = true;
    Duration preemptDelay = Duration.ZERO;
    List<VrrpInstance.Track> track = new ArrayList<>();
    VrrpInstance.Announcements announcements =
            new VrrpInstance.Announcements(5, Duration.ofSeconds(5), Duration.ZERO, 1, 3, Duration.ofSeconds(2));
    boolean lowerPriorityNoAdvertisement;
    boolean higherPrioritySendAdvertisement;
    boolean unchecked;
    boolean checkUnicastSource;
    VrrpInstance.Notices notices = NOBODY;

    VrrpInstance build() {
        return new VrrpInstance(
                name,
                networkInterface,
                "dpdk0",
                virtualRouterId,
                ipv6,
                version,
                startsAsMaster,
                priority,
                interval,
                password,
                null,
                peers,
                addresses.stream()
                        .map(address -> new VirtualAddress(IpAddress.parse(address), ipv6 ? 128 : 32, "global", ""))
                        .toList(),
                List.of(),
                List.of(),
                preempt,
                preemptDelay,
                track,
                true,
                announcements,
                lowerPriorityNoAdvertisement,
                higherPrioritySendAdvertisement,
                unchecked,
                checkUnicastSource,
                false,
                notices);
    }
}
