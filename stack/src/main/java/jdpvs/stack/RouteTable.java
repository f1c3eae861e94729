package jdpvs.stack;

import java.util.List;
import jdpvs.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * Longest prefix match of one family, immutable. One open-addressing hash per prefix length that occurs, longest first; a lookup probes each until one
 * hits, so that the usual three or four lengths cost three or four probes. Among equal prefixes the first of the list wins. Keys are addresses of 128 bits as
 * {@link Address} has them; IPv4's lengths count from 96 here.
 *
 * <pre>
 *  lengths:  128         120         96
 *            |           |           |
 *  high:     [ prefixes, a power of two, at most half full ]   routes: parallel, null = free
 *  low:      [                                             ]
 * </pre>
 */
final class RouteTable {
    private static final int BITS = 128;
    private static final int MAPPED_BITS = 96;

    /** Odd, of no pattern: consecutive addresses land far apart (Knuth, The Art of Computer Programming 6.4: 2^64 divided by the golden ratio). */
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private static final long MULTIPLIER_HIGH = 0xd6e8_feb8_6659_fd93L;

    private final long[] masksHigh;
    private final long[] masksLow;
    private final int[] shifts;
    private final long[][] high;
    private final long[][] low;
    private final @Nullable Route[][] routes;

    RouteTable(List<Route> ordered) {
        int[] counts = new int[BITS + 1];
        for (Route route : ordered) {
            counts[length(route)]++;
        }
        int lengths = 0;
        for (int count : counts) {
            lengths += count > 0 ? 1 : 0;
        }
        masksHigh = new long[lengths];
        masksLow = new long[lengths];
        shifts = new int[lengths];
        high = new long[lengths][];
        low = new long[lengths][];
        routes = new Route[lengths][];
        int[] place = new int[BITS + 1];
        for (int length = BITS, i = 0; length >= 0; length--) {
            if (counts[length] > 0) {
                int bits = 32 - Integer.numberOfLeadingZeros(counts[length]) + 1;
                masksHigh[i] = Address.maskHigh(length);
                masksLow[i] = Address.maskLow(length);
                shifts[i] = 64 - bits;
                high[i] = new long[1 << bits];
                low[i] = new long[1 << bits];
                routes[i] = new Route[1 << bits];
                place[length] = i++;
            }
        }
        for (Route route : ordered) {
            add(place[length(route)], route);
        }
    }

    private static int length(Route route) {
        return route.isIpv4() ? route.length() + MAPPED_BITS : route.length();
    }

    private void add(int i, Route route) {
        long prefixHigh = route.prefix().high();
        long prefixLow = route.prefix().low();
        @Nullable Route[] value = routes[i];
        int slot = slot(i, prefixHigh, prefixLow);
        while (value[slot] != null) {
            if (high[i][slot] == prefixHigh && low[i][slot] == prefixLow) {
                return;
            }
            slot = (slot + 1) & (value.length - 1);
        }
        high[i][slot] = prefixHigh;
        low[i][slot] = prefixLow;
        value[slot] = route;
    }

    /** The longest match or null. Allocates nothing. */
    @Nullable Route lookup(long destinationHigh, long destinationLow) {
        for (int i = 0; i < shifts.length; i++) {
            long prefixHigh = destinationHigh & masksHigh[i];
            long prefixLow = destinationLow & masksLow[i];
            @Nullable Route[] value = routes[i];
            int slot = slot(i, prefixHigh, prefixLow);
            for (Route route = value[slot]; route != null; route = value[slot]) {
                if (high[i][slot] == prefixHigh && low[i][slot] == prefixLow) {
                    return route;
                }
                slot = (slot + 1) & (value.length - 1);
            }
        }
        return null;
    }

    private int slot(int i, long prefixHigh, long prefixLow) {
        return (int) ((prefixHigh * MULTIPLIER_HIGH + prefixLow * MULTIPLIER) >>> shifts[i]);
    }
}
