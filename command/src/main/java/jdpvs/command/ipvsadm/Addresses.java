package jdpvs.command.ipvsadm;

import jdpvs.command.Names;
import jdpvs.command.Numbers;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import org.jspecify.annotations.Nullable;

/** {@code HOST[:PORT]} (facts: cli §4.1): IPv6 in brackets, a purely numeric host refused, names from the machine's own files. */
final class Addresses {
    private Addresses() {}

    /** Null when the word is none. The port is -1 when absent. */
    static @Nullable Endpoint parse(String word, Protocol protocol, Names names) {
        String host;
        String port;
        if (word.startsWith("[")) {
            int end = word.indexOf(']');
            if (end < 0 || (end + 1 < word.length() && word.charAt(end + 1) != ':')) {
                return null;
            }
            host = word.substring(1, end);
            port = end + 1 < word.length() ? word.substring(end + 2) : null;
            if (host.indexOf(':') < 0) {
                return null;
            }
        } else {
            int colon = word.indexOf(':');
            host = colon < 0 ? word : word.substring(0, colon);
            port = colon < 0 ? null : word.substring(colon + 1);
        }
        IpAddress address = host(host, names);
        if (address == null) {
            return null;
        }
        if (port == null) {
            return new Endpoint(address, -1);
        }
        int number = Numbers.parse(port, 0, 65535);
        if (number < 0 && !port.isEmpty() && !Character.isDigit(port.charAt(0))) {
            number = names.port(port, protocol);
        }
        return number < 0 ? null : new Endpoint(address, number);
    }

    static @Nullable IpAddress host(String host, Names names) {
        if (host.isEmpty()) {
            return null;
        }
        try {
            return IpAddress.parse(host);
        } catch (IllegalArgumentException e) {
            return Numbers.parse(host, 0, Integer.MAX_VALUE) >= 0 ? null : names.address(host);
        }
    }
}
