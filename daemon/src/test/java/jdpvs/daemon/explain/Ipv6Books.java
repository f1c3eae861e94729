package jdpvs.daemon.explain;

import static jdpvs.stack.Ipv6Counter.FRAG_CREATES;
import static jdpvs.stack.Ipv6Counter.FRAG_FAILS;
import static jdpvs.stack.Ipv6Counter.FRAG_OKS;
import static jdpvs.stack.Ipv6Counter.IN_ADDR_ERRORS;
import static jdpvs.stack.Ipv6Counter.IN_DELIVERS;
import static jdpvs.stack.Ipv6Counter.IN_DISCARDS;
import static jdpvs.stack.Ipv6Counter.IN_HDR_ERRORS;
import static jdpvs.stack.Ipv6Counter.IN_NO_ROUTES;
import static jdpvs.stack.Ipv6Counter.IN_RECEIVES;
import static jdpvs.stack.Ipv6Counter.IN_TOO_BIG_ERRORS;
import static jdpvs.stack.Ipv6Counter.IN_TRUNCATED_PKTS;
import static jdpvs.stack.Ipv6Counter.IN_UNKNOWN_PROTOS;
import static jdpvs.stack.Ipv6Counter.OUT_DISCARDS;
import static jdpvs.stack.Ipv6Counter.OUT_FORW_DATAGRAMS;
import static jdpvs.stack.Ipv6Counter.OUT_NO_ROUTES;
import static jdpvs.stack.Ipv6Counter.OUT_OCTETS;
import static jdpvs.stack.Ipv6Counter.OUT_REQUESTS;
import static jdpvs.stack.Ipv6Counter.REASM_OKS;
import static jdpvs.stack.Ipv6Counter.REASM_REQDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdpvs.stack.Ipv6Counter;
import jdpvs.stack.Ipv6Counters;
import jdpvs.wire.Ethernet;
import jdpvs.wire.Ipv6;

/**
 * Balances a worker's IPv6 counters against what went in and out, as the case diagram of RFC 4293 (ipIfStatsTable) draws them: every datagram that came or was put together
 * went exactly one way, and every one that was wanted left, waits, or has a counter that says why not. No frame here is segmented.
 */
final class Ipv6Books {
    private static final List<Ipv6Counter> WAYS_IN = List.of(
            IN_DELIVERS,
            OUT_FORW_DATAGRAMS,
            IN_HDR_ERRORS,
            IN_TOO_BIG_ERRORS,
            IN_NO_ROUTES,
            IN_ADDR_ERRORS,
            IN_UNKNOWN_PROTOS,
            IN_TRUNCATED_PKTS,
            IN_DISCARDS,
            REASM_REQDS);

    private long handedOver;
    private long sent;
    private long sentOctets;

    void handedOver(long frame) {
        handedOver += isIpv6(frame) ? 1 : 0;
    }

    void sent(long frame) {
        if (isIpv6(frame)) {
            sent++;
            sentOctets += Ipv6.totalLength(frame + Ethernet.LENGTH);
        }
    }

    /** @param waiting datagrams of IPv6 for a neighbour's answer */
    void balance(Ipv6Counters counters, long waiting, String name) {
        long taken = WAYS_IN.stream().mapToLong(counters::get).sum();
        assertThat(counters.get(IN_RECEIVES) + counters.get(REASM_OKS))
                .as("datagrams that came in, after packet %s", name)
                .isEqualTo(taken + handedOver);
        long wanted = counters.get(OUT_REQUESTS) + counters.get(OUT_FORW_DATAGRAMS);
        long lost = counters.get(OUT_NO_ROUTES)
                + counters.get(OUT_DISCARDS)
                + counters.get(FRAG_FAILS)
                - counters.get(IN_TOO_BIG_ERRORS);
        assertThat(wanted - lost - counters.get(FRAG_OKS) + counters.get(FRAG_CREATES))
                .as("datagrams that went out, after packet %s", name)
                .isEqualTo(sent + waiting);
        assertThat(counters.get(OUT_OCTETS)).as("bytes, after packet %s", name).isEqualTo(sentOctets);
    }

    private static boolean isIpv6(long frame) {
        return Ethernet.type(frame) == Ethernet.TYPE_IPV6;
    }
}
