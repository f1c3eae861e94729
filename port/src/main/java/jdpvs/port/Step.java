package jdpvs.port;

/**
 * A station on a packet's way that a trace shows; the numbers that go with it, at most three, are named in brackets, those that are missing are 0. An address is two numbers,
 * the halves of {@link jdpvs.wire.Address}. Told only where the way of a packet is not the plain one (the plain one is: found, rewritten, sent).
 */
public enum Step {
    /** The flow belongs to a known connection [connection number, 1 = packet comes from the server]. */
    CONNECTION_FOUND,
    /** No connection, but a service for the destination [service id, 0]. */
    SERVICE_FOUND,
    /** The scheduler chose a server [server id, 0]. */
    SERVER_CHOSEN,
    /** A local port and address were taken [port, address]. */
    LOCAL_PORT_TAKEN,
    /** A connection was made [connection number, 0]. */
    CONNECTION_OPENED,
    /** A closed connection made room for a new one with the same addresses and ports [connection number, 0]. */
    CONNECTION_REUSED,
    /** A half-open connection made room for a new one [connection number, 0]. */
    HALF_OPEN_EVICTED,
    /** A route leads to the next destination [device id, next hop]. */
    ROUTE_FOUND,
    /** The packet waits until the next hop has told its MAC address [device id, next hop]. */
    WAITS_FOR_NEIGHBOUR,
    /** The next hop's MAC address is known [device id, MAC address]. */
    NEIGHBOUR_FOUND,
    /** The TCP state changed [state before, state after]. */
    STATE_CHANGED,
    /** The client's address was put into the packet [port, address]. */
    CLIENT_ADDRESS_TOLD,
    /** The packet has no room for the client's address [bytes needed, 0]. */
    CLIENT_ADDRESS_NO_ROOM,
    /** A client's forged address option was made harmless [0, 0]. */
    FORGED_OPTION_BLANKED,
    /** A PROXY header that tells the client's address went to the server [bytes, version]. */
    PROXY_HEADER_SENT,
    /** A PROXY header that the client sent was taken out [bytes, version]. */
    PROXY_HEADER_REPLACED,
    /** A PROXY header that the client sent was passed on [bytes, version]. */
    PROXY_HEADER_KEPT,
    /** A segment was cut in two because it had grown too long [bytes of the first part, 0]. */
    SEGMENT_SPLIT,
    /** A fragment is kept until its datagram is whole [identification, offset]. */
    FRAGMENT_KEPT,
    /** A datagram is whole again [identification, bytes]. */
    REASSEMBLED,
    /** A datagram leaves in fragments [bytes, MTU]. */
    FRAGMENTED,
    /** An ICMP error was translated for the other side of a connection [type, code]. */
    ICMP_TRANSLATED,
    /** dpvs answered with an ICMP error [type, code]. */
    ICMP_SENT,
    /** The connection belongs to another worker, which gets the packet [worker index, 0]. */
    HANDED_OVER,
    /** Neither connection nor service: the local stack decides [0, 0]. */
    TO_STACK,
    /** The packet was answered or consumed by the local stack [0, 0]. */
    ANSWERED
}
