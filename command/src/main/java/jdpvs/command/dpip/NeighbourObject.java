package jdpvs.command.dpip;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import jdpvs.command.Columns;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.control.Change;
import jdpvs.control.ControlException;
import jdpvs.control.IpAddress;
import jdpvs.control.Views;
import org.jspecify.annotations.Nullable;

/** {@code dpip neigh} (facts: cli §3.3). */
final class NeighbourObject implements DpipObject {
    @Override
    public String help() {
        return DpipHelp.NEIGHBOUR;
    }

    @Override
    public void run(String command, DpipLine line, List<String> words, Console console)
            throws CommandFailure, ControlException, IOException {
        Arguments arguments = Arguments.parse(line.family(), words, Set.of("dev", "lladdr"), Set.of());
        switch (command) {
            case "show" -> show(line, arguments, console);
            case "add" -> {
                IpAddress address = address(arguments);
                String mac = macAddress(arguments.get("lladdr"));
                DpipObject.apply(console, new Change.NeighbourAdd(address, mac, arguments.device()));
            }
            case "del" -> DpipObject.apply(console, new Change.NeighbourDelete(address(arguments), arguments.device()));
            default -> throw DpipObject.notSupported("neigh " + command);
        }
    }

    private static IpAddress address(Arguments arguments) throws CommandFailure {
        return Arguments.address(arguments.family(), arguments.positional("missing ip address"));
    }

    /** Six octets of one or two hex digits, to lower-case pairs. */
    private static String macAddress(@Nullable String word) throws CommandFailure {
        if (word == null) {
            throw Arguments.parseFailure("invalid link layer addr");
        }
        String[] octets = word.split(":", -1);
        StringBuilder mac = new StringBuilder(17);
        int bits = 0;
        for (String octet : octets) {
            if (octet.isEmpty() || octet.length() > 2) {
                throw Arguments.parseFailure("invalid link layer addr: " + word);
            }
            int value = 0;
            for (int i = 0; i < octet.length(); i++) {
                char c = octet.charAt(i);
                int digit = c < 128 ? Character.digit(c, 16) : -1;
                if (digit < 0) {
                    throw Arguments.parseFailure("invalid link layer addr: " + word);
                }
                value = value << 4 | digit;
            }
            bits |= value;
            mac.append(mac.isEmpty() ? "" : ":");
            mac.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
        }
        if (octets.length != 6) {
            throw Arguments.parseFailure("invalid link layer addr: " + word);
        }
        if (bits == 0) {
            throw Arguments.parseFailure("invalid MAC address: " + word);
        }
        return mac.toString();
    }

    private static void show(DpipLine line, Arguments arguments, Console console) throws CommandFailure, IOException {
        arguments.noPositional();
        String device = arguments.get("dev");
        List<Views.Neighbour> neighbours = console.control().neighbours();
        if (device != null && neighbours.stream().noneMatch(n -> n.device().equals(device))) {
            DpipObject.needDevice(console, device);
        }
        for (Views.Neighbour neighbour : neighbours) {
            boolean family = line.family() == Family.UNSPECIFIED
                    || neighbour.address().ipv6() == (line.family() == Family.INET6);
            if (family && (device == null || neighbour.device().equals(device))) {
                console.out().append(format(neighbour));
            }
        }
    }

    private static CharSequence format(Views.Neighbour neighbour) {
        StringBuilder text = new StringBuilder(160).append("ip: ");
        Columns.left(text, neighbour.address().toString(), 48).append(" mac:");
        String mac = neighbour.macAddress();
        if (mac == null) {
            text.append("incomplate                       state: ");
        } else {
            text.append(' ').append(mac).append("   state: ");
        }
        Columns.left(text, neighbour.state(), 12)
                .append(mac == null ? "   dev: " : "  dev: ")
                .append(neighbour.device());
        text.append("  core: ").append(neighbour.core()).append("  ");
        return text.append(neighbour.isStatic() ? "static\n" : "\n");
    }
}
