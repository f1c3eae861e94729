package jdpvs.stack;

import java.util.List;
import jdpvs.wire.Ipv4Address;
import org.jspecify.annotations.Nullable;

/**
 * Longest prefix match, immutable. One open-addressing hash per prefix length that occurs, longest first; a lookup probes each until one
 * hits, so that the usual three or four lengths cost three or four probes. Among equal prefixes the first of the list wins.
 *
 * <pre>
 *  lengths:  32          24          0
 *            |           |           |
 *  keys:     [ prefixes, a power of two, at most half full ]   routes: parallel, null = free
 * </pre>
 */
final class RouteTable {
    /** 2^32 divided by the golden ratio: consecutive addresses land far apart (Knuth, The Art of Computer Programming 6.4). */
    private static final int MULTIPLIER = 0x9e3779b1;

    private final int[] masks;
    private final int[] shifts;
    private final int[][] keys;
    private final @Nullable Route[][] routes;

    RouteTable(List<Route> ordered) {
        int[] counts = new int[33];
        for (Route route : ordered) {
            counts[route.length()]++;
        }
        int lengths = 0;
        for (int count : counts) {
            lengths += count > 0 ? 1 : 0;
        }
        masks = new int[lengths];
        shifts = new int[lengths];
        keys = new int[lengths][];
        routes = new Route[lengths][];
        int[] place = new int[33];
        for (int length = 32, i = 0; length >= 0; length--) {
            if (counts[length] > 0) {
                int bits = 32 - Integer.numberOfLeadingZeros(counts[length]) + 1;
                masks[i] = Ipv4Address.mask(length);
                shifts[i] = 32 - bits;
                keys[i] = new int[1 << bits];
                routes[i] = new Route[1 << bits];
                place[length] = i++;
            }
        }
        for (Route route : ordered) {
            add(place[route.length()], route);
        }
    }

    private void add(int i, Route route) {
        int[] key = keys[i];
        @Nullable Route[] value = routes[i];
        int slot = (route.prefix() * MULTIPLIER) >>> shifts[i];
        while (value[slot] != null) {
            if (key[slot] == route.prefix()) {
                return;
            }
            slot = (slot + 1) & (key.length - 1);
        }
        key[slot] = route.prefix();
        value[slot] = route;
    }

    /** The longest match or null. Allocates nothing. */
    @Nullable Route lookup(int destination) {
        for (int i = 0; i < masks.length; i++) {
            int prefix = destination & masks[i];
            int[] key = keys[i];
            @Nullable Route[] value = routes[i];
            int slot = (prefix * MULTIPLIER) >>> shifts[i];
            for (Route route = value[slot]; route != null; route = value[slot]) {
                if (key[slot] == prefix) {
                    return route;
                }
                slot = (slot + 1) & (key.length - 1);
            }
        }
        return null;
    }
}
