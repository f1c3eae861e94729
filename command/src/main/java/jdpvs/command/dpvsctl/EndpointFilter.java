package jdpvs.command.dpvsctl;

import jdpvs.command.Numbers;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@code ADDR[/PLEN][:PORT]}, IPv6 in brackets when a port follows.
 *
 * @param prefix null = any address
 * @param port -1 = any
 */
record EndpointFilter(@Nullable IpAddress prefix, int length, int port) {
    static final EndpointFilter ALL = new EndpointFilter(null, 0, -1);

    static EndpointFilter parse(String word) {
        String rest = word;
        int port = -1;
        boolean bracketed = rest.startsWith("[");
        int end = bracketed ? rest.indexOf(']') : -1;
        int colon = bracketed ? (end < 0 ? -1 : rest.indexOf(':', end)) : rest.lastIndexOf(':');
        boolean bareIpv6 = !bracketed && rest.indexOf(':') != colon;
        if (colon >= 0 && !bareIpv6) {
            port = Numbers.parse(rest.substring(colon + 1), 0, 65535);
            if (port < 0) {
                throw new IllegalArgumentException("'" + word + "' has no valid port");
            }
            rest = rest.substring(0, colon);
        }
        if (bracketed) {
            rest = rest.replace("[", "").replace("]", "");
        }
        int slash = rest.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? rest : rest.substring(0, slash));
        int length = slash < 0 ? address.bits() : Numbers.parse(rest.substring(slash + 1), 0, address.bits());
        if (length < 0) {
            throw new IllegalArgumentException("'" + word + "' has no valid prefix length");
        }
        return new EndpointFilter(address, length, port);
    }

    boolean passes(Endpoint endpoint) {
        if (port >= 0 && port != endpoint.port()) {
            return false;
        }
        IpAddress wanted = prefix;
        if (wanted == null) {
            return true;
        }
        IpAddress address = endpoint.address();
        if (wanted.ipv6() != address.ipv6()) {
            return false;
        }
        // A shift by 64 would be one by 0, so each half says for itself how many of its bits count.
        int lowBits = wanted.ipv6() ? Math.max(0, length - 64) : length + 32;
        int highBits = wanted.ipv6() ? Math.min(64, length) : 0;
        return same(wanted.high(), address.high(), highBits) && same(wanted.low(), address.low(), lowBits);
    }

    private static boolean same(long a, long b, int leadingBits) {
        return leadingBits == 0 || (a ^ b) >>> (64 - leadingBits) == 0;
    }
}
