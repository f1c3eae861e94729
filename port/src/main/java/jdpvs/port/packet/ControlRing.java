package jdpvs.port.packet;

import org.jspecify.annotations.Nullable;

/**
 * The rings of a {@link ControlQueue}, by who can fill them: what must live through a flood does not share one with what somebody farther away can send. Each frame comes by exactly
 * one, which {@link ControlCode} names by its place here.
 *
 * <pre>
 *             what                                                            who can fill it
 *  SLOW       LACP, markers                                                   the other end of the cable
 *  LINK       to 224.0.0.0/24 or ff02::/16, without ICMPv6: VRRP, OSPF;       hosts of the link
 *             frames of LLC: IS-IS, STP
 *  NEIGHBOURS ARP; ICMPv6 to ff02::/16; neighbour discovery (133 to 137)      hosts of the link, by accident too
 *             that no router can have passed on, to an address of the kernel's
 *  ROUTING    VRRP and OSPF else; to an address of the kernel's, whole:       everybody who knows what to ask for
 *             TCP from or to 179 (BGP), UDP to 3784 or 4784 (BFD)
 *  OTHERS     whatever else is the kernel's, and frames that are too long     everybody
 *             for the slots of the ring that they belong in
 * </pre>
 */
enum ControlRing {
    /** No ring: what is not the kernel's. Goes first: a group that has no program yet takes its first member. */
    NONE,
    SLOW,
    LINK,
    NEIGHBOURS,
    ROUTING,
    OTHERS;

    /** Null for {@link #NONE}. */
    @Nullable RingShape shape() {
        return switch (this) {
            case NONE -> null;
            case SLOW -> RingShape.small(31);
            // A burst of adverts of a hundred virtual routers.
            case LINK -> RingShape.jumbo(126);
            case NEIGHBOURS -> RingShape.small(62);
            // Segments as long as the kernel puts them together: what follows a lost one of a session waits for it.
            case ROUTING -> RingShape.whole(30);
            // More than a control thread that wakes every 20 ms lets wait.
            case OTHERS -> RingShape.whole(120);
        };
    }

    long memoryBytes() {
        RingShape shape = shape();
        return shape == null ? 0 : shape.memoryBytes();
    }
}
