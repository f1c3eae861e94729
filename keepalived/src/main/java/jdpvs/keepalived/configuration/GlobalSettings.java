package jdpvs.keepalived.configuration;

import java.time.Duration;
import java.util.List;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@code global_defs}, as far as it is not a default of instances or checkers: those are resolved there.
 *
 * @param routerId names this host in mails
 * @param groupIpv4 where advertisements go
 * @param startupDelay how long instances wait after the start
 * @param garpInterval between two gratuitous ARPs of one interface; zero = none
 * @param gnaInterval likewise for unsolicited neighbour advertisements
 * @param realTimePriority of the thread that sends advertisements, SCHED_FIFO; 0 = VRRP's own default
 * @param fifo where all transitions are written; null = nowhere
 * @param vrrpFifo where those of VRRP are
 * @param serviceFifo where those of services and real servers are
 * @param initialNotices {@code rs_init_notifies}: notify of real servers' first state too
 * @param mail null = no mails
 */
public record GlobalSettings(
        String routerId,
        IpAddress groupIpv4,
        IpAddress groupIpv6,
        Duration startupDelay,
        Duration garpInterval,
        Duration gnaInterval,
        int realTimePriority,
        boolean scriptSecurity,
        @Nullable Fifo fifo,
        @Nullable Fifo vrrpFifo,
        @Nullable Fifo serviceFifo,
        boolean initialNotices,
        boolean flushAtStart,
        @Nullable Mail mail) {

    /** @param reader started with the path as its argument; null = somebody else reads */
    public record Fifo(String path, @Nullable Script reader) {}

    /**
     * @param recipients at least one
     * @param greeting the name in HELO
     */
    public record Mail(
            List<String> recipients, String from, String server, int port, String greeting, Duration connectTimeout) {
        public Mail {
            recipients = List.copyOf(recipients);
        }
    }
}
