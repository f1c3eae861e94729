package jdpvs.stack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdpvs.wire.Address;

/**
 * The orders in which DPVS lists addresses and routes; lists come in the order of adding.
 *
 * <p>Addresses stand in 256 buckets of a hash over the address, newest first inside one. DPVS's own hash is not documented (facts: cli §3.1
 * says not to rely on it); the one here prints every recorded session in its recorded order: the transcript of 1.10.2 and the how-to of 1.8.
 * Of one device only, addresses stand newest first, as in the transcript.
 *
 * <p>Routes (facts: cli §3.2): host and kni_host routes first, in 256 buckets on the low byte of the address, newest first inside one; then
 * network routes, longest prefix first, equal lengths in the order of adding.
 */
final class ListingOrder {
    private ListingOrder() {}

    static List<InterfaceAddress> addresses(List<InterfaceAddress> added) {
        List<InterfaceAddress> ordered = new ArrayList<>(added.reversed());
        ordered.sort(Comparator.comparingInt(address -> bucket(address.address())));
        return ordered;
    }

    static List<InterfaceAddress> addresses(List<InterfaceAddress> added, int device) {
        List<InterfaceAddress> ordered = new ArrayList<>(added.reversed());
        ordered.removeIf(address -> address.device().id() != device);
        return ordered;
    }

    static List<Route> hostRoutes(List<Route> added) {
        List<Route> ordered = new ArrayList<>(added.reversed());
        ordered.sort(Comparator.comparingInt(route -> (int) route.prefix().low() & 0xff));
        return ordered;
    }

    static List<Route> networkRoutes(List<Route> added) {
        List<Route> ordered = new ArrayList<>(added);
        ordered.sort(Comparator.comparingInt(Route::length).reversed());
        return ordered;
    }

    /**
     * The address as it lies in memory of a little-endian machine, its halves mixed, times a well-known odd multiplier, top 8 bits. Of an IPv6 address the
     * four words are mixed first.
     */
    private static int bucket(Address address) {
        int word = address.isIpv4()
                ? address.ipv4()
                : (int) (address.high() >>> 32 ^ address.high() ^ address.low() >>> 32 ^ address.low());
        int stored = Integer.reverseBytes(word);
        return ((stored >>> 16 ^ stored) * 1103515245) >>> 24;
    }
}
