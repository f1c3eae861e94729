package jdpvs.stack;

/**
 * What {@code dpip ipv6 show} counts, in its order. Names and meanings are those of RFC 4293 (ipSystemStatsTable), of RFC 2465 for {@link #IN_TOO_BIG_ERRORS}, and of Linux's
 * {@code /proc/net/snmp6} for the others that neither knows. A datagram is a packet as it is on the wire: a frame that is to be segmented counts its segments, one that is to be cut into
 * fragments is one.
 */
public enum Ipv6Counter {
    IN_RECEIVES(
            "InReceives", "datagrams that came in by a device, addressed to it or to a group, also those with errors"),
    IN_OCTETS("InOctets", "their bytes, from the IPv6 header on"),
    IN_DELIVERS(
            "InDelivers",
            "datagrams that the balancer, ICMPv6 or neighbour discovery was given, or that asked a closed port"),
    OUT_FORW_DATAGRAMS("OutForwDatagrams", "datagrams for other hosts that a route was found for"),
    OUT_REQUESTS("OutRequests", "datagrams of dpvs's own: balanced ones, answers and errors, neighbour discovery"),
    OUT_OCTETS("OutOctets", "bytes given to devices, from the IPv6 header on, in fragments where a datagram was cut"),
    IN_HDR_ERRORS("InHdrErrors", "a malformed header, a source that cannot be, or no hop left"),
    IN_TOO_BIG_ERRORS("InTooBigErrors", "datagrams for other hosts that the next link does not carry"),
    IN_NO_ROUTES("InNoRoutes", "datagrams for other hosts that no route leads to"),
    IN_ADDR_ERRORS(
            "InAddrErrors", "the destination is neither an address nor a group of dpvs's, and is not forwarded to"),
    IN_UNKNOWN_PROTOS("InUnknownProtos", "for an address of dpvs's, but no protocol that it speaks"),
    IN_TRUNCATED_PKTS("InTruncatedPkts", "the frame ends before the datagram does"),
    IN_DISCARDS("InDiscards", "good datagrams without room on the way to their worker, or while IPv6 is off"),
    OUT_DISCARDS(
            "OutDiscards",
            "good datagrams that left not: no room to wait, no neighbour that answers, a link that is down"),
    OUT_NO_ROUTES("OutNoRoutes", "datagrams of dpvs's own that no route leads away for"),
    REASM_TIMEOUT("ReasmTimeout", "incomplete datagrams whose time was over"),
    REASM_REQDS("ReasmReqds", "fragments that were to be put together"),
    REASM_OKS("ReasmOKs", "datagrams put together"),
    REASM_FAILS("ReasmFails", "datagrams, or fragments that fit none, given up for whatever reason"),
    FRAG_OKS("FragOKs", "datagrams cut into fragments"),
    FRAG_FAILS("FragFails", "datagrams that would have had to be cut and were not"),
    FRAG_CREATES("FragCreates", "fragments made by cutting"),
    IN_MCAST_PKTS("InMcastPkts", "datagrams received that were sent to a group"),
    OUT_MCAST_PKTS("OutMcastPkts", "datagrams sent to a group"),
    /** Stays 0: IPv6 has no broadcast (RFC 4291 §2). */
    IN_BCAST_PKTS("InBcastPkts", "0: IPv6 has no broadcast"),
    /** Stays 0 likewise. */
    OUT_BCAST_PKTS("OutBcastPkts", "0: IPv6 has no broadcast"),
    IN_MCAST_OCTETS("InMcastOctets", "bytes of InMcastPkts"),
    OUT_MCAST_OCTETS("OutMcastOctets", "bytes of OutMcastPkts"),
    /** Stays 0 likewise. */
    IN_BCAST_OCTETS("InBcastOctets", "0: IPv6 has no broadcast"),
    /** Stays 0 likewise. */
    OUT_BCAST_OCTETS("OutBcastOctets", "0: IPv6 has no broadcast"),
    /** Stays 0: an IPv6 header has no checksum (RFC 8200 §3); a transport's is not IPv6's. */
    IN_CSUM_ERRORS("InCsumErrors", "0: an IPv6 header has no checksum"),
    IN_NO_ECT_PKTS("InNoECTPkts", "datagrams received without ECN (RFC 3168 §5), header good"),
    IN_ECT1_PKTS("InECT1Pkts", "datagrams received with ECT(1)"),
    IN_ECT0_PKTS("InECT0Pkts", "datagrams received with ECT(0)"),
    IN_CE_PKTS("InCEPkts", "datagrams received that met congestion on their way");

    private final String label;
    private final String sentence;

    Ipv6Counter(String label, String sentence) {
        this.label = label;
        this.sentence = sentence;
    }

    /** The counter's name in the MIB. */
    public String label() {
        return label;
    }

    public String sentence() {
        return sentence;
    }
}
