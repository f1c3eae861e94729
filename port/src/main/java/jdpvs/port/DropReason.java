package jdpvs.port;

/** Why a frame went no further: every frame that is neither sent nor consumed is counted under exactly one of these, per worker. */
public enum DropReason {
    TRUNCATED("the frame ends before the headers it announces"),
    BAD_IP_HEADER("the IP header is malformed: version, header length or address"),
    BAD_IP_CHECKSUM("the IPv4 header checksum is wrong"),
    BAD_IP_LENGTH("the IP packet's length does not fit the frame"),
    BAD_TCP_HEADER("the TCP header or its options do not fit the packet"),
    BAD_UDP_HEADER("the UDP length does not fit the packet"),
    BAD_ICMP_HEADER("the ICMP message is too short or its checksum is wrong"),
    BAD_ICMP_QUOTE("an ICMP error quotes too little of a packet, or one that the connection cannot have sent"),
    ICMP_NO_CONNECTION("an ICMP error about a connection nobody here knows"),
    ICMP_UNTRANSLATABLE("an ICMP error that the other IP family has no word for (RFC 7915)"),
    SOURCE_ROUTE("an IPv4 packet on a way of its sender's choice, which the other IP family has not (RFC 7915)"),
    BAD_EXTENSION_HEADER("the IPv6 extension headers are malformed, too many, or route the packet elsewhere"),
    BAD_ARP("the ARP packet is malformed or lies about its sender"),
    BAD_NEIGHBOUR_DISCOVERY(
            "the neighbour discovery message is malformed, comes from off the link, or lies about its sender"),
    OTHER_HOST("the frame's destination MAC address is another host's"),
    UNKNOWN_VLAN("the frame has the tag of a VLAN for which its device has no VLAN device"),
    UNKNOWN_PROTOCOL("nobody here speaks this Ethernet type or IP protocol"),
    BAD_FRAGMENT("the fragment is malformed: empty, not a multiple of 8 bytes long, or beyond the longest datagram"),
    FRAGMENT_DUPLICATE("a second fragment for the same bytes of a datagram; the first one counts"),
    FRAGMENT_OVERLAP("the datagram's fragments overlap or disagree about its end; all of them are dropped"),
    FRAGMENT_TIMEOUT("the rest of the fragment's datagram did not come in time"),
    FRAGMENTS_FULL(
            "the memory for incomplete datagrams, or its source's share of it, was full, and this one was the oldest"),
    LEFT_TO_KERNEL("not for dpvs: the kernel has it, of a shared interface or by the device's kernel interface"),
    NOT_LOCAL("the destination is not an address of dpvs and forwarding is off"),
    NO_ROUTE("no route leads to the destination"),
    TTL_EXCEEDED("the time to live reached zero"),
    NEIGHBOUR_QUEUE_FULL("too many packets wait for the next hop's MAC address"),
    NEIGHBOUR_UNRESOLVED("the next hop does not tell its MAC address"),
    NEIGHBOUR_TABLE_FULL("the neighbour table is full"),
    TOO_BIG("the packet is larger than the route's MTU and must not be fragmented"),
    LOCAL_PORT_CLOSED("for a local address, but no service and no handler takes this protocol and port"),
    PROXY_ORDER(
            "data of a client whose first bytes have not come: what stands before them may be a PROXY header; the client repeats both"),
    PROXY_SECOND_LIFE(
            "a server's answer to a SYN on a connection whose PROXY header is spent; the client's next SYN opens a new connection"),
    PROXY_FORGED("a frame of several datagrams among which the client put PROXY headers of its own"),
    NOT_SYN("a TCP packet without a connection that is not a SYN"),
    FLOW_COLLISION("the packet's addresses have the hash of another connection's; nobody can bring that about"),
    SYN_FLOOD("a first SYN during a flood of them; who is real repeats it, and the repeated one is taken"),
    NO_DESTINATION("the service has no server that may take a new connection"),
    NO_LOCAL_ADDRESS("the full-NAT service has no local address, or none that is on a device"),
    NO_LOCAL_PORT("no local address has a free port towards the server"),
    CONNECTION_TABLE_FULL("the connection table is full of established connections; raise conn_pool_size"),
    SERVER_GONE("the connection's server was removed or has weight 0, and the service expires such connections"),
    HANDOVER_RING_FULL("the worker that owns the connection cannot keep up"),
    BUFFERS_EXHAUSTED("no buffer left to keep or make a packet"),
    LINK_DOWN("the outgoing device is down"),
    REPLY_LIMITED("an answer of dpvs's own (ICMP, ARP) was suppressed by its rate limit"),
    INTERNAL_ERROR("a defect in jdpvs: the packet raised an exception; please report it with the log");

    private final String sentence;

    DropReason(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
