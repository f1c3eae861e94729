package jdpvs.linux.netlink;

import java.util.List;

/**
 * An interface as it is now.
 *
 * @param up administratively
 * @param running up and with a carrier
 * @param addresses that can be used: not those of which IPv6 does not know yet, or knows, that they are not alone. In the kernel's order, an IPv4 network's primary address before its secondary ones
 */
public record InterfaceState(int index, String name, boolean up, boolean running, List<InterfaceAddress> addresses) {
    public InterfaceState {
        addresses = List.copyOf(addresses);
    }
}
