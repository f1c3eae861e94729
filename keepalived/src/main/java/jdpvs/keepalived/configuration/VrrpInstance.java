package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.List;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A {@code vrrp_instance}.
 *
 * @param networkInterface the kernel's, which VRRP runs on: a KNI such as {@code bond2.kni}
 * @param device dpvs's, which gets the addresses ({@code dpdk_interface}); null = nobody does
 * @param virtualRouterId 1 to 255
 * @param version 2 or 3; 3 for IPv6
 * @param startsAsMaster {@code state MASTER}
 * @param priority 1 to 255; 255 = owner of the addresses
 * @param advertisementInterval whole seconds in version 2, hundredths in version 3
 * @param password PASS authentication of version 2; null = none
 * @param source of advertisements; null = the interface's first address (IPv6: its link-local one)
 * @param peers null = multicast
 * @param addresses those that are advertised, of the instance's family
 * @param excluded added and removed with the others, but not advertised; any family
 * @param preempt take over from a master of lower priority
 * @param track interfaces beside {@code networkInterface}, scripts, files, processes by name
 * @param trackOwnInterface fault when {@code networkInterface} is down
 * @param acceptsAdvertisedAddressesUnchecked {@code skip_check_adv_addr}
 */
public record VrrpInstance(
        String name,
        String networkInterface,
        @Nullable String device,
        int virtualRouterId,
        boolean ipv6,
        int version,
        boolean startsAsMaster,
        int priority,
        Duration advertisementInterval,
        @Nullable String password,
        @Nullable IpAddress source,
        @Nullable List<IpAddress> peers,
        List<VirtualAddress> addresses,
        List<VirtualAddress> excluded,
        List<VirtualRoute> routes,
        boolean preempt,
        Duration preemptDelay,
        List<Track> track,
        boolean trackOwnInterface,
        Announcements announcements,
        boolean lowerPriorityNoAdvertisement,
        boolean higherPrioritySendAdvertisement,
        boolean acceptsAdvertisedAddressesUnchecked,
        boolean checkUnicastSource,
        boolean strict,
        Notices notices) {

    public VrrpInstance {
        peers = peers == null ? null : List.copyOf(peers);
        addresses = List.copyOf(addresses);
        excluded = List.copyOf(excluded);
        routes = List.copyOf(routes);
        track = List.copyOf(track);
    }

    /**
     * Something whose failure changes the priority.
     *
     * @param weight 0 = its failure is the instance's fault; positive is added while it is well; negative is added while it is not
     * @param reverse well and not well change places
     */
    public record Track(Kind kind, String name, int weight, boolean reverse) {
        public enum Kind {
            INTERFACE,
            SCRIPT,
            FILE,
            PROCESS
        }
    }

    /**
     * Gratuitous ARP and unsolicited neighbour advertisements of the addresses.
     *
     * @param repeat how many at once after a transition to master, and again after {@code delay}
     * @param delay zero = no second round
     * @param refresh zero = never again
     * @param lowerPriorityRepeat how many at once when a master of lower priority was heard, and again after {@code lowerPriorityDelay}
     */
    public record Announcements(
            int repeat,
            Duration delay,
            Duration refresh,
            int refreshRepeat,
            int lowerPriorityRepeat,
            Duration lowerPriorityDelay) {}

    /**
     * Whom to tell of transitions.
     *
     * @param any started after the others, with INSTANCE or GROUP, the name, the state and the priority as further arguments
     * @param masterHeardLower an advertisement of lower priority came to the master
     * @param mail whether a mail goes out
     */
    public record Notices(
            @Nullable Script master,
            @Nullable Script backup,
            @Nullable Script fault,
            @Nullable Script stop,
            @Nullable Script masterHeardLower,
            @Nullable Script any,
            boolean mail,
            boolean priorityChanges) {}
}
