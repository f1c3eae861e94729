package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.command.Numbers;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code dpip addr} (facts: cli §3.1). */
final class AddressObject implements DpipObject {
    /** {@code preferred_lft} is what everybody types first. */
    private static final Set<String> KEYWORDS =
            Set.of("dev", "broadcast", "scope", "valid_lft", "prefered_lft", "preferred_lft");

    @Override
    public String help() {
        return DpipHelp.ADDRESS;
    }

    @Override
    public void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, ControlException, IOException {
        Arguments arguments = Arguments.parse(line.family(), words, KEYWORDS, Set.of("sapool"));
        switch (command) {
            case "show" -> show(line, arguments, console);
            case "flush" -> {
                arguments.noPositional();
                DpipObject.apply(console, new Change.AddressFlush(arguments.device()));
            }
            case "add" -> DpipObject.apply(console, add(arguments));
            case "del" -> DpipObject.apply(console, delete(arguments));
            case "set" -> DpipObject.apply(console, delete(arguments), add(arguments));
            default -> throw DpipObject.notSupported("addr " + command);
        }
    }

    private static Change add(Arguments arguments) throws CommandFailure {
        Arguments.Prefix prefix = prefix(arguments);
        return new Change.AddressAdd(
                prefix.address(),
                prefix.length(),
                arguments.device(),
                arguments.address("broadcast"),
                scope(arguments.get("scope")),
                lifetime("valid_lft", arguments.get("valid_lft")),
                lifetime(
                        "prefered_lft",
                        arguments.has("prefered_lft") ? arguments.get("prefered_lft") : arguments.get("preferred_lft")),
                arguments.has("sapool"));
    }

    private static Change delete(Arguments arguments) throws CommandFailure {
        Arguments.Prefix prefix = prefix(arguments);
        return new Change.AddressDelete(prefix.address(), prefix.length(), arguments.device());
    }

    /** A length of 0 means a lone address, as in DPVS. */
    private static Arguments.Prefix prefix(Arguments arguments) throws CommandFailure {
        Arguments.Prefix prefix = Arguments.Prefix.parse(arguments.family(), arguments.positional("missing IFADDR"));
        return prefix.length() == 0
                ? new Arguments.Prefix(prefix.address(), prefix.address().bits())
                : prefix;
    }

    private static String scope(@Nullable String word) throws CommandFailure {
        if (word == null) {
            return "global";
        }
        if (Set.of("host", "link", "global").contains(word) || Numbers.parse(word, 0, 255) >= 0) {
            return word;
        }
        throw Arguments.parseFailure("invalid scope: " + word);
    }

    private static long lifetime(String keyword, @Nullable String word) throws CommandFailure {
        if (word == null || word.equals("forever")) {
            return -1;
        }
        int seconds = Numbers.parse(word, 0, Integer.MAX_VALUE);
        if (seconds < 0) {
            throw Arguments.parseFailure("invalid number for `" + keyword + "': " + word);
        }
        return seconds;
    }

    private static void show(DpipLine line, Arguments arguments, Console console) throws CommandFailure, IOException {
        arguments.noPositional();
        String device = arguments.get("dev");
        List<Views.Address> addresses = console.control().addresses(line.verbose());
        if (device != null && addresses.stream().noneMatch(a -> a.device().equals(device))) {
            DpipObject.needDevice(console, device);
        }
        for (Views.Address address : addresses) {
            boolean wanted = line.verbose() || !address.automatic();
            if (wanted && (device == null || address.device().equals(device))) {
                console.out().append(format(address, line.verbose(), line.statistics() || line.verbose()));
            }
        }
    }

    private static CharSequence format(Views.Address address, boolean workers, boolean pool) {
        StringBuilder text = new StringBuilder(128);
        if (workers) {
            text.append(address.worker() < 10 ? "[0" : "[")
                    .append(address.worker())
                    .append("] ");
        }
        text.append(address.address().ipv6() ? "inet6 " : "inet ")
                .append(address.address())
                .append('/')
                .append(address.prefixLength())
                .append(" scope ")
                .append(address.scope())
                .append(' ')
                .append(address.device())
                .append("\n    ");
        if (address.broadcast() != null) {
            text.append("broadcast ").append(address.broadcast());
        }
        text.append(" valid_lft ").append(lifetime(address.validSeconds()));
        text.append(" preferred_lft ").append(lifetime(address.preferredSeconds()));
        Views.Pool sa = address.pool();
        if (pool && sa != null) {
            text.append(" sa_used ").append(sa.used());
            text.append(" sa_free ").append(sa.free());
            text.append(" sa_miss ").append(sa.missed());
        }
        // Only what is wrong is said: another host has this one.
        return text.append(address.state().equals("duplicate") ? " dadfailed\n" : "\n");
    }

    private static String lifetime(long seconds) {
        return seconds < 0 ? "forever" : Long.toString(seconds);
    }
}
