package jdpvs.port.packet;

/**
 * The shares that kinds of frames have of the {@link ControlQueue}'s ring, by who can fill them: what must live through a flood does not share with what somebody farther away can send.
 * Each frame has exactly one, which {@link ControlCode} finds.
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
 *  OTHERS     whatever else is the kernel's                                   everybody
 * </pre>
 */
enum ControlShare {
    /** What is not the kernel's. */
    NONE(0),
    SLOW(15),
    LINK(30),
    NEIGHBOURS(16),
    ROUTING(20),
    OTHERS(75);

    /** Frames that the ring holds of it. */
    final int frames;

    ControlShare(int frames) {
        this.frames = frames;
    }
}
