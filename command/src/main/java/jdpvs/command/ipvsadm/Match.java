package jdpvs.command.ipvsadm;

import jdpvs.command.Numbers;
import jdpvs.control.IpAddress;

/** The grammar of {@code -H proto=tcp,src-range=…} (facts: cli §4.3); such services come later, wrong words are told apart now. */
final class Match {
    private Match() {}

    static boolean legal(String word) {
        boolean protocol = false;
        boolean narrowed = false;
        for (String part : word.split(",", -1)) {
            int equals = part.indexOf('=');
            String value = part.substring(equals + 1);
            switch (equals < 0 ? "" : part.substring(0, equals)) {
                case "proto" -> {
                    if (!value.matches("tcp|udp|sctp|icmp|icmpv6")) {
                        return false;
                    }
                    protocol = true;
                }
                case "af" -> {
                    if (!value.matches("ipv4|ipv6")) {
                        return false;
                    }
                    narrowed = true;
                }
                case "src-range", "dst-range" -> {
                    if (!range(value)) {
                        return false;
                    }
                    narrowed = true;
                }
                case "iif", "oif" -> {
                    // Any device, also none.
                }
                default -> {
                    return false;
                }
            }
        }
        return protocol && narrowed;
    }

    /** {@code A[-B][:P[-Q]]}, or with IPv6 {@code [A-B]:P-Q}. */
    private static boolean range(String text) {
        String addresses = text;
        String ports = "";
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                return false;
            }
            addresses = text.substring(1, end);
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && rest.charAt(0) != ':') {
                return false;
            }
            ports = rest.isEmpty() ? "" : rest.substring(1);
        } else if (text.indexOf(':') >= 0) {
            addresses = text.substring(0, text.indexOf(':'));
            ports = text.substring(text.indexOf(':') + 1);
        }
        for (String address : addresses.split("-", 2)) {
            try {
                IpAddress.parse(address);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
        for (String port : ports.isEmpty() ? new String[0] : ports.split("-", 2)) {
            if (Numbers.parse(port, 0, 65535) < 0) {
                return false;
            }
        }
        return true;
    }
}
