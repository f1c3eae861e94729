package jdpvs.keepalived.vrrp;

import jdpvs.wire.Address;

/** What a virtual router does to the world. */
interface Surroundings {
    /** @param priority 0 = this host leaves */
    void send(VirtualRouter router, int priority);

    /** Once, for each address: gratuitous ARP or an unsolicited neighbour advertisement. */
    void announce(VirtualRouter router);

    /** Called when the state is another already. */
    void entered(VirtualRouter router, State from, String reason);

    void heardLower(VirtualRouter router, Address sender, int priority);

    void priorityChanged(VirtualRouter router);
}
