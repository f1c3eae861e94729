package jdpvs.command.dpip;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.command.CommandFailure;
import jdpvs.command.Numbers;
import jdpvs.control.IpAddress;
import org.jspecify.annotations.Nullable;

/** What follows object and command: keyword/value pairs in any order, flags, and one positional word anywhere between them. */
final class Arguments {
    private final Family family;
    private final Map<String, String> values = new HashMap<>();
    private @Nullable String positional;

    private Arguments(Family family) {
        this.family = family;
    }

    /**
     * @param keywords take a value
     * @param flags stand alone
     */
    static Arguments parse(Family family, List<String> words, Set<String> keywords, Set<String> flags)
            throws CommandFailure {
        Arguments arguments = new Arguments(family);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (keywords.contains(word)) {
                if (++i == words.size()) {
                    throw new CommandFailure(1, "dpip: missing argument for `" + word + "'");
                }
                arguments.values.put(word, words.get(i));
            } else if (flags.contains(word)) {
                arguments.values.put(word, "");
            } else if (arguments.positional == null) {
                arguments.positional = word;
            } else {
                throw parseFailure("too many arguments: `" + word + "'");
            }
        }
        return arguments;
    }

    Family family() {
        return family;
    }

    @Nullable String positional() {
        return positional;
    }

    String positional(String missing) throws CommandFailure {
        if (positional == null) {
            throw parseFailure(missing);
        }
        return positional;
    }

    void noPositional() throws CommandFailure {
        if (positional != null) {
            throw parseFailure("too many arguments: `" + positional + "'");
        }
    }

    @Nullable String get(String keyword) {
        return values.get(keyword);
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    String device() throws CommandFailure {
        String device = values.get("dev");
        if (device == null) {
            throw checkFailure("no device specified.");
        }
        return device;
    }

    int number(String keyword, int fallback) throws CommandFailure {
        String text = values.get(keyword);
        if (text == null) {
            return fallback;
        }
        int number = Numbers.parse(text, 0, Integer.MAX_VALUE);
        if (number < 0) {
            throw parseFailure("invalid number for `" + keyword + "': " + text);
        }
        return number;
    }

    /** Null when the keyword is absent. */
    @Nullable IpAddress address(String keyword) throws CommandFailure {
        String text = values.get(keyword);
        return text == null ? null : address(family, text);
    }

    static IpAddress address(Family family, String text) throws CommandFailure {
        try {
            IpAddress address = IpAddress.parse(text);
            if (family == Family.UNSPECIFIED || address.ipv6() == (family == Family.INET6)) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw badAddress(family, text);
    }

    /** An address with the length of its prefix; without one, that of a lone address. */
    record Prefix(IpAddress address, int length) {
        static Prefix parse(Family family, String text) throws CommandFailure {
            int slash = text.indexOf('/');
            if (slash < 0) {
                IpAddress address = Arguments.address(family, text);
                return new Prefix(address, address.bits());
            }
            IpAddress address = Arguments.address(family, text.substring(0, slash));
            int length = Numbers.parse(text.substring(slash + 1), 0, address.bits());
            if (length >= 0) {
                return new Prefix(address, length);
            }
            throw badAddress(family, text);
        }
    }

    static CommandFailure parseFailure(String reason) {
        return new CommandFailure(1, reason + "\ndpip: parse: invalid parameter");
    }

    static CommandFailure checkFailure(String reason) {
        return new CommandFailure(1, reason + "\ndpip: check: invalid parameter");
    }

    private static CommandFailure badAddress(Family family, String text) {
        return new CommandFailure(1, "invalid ipaddress: " + family.word() + " " + text + "\ndpip: invalid parameter");
    }
}
